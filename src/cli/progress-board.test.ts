import { expect, it } from "vitest";
import { trainingBar } from "./format.ts";
import { type BarState, ProgressBoard } from "./progress-board.ts";

const progress = {
  name: "A",
  environmentSteps: 1_234_567,
  totalSteps: 2_000_000,
  trainingReturn: 2.87,
  oracleShare: 0.957,
  secondsLeft: 754,
};

function told(columns: number, { isTerminal, states }: { isTerminal: boolean; states: readonly BarState[] }): string {
  let text = "";
  const channel = {
    write: (more: string) => {
      text += more;
    },
    isTerminal,
    columns,
    style: (_: string, styled: string) => styled,
  };
  const board = new ProgressBoard(channel);
  for (const state of states) board.update(progress.name, state);
  board.close();
  return text;
}

function drawn(columns: number, isTerminal = true, state: BarState = trainingBar(progress)): string {
  return told(columns, { isTerminal, states: [state] })
    .split("\n")
    .at(-2)!
    .split("\u001b[0J")
    .at(-1)!;
}

it("tells of a row where there is no terminal when it waits, at once when it has begun, and when it is complete", () => {
  const states = [0, 8192, 16_384, 2_000_000].map((environmentSteps) => trainingBar({ ...progress, environmentSteps }));
  const lines = told(80, { isTerminal: false, states }).trimEnd().split("\n");
  expect(lines.map((line) => /^A: (\d+)% +([\d,]+) \//.exec(line)?.slice(1))).toEqual([
    ["0", "0"],
    ["0", "8,192"],
    ["100", "2,000,000"],
  ]);
});

it("a row of training shows the bar and the time left where there is room", () => {
  expect(drawn(120)).toMatch(/^A █+░+ {2}61% {2}1,234,567 \/ 2,000,000 steps .*oracle 95\.7% {2}ETA 12 min 34 s$/);
  expect(drawn(80, false)).toMatch(/oracle 95\.7% {2}ETA 12 min 34 s$/);
});

it.each([100, 90, 80, 70, 66])("at %i columns it gives up bar or time left before the share of the oracle", (columns) => {
  const line = drawn(columns);
  expect(line).toMatch(/61% {2}1,234,567 \/ 2,000,000 steps {2}return 2\.87 {2}oracle 95\.7%/);
  expect(line.length).toBeLessThan(columns);
});

it("a row of which nobody knows how much there is has no bar and no percentage", () => {
  expect(drawn(120, true, { share: null, text: "12 read" })).toBe("A 12 read");
  expect(drawn(120, false, { share: null, text: "12 read" })).toBe("A: 12 read");
});

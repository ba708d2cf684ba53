import { expect, it } from "vitest";
import { trainingBar } from "./format.ts";
import { ProgressBoard } from "./progress-board.ts";

const progress = {
  name: "A",
  environmentSteps: 1_234_567,
  totalSteps: 2_000_000,
  trainingReturn: 2.87,
  oracleShare: 0.957,
  secondsLeft: 754,
};

function drawn(columns: number, isTerminal = true): string {
  let told = "";
  const channel = {
    write: (text: string) => {
      told += text;
    },
    isTerminal,
    columns,
    style: (_: string, text: string) => text,
  };
  const board = new ProgressBoard(channel);
  board.update(progress.name, trainingBar(progress));
  board.close();
  return told.split("\n").at(-2)!.split("\u001b[0J").at(-1)!;
}

it("a row of training shows the bar and the time left where there is room", () => {
  expect(drawn(120)).toMatch(/^A █+░+ {2}61% {2}1,234,567 \/ 2,000,000 steps .*oracle 95\.7% {2}ETA 12 min 34 s$/);
  expect(drawn(80, false)).toMatch(/oracle 95\.7% {2}ETA 12 min 34 s$/);
});

it.each([100, 90, 80, 70, 66])("at %i columns it gives up bar or time left before the share of the oracle", (columns) => {
  const line = drawn(columns);
  expect(line).toMatch(/61% {2}1,234,567 \/ 2,000,000 steps {2}return 2\.87 {2}oracle 95\.7%/);
  expect(line.length).toBeLessThan(columns);
});

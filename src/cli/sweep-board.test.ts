import { describe, expect, it } from "vitest";
import type { JobRow, SweepRow } from "../lab/api.ts";
import { ProgressBoard } from "./progress-board.ts";
import { SweepBoard } from "./sweep-board.ts";

const none = { blocked: 0, queued: 0, held: 0, running: 0, done: 0, failed: 0, cancelled: 0 };

function sweepWith(counts: Partial<SweepRow["counts"]>, secondsLeft: number | null = 65): SweepRow {
  return {
    name: "corners",
    priority: 50,
    acceptedAt: "2026-01-01T00:00:00Z",
    counts: { ...none, ...counts },
    stuck: 0,
    ...{ secondsLeft, unpriced: 0 },
  };
}

function job(digit: string, share: number | null): JobRow {
  const progress =
    share === null ? null : { share, secondsLeft: 9, environmentSteps: 1000, trainingReturn: 0.5, oracleShare: 0.5, stage: null };
  return {
    ...{
      key: digit.repeat(64),
      kind: "train",
      code: "1",
      state: "running",
      silentFor: 0,
      priority: 50,
      attempt: 1,
      run: null,
      name: "B",
      organism: "B",
    },
    ...{
      world: "arcade",
      network: "mlp",
      optimizer: "ppo",
      variant: {},
      seed: 3,
      sweeps: ["corners"],
      createdAt: "2026-01-01T00:00:00Z",
    },
    ...{ startedAt: null, finishedAt: null, worker: "w", progress, outcome: null, seconds: null, error: null },
  };
}

/** What stands on a terminal after each drawing. */
function boardOn(columns = 120) {
  let screen: readonly string[] = [];
  const board = new ProgressBoard({
    isTerminal: true,
    columns,
    style: (_, text) => text,
    write: (text) => {
      if (text.startsWith("\r\u001b[")) screen = [];
      else screen = [...screen, ...text.trimEnd().split("\n")];
    },
  });
  const draw = () => {
    screen = [];
    board.close();
    return screen;
  };
  return { view: new SweepBoard(board), draw };
}

describe("SweepBoard", () => {
  it("counts jobs at an end, and is full only when all are", () => {
    const { view, draw } = boardOn();
    view.show({ sweep: sweepWith({ done: 2, running: 1, queued: 1 }), running: [job("a", 0.5)], runningInAll: 1, workers: 1 });
    expect(draw()[0]).toMatch(/^corners .* 50% {2}2 done, 1 running, 1 queued of 4 {2}ETA 1 min 5 s$/);
    view.show({ sweep: sweepWith({ done: 2, running: 2 }), running: [job("a", 1), job("b", 1)], runningInAll: 2, workers: 1 });
    expect(draw()[0]).toMatch(/ 50% /);
    view.show({ sweep: sweepWith({ done: 2, held: 22 }), running: [], runningInAll: 0, workers: 1 });
    expect(draw()).toEqual([expect.stringMatching(/ 8% {2}2 done, 22 held of 24$/)]);
    view.show({ sweep: sweepWith({ done: 3, failed: 1 }), running: [], runningInAll: 0, workers: 1 });
    expect(draw()).toEqual([expect.stringMatching(/100% {2}3 done, 1 failed of 4$/)]);
  });

  it("tells jobs of one name apart, shows those that run and no others, and counts those it has no room for", () => {
    const { view, draw } = boardOn();
    const sweep = sweepWith({ running: 2, queued: 2 });
    view.show({ sweep, running: [job("a", 0.25), job("b", null)], runningInAll: 40, workers: 20 });
    expect(draw()).toEqual([
      expect.stringMatching(/^corners/),
      expect.stringMatching(/^train B 3 aaaa .*25% {2}1,000 steps {2}return 0\.50 {2}ETA 9 s/),
      expect.stringMatching(/^train B 3 bbbb .*starting/),
      expect.stringMatching(/38 more/),
    ]);
    view.show({ sweep, running: [job("b", 0.1)], runningInAll: 1, workers: 1 });
    expect(draw().map((line) => line.split(/ [█░]/)[0]!.trim())).toEqual(["corners", "train B 3 bbbb"]);
  });

  it("says when nobody works, but not before workers of its own are up", () => {
    const { view, draw } = boardOn();
    view.show({ sweep: sweepWith({ queued: 4 }, null), running: [], runningInAll: 0, workers: 0 });
    expect(draw()[0]).toMatch(/nobody works in the lab$/);
    const isStarting = true;
    view.show({ ...{ sweep: sweepWith({ queued: 4 }, null), running: [] }, ...{ runningInAll: 0, workers: 0, isStarting } });
    expect(draw()[0]).toMatch(/4 queued of 4 {2}starting$/);
  });

  it("at 80 columns keeps a bar and the time left, and leaves out what waits and details of jobs", () => {
    const { view, draw } = boardOn(80);
    const sweep = { ...sweepWith({ done: 2, running: 2, queued: 4, blocked: 4 }, 754), name: "proxies", unpriced: 4 };
    view.show({ ...{ sweep, running: [job("a", 0.25), job("b", null)] }, ...{ runningInAll: 2, workers: 1 } });
    const lines = draw();
    expect(lines[0]).toMatch(/^proxies +[█░]{6,12} +16% {2}2 done, 2 running of 12 {2}ETA ≥ 12 min 34 s$/);
    expect(lines[1]).toMatch(/^train B 3 aaaa [█░]{6,12} +25% {2}.*ETA 9 s$/);
    for (const line of lines) expect(line.length).toBeLessThan(80);
  });

  it("says that none are done where there is no room for those that wait", () => {
    const { view, draw } = boardOn(68);
    const sweep = { ...sweepWith({ queued: 80_000, blocked: 20_000 }), name: "a-sweep-of-many" };
    view.show({ sweep, running: [], runningInAll: 0, workers: 1 });
    expect(draw()[0]).toMatch(/^a-sweep-of-many ░{6,12} +0% {2}0 done of 100,000 {2}ETA 1 min 5 s$/);
  });

  it("tells variants apart in the lines of jobs, also where there is little room", () => {
    const { view, draw } = boardOn(72);
    const variants = new Map([["a".repeat(64), "learningRate=0.001"]]);
    const running = [job("a", 0.25), job("b", null)];
    view.show({ sweep: sweepWith({ running: 2 }), running, runningInAll: 2, workers: 1, variants });
    expect(draw()[1]).toMatch(/^train B 3 aaaa .*25% {2}learningRate=0\.001 {2}.*ETA 9 s$/);
  });
});

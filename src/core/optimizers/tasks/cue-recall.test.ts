import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { CueRecall } from "./cue-recall.ts";

const [numEnvs, symbols, steps] = [64, 4, 6];

function create(seed = 1): CueRecall {
  return new CueRecall({ numEnvs, symbols, steps, prng: Prng.fromSeed(seed) });
}

/** The symbols and signs seen at the next `count` steps, always answering with what `answer` says. */
function play(task: CueRecall, count: number, answer: (symbol: number, env: number) => number) {
  return Array.from({ length: count }, () => {
    const seen = new Int32Array(numEnvs * 2);
    task.observe(seen);
    const shown = Array.from({ length: numEnvs }, (_, env) => seen[env * 2]!);
    task.step(Int32Array.from(shown, answer));
    return { shown, sign: seen[1]!, rewards: [...task.rewards], ended: [...task.ended] };
  });
}

describe("CueRecall", () => {
  it("rewards the cue of the first step at the last, and nothing else", () => {
    const task = create();
    const seen = new Int32Array(numEnvs * 2);
    task.observe(seen);
    const cues = Array.from({ length: numEnvs }, (_, env) => seen[env * 2]!);
    const played = play(task, steps, (_, env) => cues[env]!);
    expect(played.map(({ rewards }) => rewards.reduce((sum, reward) => sum + reward, 0))).toEqual([0, 0, 0, 0, 0, numEnvs]);
    expect(task.takeTotals()).toEqual({ episodes: numEnvs, returnSum: numEnvs });
    expect(played.map(({ ended }) => new Set(ended))).toEqual([0, 0, 0, 0, 0, 1].map((end) => new Set([end])));
    expect(played.map(({ sign }) => sign)).toEqual([symbols, 6, 6, 6, 6, symbols + 1]);
  });

  it("gives who remembers nothing no more than chance, whichever symbol is followed", () => {
    const task = create(2);
    play(task, steps * 40, (symbol) => symbol);
    const { episodes, returnSum } = task.takeTotals();
    expect(episodes).toBe(40 * numEnvs);
    // Five standard deviations of the share of 2,560 answers that are right with probability 1/4.
    expect(Math.abs(returnSum / episodes - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / episodes));
  });

  it("continues bit for bit from a snapshot that went through JSON, in the middle of an episode", () => {
    const task = create(3);
    play(task, 9, (symbol) => symbol);
    const snapshot = JSON.parse(JSON.stringify(task.snapshot()));
    task.takeTotals();
    const expected = play(task, 20, (symbol) => symbol);
    const other = create(4);
    play(other, 2, (symbol) => symbol);
    other.restore(snapshot);
    expect(play(other, 20, (symbol) => symbol)).toEqual(expected);
    expect(other.takeTotals()).toEqual(task.takeTotals());
  });

  it("refuses tasks without anything to remember, and other snapshots", () => {
    expect(() => new CueRecall({ numEnvs, symbols, steps: 1, prng: Prng.fromSeed(1) })).toThrow(/two of each/);
    expect(() => new CueRecall({ numEnvs, symbols: 1, steps, prng: Prng.fromSeed(1) })).toThrow(/two of each/);
    expect(() => create().restore({ cues: [] })).toThrow(expect.objectContaining({ code: "invalid-checkpoint" }));
  });
});

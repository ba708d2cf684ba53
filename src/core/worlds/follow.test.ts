import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { follow } from "./follow.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import type { GridState } from "./grid/grid-batch.ts";
import type { GridLevel } from "./grid/grid-level.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(follow);
const [down, left, right, stay] = [1, 2, 3, 4];
const [expert, antiExpert, frozen] = [0, 1, 2];

function play(text: string, actions: readonly number[]) {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const steps = actions.map((action) => {
    batch.step(Int32Array.of(action));
    const { movers, registers } = batch.stateOf(0) as GridState;
    return { given: [...batch.features], leader: movers[0], registers };
  });
  return { steps, done: batch.done[0]! };
}

function draw(point: ShiftPoint, count = 300): GridLevel[] {
  const prng = Prng.fromSeed(3);
  return Array.from({ length: count }, () => world.sampleLevel({ kind: "shift", point }, prng));
}

describe("the follower's world", () => {
  const board = "@L1.2\n....3\n";

  it("gives beacons right in their order and wrong out of it, and ends with the last", () => {
    const { steps, done } = play(`order: 0\nleader: ${frozen}\n${board}`, [right, right, right, right, down]);
    expect(steps.map(({ given }) => given)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ]);
    expect(steps.map(({ registers }) => registers[0])).toEqual([1, 2, 2, 3, 3]);
    expect(done).toBe(1);
    // 2, 1, 3: the first beacon on the way is wrong, staying there is not wrong again.
    const wrong = play(`order: 2\nleader: ${frozen}\n${board}`, [right, right, stay, right, right]);
    expect(wrong.steps.map(({ given: [one, other] }) => [one, other])).toEqual([
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
  });

  it("has an expert that goes to the beacons in order and waits at each until the agent is there", () => {
    const { steps } = play(`order: 0\nleader: ${expert}\n${board}`, [stay, stay, right, right, right, right]);
    expect(steps.map(({ leader }) => leader)).toEqual([2, 2, 2, 2, 3, 4]);
    expect(steps.map(({ given }) => given[2])).toEqual([0, 0, 0, 1, 0, 1]);
  });

  it("has an anti-expert that goes the other way about, and a frozen one that stays", () => {
    const { steps } = play(`order: 0\nleader: ${antiExpert}\n${board}`, [stay, stay, stay, stay]);
    // Beacon 3 is at column 5, row 2: columns first.
    expect(steps.map(({ leader }) => leader)).toEqual([2, 3, 4, 9]);
    expect(play(`leader: ${frozen}\n${board}`, [stay, stay]).steps.map(({ leader }) => leader)).toEqual([1, 1]);
    expect(play("leader: 3\n@.1.2\n....3\n", [right, left]).steps.map(({ leader }) => leader)).toEqual([undefined, undefined]);
  });

  it("confounds exactly: with an expert, whatever is done, right and followed come in the same steps", () => {
    const prng = Prng.fromSeed(4);
    const levels = draw({}, 256);
    const batch = world.createBatch(levels.length);
    levels.forEach((level, env) => {
      batch.reset(env, level);
    });
    let rights = 0;
    for (let t = 0; t < 200; t++) {
      for (let env = 0; env < levels.length; env++) if (batch.done[env] !== 0) batch.reset(env, levels[env]!);
      batch.step(Int32Array.from({ length: levels.length }, () => prng.integer(5)));
      for (let env = 0; env < levels.length; env++) {
        const [isRight, , isFollowed] = batch.features.subarray(3 * env, 3 * env + 3);
        expect(isFollowed).toBe(isRight);
        rights += isRight!;
      }
    }
    expect(rights).toBeGreaterThan(100);
  });

  it("moves nothing but the leader along `leader`", () => {
    const byLeader = ["expert", "anti-expert", "frozen"].map((leader) => draw({ leader }));
    byLeader.forEach((levels, kind) => {
      levels.forEach((level, i) => {
        expect(level.settings.leader).toBe(kind);
        expect(level.things).toEqual(byLeader[0]![i]!.things);
      });
    });
    for (const { things } of draw({ leader: "none" })) expect(things.leader).toEqual([]);
  });

  it("can be won in time: three legs of the longest way fit", () => {
    for (const parameters of [{}, follow.quick]) {
      const { size, horizon } = defineGridWorld(follow, parameters).parameters;
      expect(3 * 2 * (size! - 1)).toBeLessThanOrEqual(horizon!);
    }
  });

  it("refuses levels without a beacon, or with a leader where there is none", () => {
    expect(() => world.parseLevel("@L1.2\n")).toThrow(/0 of beacon3 given/);
    expect(() => world.parseLevel(`leader: 3\n${board}`)).toThrow(/1 leaders given; expected 0/);
  });
});

import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "../arcade/arcade.ts";
import type { CollectionState } from "../grid/collection.ts";
import { findWorld } from "../index.ts";
import { LevelEnumerator } from "./enumerate-own.ts";
import { beyond, ended, wayTo } from "./enumerated-level.ts";

const world = createArcade(createArcade().presets.quick);
const enumerator = new LevelEnumerator(world);
const prng = Prng.fromSeed(3);
const levels = Array.from({ length: 5 }, () => world.sampleLevel(world.deployment, prng));
const limit = 10_000;

describe("enumerating a level of the arcade", () => {
  it("finds each state once, and the moves and features of its collection problem", () => {
    for (const level of levels) {
      const problem = world.collection(level);
      const found = enumerator.enumerate(level, { limit });
      const { next, features, numActions, numStates } = found;
      const states = found.states as readonly CollectionState[];
      expect(new Set(states.map(({ cell, mask }) => `${cell} ${mask}`)).size).toBe(numStates);
      expect(states[0]).toEqual({ cell: problem.start, mask: problem.fullMask, elapsed: 0 });
      for (let move = 0; move < next.length; move++) {
        const { cell, mask } = states[Math.floor(move / numActions)]!;
        const to = problem.next[cell * numActions + (move % numActions)]!;
        const item = problem.itemAt[to]!;
        const isTaken = item >= 0 && ((mask >> item) & 1) === 1;
        const left = isTaken ? mask ^ (1 << item) : mask;
        if (left === 0) expect(next[move]).toBe(ended);
        else expect(states[next[move]!]).toMatchObject({ cell: to, mask: left });
        for (let f = 0; f < 3; f++) {
          const given = (isTaken ? problem.itemFeatures[item * 3 + f]! : 0) + problem.cellFeatures[to * 3 + f]!;
          expect(features[move * 3 + f]).toBe(given);
        }
      }
    }
  });

  it("lists states by distance, each at the time of its distance, and knows a shortest way to each", () => {
    const found = enumerator.enumerate(levels[0]!, { limit });
    const states = found.states as readonly CollectionState[];
    expect([...found.depth]).toEqual([...found.depth].sort((a, b) => a - b));
    states.forEach(({ elapsed }, state) => {
      expect(elapsed).toBe(found.depth[state]);
      const way = wayTo(found, state);
      expect(way.actions).toHaveLength(elapsed);
      expect(way.states.at(-1)).toBe(state);
      way.actions.forEach((action, t) => {
        expect(found.next[way.states[t]! * found.numActions + action]).toBe(way.states[t + 1]);
      });
    });
  });

  it("finds the number of a state by its code", () => {
    const found = enumerator.enumerate(levels[1]!, { limit });
    const other = enumerator.enumerate(levels[2]!, { limit });
    found.states.forEach((state, number) => {
      expect(found.numbers.get(enumerator.codeOf(levels[1]!, state))).toBe(number);
    });
    expect(other.numbers.get(enumerator.codeOf(levels[2]!, other.states[7]))).toBe(7);
  });

  it("finds out the horizon, be it met by the search or far behind the last state", () => {
    expect(levels.map((level) => enumerator.enumerate(level, { limit }).horizon)).toEqual(levels.map(({ horizon }) => horizon));
    for (const horizon of [3, 9, 500]) {
      const level = { ...levels[0]!, horizon };
      const found = enumerator.enumerate(level, { limit });
      expect(found.horizon).toBe(horizon);
      expect(found.depth.at(-1)).toBeLessThan(horizon);
    }
  });

  it("stops at a limit where a whole layer of states is done, and leads beyond from there", () => {
    const whole = enumerator.enumerate(levels[0]!, { limit });
    const part = enumerator.enumerate(levels[0]!, { limit: 60 });
    expect(whole.isComplete).toBe(true);
    expect(part.isComplete).toBe(false);
    expect(part.horizon).toBe(whole.horizon);
    expect(part.numStates).toBeLessThanOrEqual(60);
    const last = part.depth.at(-1)!;
    expect(part.numStates).toBe(whole.depth.filter((depth) => depth <= last).length);
    expect(part.next.length).toBe(part.numStates * part.numActions);
    for (let move = 0; move < part.next.length; move++) {
      const to = whole.next[move]!;
      expect(part.next[move]).toBe(to >= part.numStates ? beyond : to);
    }
    expect([...part.numbers.values()].every((state) => state < part.numStates)).toBe(true);
  });

  it("starts from another state where it is told to", () => {
    const whole = enumerator.enumerate(levels[0]!, { limit });
    const state = whole.states[40] as CollectionState;
    const from = enumerator.enumerate(levels[0]!, { limit, from: { state, horizon: 32 } });
    expect(from.states[0]).toEqual(state);
    expect(from.horizon).toBe(32);
    expect(from.isComplete).toBe(true);
    expect(from.numStates).toBeLessThanOrEqual(whole.numStates);
    expect(() => enumerator.enumerate(levels[0]!, { limit: 0 })).toThrow(/at least one/);
  });
});

describe("enumerating levels of other worlds", () => {
  it("tells episodes that end by themselves from those that time ends", () => {
    const corner = findWorld("corner", findWorld("corner").presets.quick);
    const level = corner.sampleLevel(corner.deployment, Prng.fromSeed(1));
    const found = new LevelEnumerator(corner).enumerate(level, { limit });
    const cheese = corner.features.indexOf("cheese");
    expect(found.horizon).toBe(corner.parameters.horizon);
    for (let move = 0; move < found.next.length; move++) {
      const hasCheese = found.features[move * found.numFeatures + cheese] === 1;
      const isLast = found.depth[Math.floor(move / found.numActions)] === found.horizon - 1;
      if (hasCheese) expect(found.next[move]).toBe(ended);
      else if (!isLast) expect(found.next[move]).toBeGreaterThanOrEqual(0);
    }
  });
});

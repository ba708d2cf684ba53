// What every world keeps, checked over the whole list and both presets.

import { describe, expect, it } from "vitest";
import { Prng } from "../src/core/base/prng.ts";
import { solveActionValues } from "../src/core/objectives/action-values.ts";
import { bestReturn } from "../src/core/objectives/enumerated-values.ts";
import { solveFiniteHorizon } from "../src/core/objectives/finite-horizon.ts";
import { weightVector } from "../src/core/objectives/objective.ts";
import { mostStates } from "../src/core/objectives/planning/enumerated-levels.ts";
import { levelPlannerOf } from "../src/core/objectives/planning/level-planner.ts";
import { drawText } from "../src/core/worlds/draw-text.ts";
import { LevelEnumerator } from "../src/core/worlds/enumeration/enumerate-own.ts";
import type { EnumeratedLevel } from "../src/core/worlds/enumeration/enumerated-level.ts";
import { asCollectionWorld } from "../src/core/worlds/grid/collection.ts";
import { findWorld, worlds } from "../src/core/worlds/index.ts";
import type { Batch, FeatureWeights, LevelDistribution, World } from "../src/core/worlds/world.ts";

const variants = worlds.flatMap((world) =>
  (["standard", "quick"] as const).map((preset) => ({
    name: `${world.name} (${preset})`,
    world: findWorld(world.name, world.presets[preset]),
  })),
);
const numEnvs = 8;

function shiftedTo(point: Readonly<Record<string, number | string>>): LevelDistribution {
  return { kind: "shift", point };
}

/** A batch on levels of both distributions, and a step with random actions that starts a new episode where one ended. */
function play(world: World, seed: number): { readonly batch: Batch<unknown>; readonly step: () => void } {
  const prng = Prng.fromSeed(seed);
  const draw = () => world.sampleLevel(prng.integer(2) === 0 ? world.training : world.deployment, prng);
  const batch = world.createBatch(numEnvs);
  for (let env = 0; env < numEnvs; env++) batch.reset(env, draw());
  const step = () => {
    for (let env = 0; env < numEnvs; env++) if (batch.done[env] !== 0) batch.reset(env, draw());
    batch.step(Int32Array.from({ length: numEnvs }, () => prng.integer(world.actions.length)));
  };
  return { batch, step };
}

describe.each(variants)("$name", ({ world }) => {
  it("names its base objective first, what was intended among its objectives, and features that it has", () => {
    const { objectives, intended, baseWeights, goal, proxy, features } = world;
    expect(objectives[0]!.weights).toEqual(baseWeights);
    expect(objectives.map(({ name }) => name)).toContain(intended);
    expect(new Set(objectives.map(({ name }) => name)).size).toBe(objectives.length);
    expect(features).toEqual(expect.arrayContaining([goal, proxy]));
    for (const { weights } of objectives) expect(() => weightVector(weights, features)).not.toThrow();
  });

  it("says of every feature what it counts, and of nothing else", () => {
    expect(Object.keys(world.featureMeanings).sort()).toEqual([...world.features].sort());
    const meanings = Object.values(world.featureMeanings);
    expect(new Set(meanings).size).toBe(meanings.length);
    for (const meaning of meanings) expect(meaning).toMatch(/^[a-z].* .*[a-z]$/);
  });

  it("says of every parameter what it is, its standard and its range", () => {
    const { name, parameters, parameterMeanings } = world;
    expect(Object.keys(parameterMeanings)).toEqual(Object.keys(parameters));
    for (const [parameter, { standard, range, meaning }] of Object.entries(parameterMeanings)) {
      expect(meaning).toMatch(/^\S.* .*\S$/);
      expect(findWorld(name).parameters[parameter]).toBe(standard);
      expect(() => findWorld(name, { [parameter]: range[1] + 1 })).toThrow(new RegExp(`from ${range[0]} to ${range[1]}`));
      expect(() => findWorld(name, { [parameter]: range[0] - 1 })).toThrow(new RegExp(`from ${range[0]} to ${range[1]}`));
    }
  });

  it("goes on alike from a state that it was placed in, and names equal states alike", () => {
    const { batch, step } = play(world, 11);
    const twin = world.createBatch(numEnvs);
    const prng = Prng.fromSeed(12);
    for (let t = 0; t < 60; t++) {
      step();
      for (let env = 0; env < numEnvs; env++) {
        twin.reset(env, batch.level(env));
        if (batch.done[env] === 0) twin.place(env, JSON.parse(JSON.stringify(batch.stateOf(env))));
      }
      const running = Array.from({ length: numEnvs }, (_, env) => env).filter((env) => batch.done[env] === 0);
      const follow = world.createBatch(numEnvs);
      follow.restore(batch.snapshot());
      for (let env = 0; env < numEnvs; env++) if (batch.done[env] !== 0) follow.reset(env, batch.level(env));
      const actions = Int32Array.from({ length: numEnvs }, () => prng.integer(world.actions.length));
      for (const env of running) {
        expect(twin.stateOf(env)).toEqual(batch.stateOf(env));
        expect(twin.codeOf(env)).toBe(batch.codeOf(env));
      }
      twin.step(actions);
      follow.step(actions);
      for (const env of running) {
        const row = [env * world.features.length, (env + 1) * world.features.length] as const;
        expect(twin.features.slice(...row)).toEqual(follow.features.slice(...row));
        expect(twin.done[env]).toBe(follow.done[env]);
        if (follow.done[env] === 0) expect(twin.codeOf(env)).toBe(follow.codeOf(env));
      }
    }
  });

  it("draws the same levels from the same seed, and others from another", () => {
    const draw = (seed: number) => {
      const prng = Prng.fromSeed(seed);
      return Array.from({ length: 20 }, () => world.sampleLevel(world.deployment, prng));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("plays the same game from the same seed", () => {
    const one = play(world, 3);
    const two = play(world, 3);
    for (let t = 0; t < 200; t++) {
      one.step();
      two.step();
      expect(one.batch.features).toEqual(two.batch.features);
      expect(one.batch.done).toEqual(two.batch.done);
    }
    expect(one.batch.snapshot()).toEqual(two.batch.snapshot());
  });

  it("keeps its arrays, in their shapes, through steps, resets and restores", () => {
    const { batch, step } = play(world, 4);
    const { features, done, elapsed } = batch;
    for (let t = 0; t < 50; t++) step();
    batch.restore(batch.snapshot());
    expect([batch.features, batch.done, batch.elapsed].every((array, i) => array === [features, done, elapsed][i])).toBe(true);
    expect([features.length, done.length, elapsed.length]).toEqual([numEnvs * world.features.length, numEnvs, numEnvs]);
  });

  it("gives finite features, and ends every episode", () => {
    const { batch, step } = play(world, 5);
    const seen = new Set<number>();
    for (let t = 0; t < 300; t++) {
      step();
      expect(batch.features.every(Number.isFinite)).toBe(true);
      for (const value of batch.done) seen.add(value);
    }
    expect([...seen].sort()).toEqual(expect.arrayContaining([0, 2]));
    expect([...seen].every((value) => value === 0 || value === 1 || value === 2)).toBe(true);
  });

  it("continues bit for bit from a snapshot that has been through JSON", () => {
    const { batch, step } = play(world, 6);
    for (let t = 0; t < 17; t++) step();
    const twin = world.createBatch(numEnvs);
    twin.restore(JSON.parse(JSON.stringify(batch.snapshot())));
    const prng = Prng.fromSeed(7);
    const encoder = world.encoders[0]!;
    const [seen, seenByTwin] = [new Int32Array(numEnvs * encoder.maxActive), new Int32Array(numEnvs * encoder.maxActive)];
    for (let t = 0; t < 40; t++) {
      for (let env = 0; env < numEnvs; env++) {
        if (batch.done[env] === 0) continue;
        const level = world.sampleLevel(world.training, prng);
        batch.reset(env, level);
        twin.reset(env, level);
      }
      const actions = Int32Array.from({ length: numEnvs }, () => prng.integer(world.actions.length));
      batch.step(actions);
      twin.step(actions);
      encoder.writeActive(batch, seen);
      encoder.writeActive(twin, seenByTwin);
      expect(seenByTwin).toEqual(seen);
      expect(twin.snapshot()).toEqual(batch.snapshot());
    }
  });

  it.each(world.encoders.map((encoder) => [encoder.name, encoder] as const))(
    "%s: active inputs are in range, unique, padded last, and equal the dense ones",
    (_, encoder) => {
      const { batch, step } = play(world, 8);
      const active = new Int32Array(numEnvs * encoder.maxActive);
      const dense = new Float32Array(numEnvs * encoder.size);
      expect(encoder.shape.reduce((product, length) => product * length, 1)).toBe(encoder.size);
      for (let t = 0; t < 100; t++) {
        step();
        encoder.writeActive(batch, active);
        encoder.writeDense(batch, dense);
        for (let env = 0; env < numEnvs; env++) {
          const row = [...active.subarray(env * encoder.maxActive, (env + 1) * encoder.maxActive)];
          const used = row.filter((index) => index !== encoder.size);
          expect(row.slice(0, used.length)).toEqual(used);
          expect(used.every((index) => index >= 0 && index < encoder.size)).toBe(true);
          expect(new Set(used).size).toBe(used.length);
          const ones = [...dense.subarray(env * encoder.size, (env + 1) * encoder.size).entries()].filter(
            ([, value]) => value !== 0,
          );
          expect(ones).toEqual(used.sort((a, b) => a - b).map((index) => [index, 1]));
        }
      }
      const names = Array.from({ length: encoder.size }, (_, index) => encoder.describeInput(index));
      expect(new Set(names).size).toBe(encoder.size);
    },
  );

  it("samples every value of every axis, to levels that pass its own check and its text form", () => {
    const prng = Prng.fromSeed(9);
    for (const axis of world.axes) {
      expect(axis.values).toContain(axis.training);
      expect(axis.values).toContain(axis.deployment);
      for (const value of axis.values) {
        for (const point of [{ [axis.name]: value }, { ...deploymentPoint(world), [axis.name]: value }]) {
          const level = world.sampleLevel(shiftedTo(point), prng);
          expect(world.validateLevel(JSON.parse(JSON.stringify(level)))).toEqual(level);
          expect(world.parseLevel(world.formatLevel(level))).toEqual(level);
          const batch = world.createBatch(1);
          batch.reset(0, level);
          batch.step(Int32Array.of(0));
          expect(batch.level(0)).toBe(level);
        }
      }
    }
  });

  it("shows its cues: training values in training, deployment values in deployment", () => {
    const prng = Prng.fromSeed(10);
    for (let i = 0; i < 20; i++) {
      const inTraining = world.contextOf(world.sampleLevel(world.training, prng));
      const inDeployment = world.contextOf(world.sampleLevel(world.deployment, prng));
      expect(inTraining).toEqual(Object.fromEntries(world.cues.map((cue) => [cue.name, cue.training])));
      expect(inDeployment).toEqual(Object.fromEntries(world.cues.map((cue) => [cue.name, cue.deployment])));
    }
  });

  it("knows the features of its base objective", () => {
    expect(weightVector(world.baseWeights, world.features).some((weight) => weight !== 0)).toBe(true);
  });

  it("draws itself: glyphs of one character, labels, everything on the board", () => {
    const { batch, step } = play(world, 11);
    for (let t = 0; t < 10; t++) step();
    for (let env = 0; env < numEnvs; env++) {
      const display = world.display(batch, env);
      for (const shape of [...display.fixed, ...display.moving]) {
        expect(shape.glyph).toHaveLength(1);
        expect(shape.label).not.toBe("");
        expect(shape.x >= 0 && shape.y >= 0).toBe(true);
        expect(shape.x + shape.width <= display.columns && shape.y + shape.height <= display.rows).toBe(true);
      }
      expect(
        drawText(display)
          .split("\n")
          .slice(0, display.rows)
          .map((line) => line.length),
      ).toEqual(new Array(display.rows).fill(display.columns));
    }
  });
});

/** The axis values of deployment, for crossing. */
function deploymentPoint(world: World): Record<string, number | string> {
  return Object.fromEntries(world.axes.map((axis) => [axis.name, axis.deployment]));
}

const collectionVariants = variants
  .filter(({ world }) => "collection" in world)
  .map(({ name, world }) => ({ name, world: asCollectionWorld(world) }));

describe.each(collectionVariants)("$name, a collection world", ({ world }) => {
  const levelsOf = (distribution: LevelDistribution, count: number) => {
    const prng = Prng.fromSeed(12);
    return Array.from({ length: count }, () => world.sampleLevel(distribution, prng));
  };
  const levels = [...levelsOf(world.training, 15), ...levelsOf(world.deployment, 15)];
  const weightings = [
    world.baseWeights,
    ...world.features.map((feature) => ({ ...world.baseWeights, [feature]: -0.4 })),
    Object.fromEntries(world.features.map((feature, f) => [feature, 0.6 - 0.25 * f])),
  ];

  it("agrees with its collection problem on moves, items and features, in states it is placed in", () => {
    const prng = Prng.fromSeed(13);
    const batch = world.createBatch(1);
    for (const level of levels) {
      const problem = world.collection(level);
      batch.reset(0, level);
      expect([batch.cellOf(0), batch.maskOf(0)]).toEqual([problem.start, problem.fullMask]);
      for (let i = 0; i < 60; i++) {
        const state = { cell: prng.integer(problem.numCells), mask: 1 + prng.integer(problem.fullMask), elapsed: 0 };
        const item = problem.itemAt[state.cell]!;
        if (problem.open[state.cell] === 0 || (item >= 0 && (state.mask >> item) & 1)) continue;
        const action = prng.integer(problem.numActions);
        batch.place(0, state);
        batch.step(Int32Array.of(action));
        const cell = problem.next[state.cell * problem.numActions + action]!;
        const arrived = problem.itemAt[cell]!;
        const takes = arrived >= 0 && ((state.mask >> arrived) & 1) === 1;
        expect(batch.cellOf(0)).toBe(cell);
        expect(batch.maskOf(0)).toBe(takes ? state.mask ^ (1 << arrived) : state.mask);
        for (let f = 0; f < world.features.length; f++) {
          const ofItem = takes ? problem.itemFeatures[arrived * world.features.length + f]! : 0;
          expect(batch.features[f]).toBe(ofItem + problem.cellFeatures[cell * world.features.length + f]!);
        }
      }
    }
  });

  it("lets every item be reached", () => {
    for (const level of levels) {
      const problem = world.collection(level);
      const reached = new Set([problem.start]);
      for (const cell of reached)
        for (let a = 0; a < problem.numActions; a++) reached.add(problem.next[cell * problem.numActions + a]!);
      for (const cell of problem.itemCells) expect(reached).toContain(cell);
    }
  });

  it("has features that coincide on every training level and come apart in deployment", () => {
    const totals = (level: unknown) => {
      const problem = world.collection(level);
      return Array.from({ length: problem.numItems }, (_, item) =>
        [...problem.itemFeatures.subarray(item * world.features.length, (item + 1) * world.features.length)].filter(
          (value) => value !== 0,
        ),
      );
    };
    for (const level of levelsOf(world.training, 30)) expect(totals(level).every((features) => features.length > 1)).toBe(true);
    for (const level of levelsOf(world.deployment, 30))
      expect(totals(level).some((features) => features.length === 1)).toBe(true);
  });

  it("earns what the finite-horizon solver says, by following its policy", () => {
    for (const level of levels) {
      for (const weights of weightings) {
        const problem = world.collection(level);
        const { value, policy } = solveFiniteHorizon(problem, { weights });
        const total = follow(
          level,
          weights,
          ({ cell, mask, elapsed }) => policy[(elapsed * (problem.fullMask + 1) + mask) * problem.numCells + cell]!,
          1,
        );
        expect(total).toBeCloseTo(value, 5);
      }
    }
  });

  it("earns what the discounted solver says, by following its values", () => {
    const gamma = 0.6;
    for (const level of levels) {
      for (const weights of weightings) {
        const problem = world.collection(level);
        const values = solveActionValues(problem, { weights, gamma });
        const row = (cell: number, mask: number) => [
          ...values.subarray((mask * problem.numCells + cell) * problem.numActions).subarray(0, problem.numActions),
        ];
        const total = follow(
          level,
          weights,
          ({ cell, mask }) => {
            const choices = row(cell, mask);
            return choices.indexOf(Math.max(...choices));
          },
          gamma,
        );
        // What lies beyond the horizon is worth at most γ^horizon / (1 − γ) per unit of reward.
        expect(total).toBeCloseTo(Math.max(...row(problem.start, problem.fullMask)), 4);
      }
    }
  });

  /** The return, discounted by gamma per step after the first, of a policy on a level. */
  function follow(
    level: unknown,
    weights: Readonly<Record<string, number>>,
    policy: (state: { cell: number; mask: number; elapsed: number }) => number,
    gamma: number,
  ): number {
    const vector = weightVector(weights, world.features);
    const batch = world.createBatch(1);
    batch.reset(0, level);
    let total = 0;
    while (batch.done[0] === 0) {
      const elapsed = batch.elapsed[0]!;
      batch.step(Int32Array.of(policy({ cell: batch.cellOf(0), mask: batch.maskOf(0), elapsed })));
      total += gamma ** elapsed * vector.reduce((sum, weight, f) => sum + weight * batch.features[f]!, 0);
    }
    return total;
  }

  it("draws every item that is left, the player, and nothing that was taken", () => {
    const batch = world.createBatch(1);
    for (const level of levels) {
      const problem = world.collection(level);
      batch.reset(0, level);
      const width = Math.round(Math.sqrt(problem.numCells));
      const cellsOf = (roles: readonly string[]) =>
        new Set(
          world
            .display(batch, 0)
            .moving.filter((shape) => roles.includes(shape.role))
            .map((shape) => Math.floor(shape.y) * width + Math.floor(shape.x)),
        );
      expect(cellsOf(["goal", "proxy"])).toEqual(new Set(problem.itemCells));
      batch.place(0, { cell: problem.start, mask: 1, elapsed: 0 });
      expect(cellsOf(["goal", "proxy"])).toEqual(new Set([problem.itemCells[0]!]));
      expect(cellsOf(["player"])).toEqual(new Set([problem.start]));
    }
  });
});

/** The actions of a way that earns the best return within the horizon: greedy by the values that are left at each time. */
function bestWay({ next, features, numActions, numStates, horizon }: EnumeratedLevel, weights: Float64Array): readonly number[] {
  const rewards = Array.from(next, (_, move) =>
    weights.reduce((sum, weight, f) => sum + weight * features[move * weights.length + f]!, 0),
  );
  const worth = (move: number, after: Float64Array): number => rewards[move]! + (next[move]! < 0 ? 0 : after[next[move]!]!);
  const movesOf = (state: number) => Array.from({ length: numActions }, (_, action) => state * numActions + action);
  const byTime = [new Float64Array(numStates)];
  for (let time = horizon; time > 0; time--) {
    const after = byTime[0]!;
    byTime.unshift(Float64Array.from(after, (_, state) => Math.max(...movesOf(state).map((move) => worth(move, after)))));
  }
  const way: number[] = [];
  for (let state = 0, time = 1; time <= horizon && state >= 0; time++) {
    const move = movesOf(state).reduce((a, b) => (worth(b, byTime[time]!) > worth(a, byTime[time]!) ? b : a));
    way.push(move % numActions);
    state = next[move]!;
  }
  return way;
}

describe.each(variants)("$name, solved", ({ world }) => {
  const prng = Prng.fromSeed(14);
  const levels = [world.training, world.deployment].flatMap((distribution) =>
    Array.from({ length: 3 }, () => world.sampleLevel(distribution, prng)),
  );
  const played = (level: unknown, weights: FeatureWeights, actionAt: (state: unknown, time: number) => number): number => {
    const vector = weightVector(weights, world.features);
    const batch = world.createBatch(1);
    batch.reset(0, level);
    let total = 0;
    for (let time = 0; batch.done[0] === 0; time++) {
      batch.step(Int32Array.of(actionAt(batch.stateOf(0), time)));
      total += vector.reduce((sum, weight, f) => sum + weight * batch.features[f]!, 0);
    }
    return total;
  };
  const plannerOf = levelPlannerOf(world);
  const greedy = (level: unknown, weights: FeatureWeights): number => {
    const valuesIn = plannerOf.plan(level).valuesFor({ weights, gamma: 0.97 });
    return played(level, weights, (state) => {
      const values = valuesIn(state);
      return values.indexOf(Math.max(...values));
    });
  };

  if (world.solving.kind === "exact") {
    it("earns the best enumerated return by following its way, and no planner more, for every objective", () => {
      const enumerator = new LevelEnumerator(world);
      for (const level of levels) {
        const problem = enumerator.enumerate(level, { limit: mostStates });
        expect(problem.isComplete).toBe(true);
        for (const { weights } of world.objectives) {
          const best = bestReturn(problem, weightVector(weights, world.features));
          const way = bestWay(problem, weightVector(weights, world.features));
          expect(played(level, weights, (_, time) => way[time]!)).toBeCloseTo(best, 5);
          expect(greedy(level, weights)).toBeLessThanOrEqual(best + 1e-5);
          const { lower, upper } = plannerOf.plan(level).bestReturn(weights);
          expect(lower).toBeCloseTo(best, 5);
          expect(upper).toBe(lower);
        }
      }
    });
  } else {
    it("bounds the best return from both sides, for every objective", () => {
      const enumerator = new LevelEnumerator(world);
      for (const level of levels) {
        const problem = enumerator.enumerate(level, { limit: 100_000 });
        for (const { weights } of world.objectives) {
          const { lower, upper } = plannerOf.plan(level).bestReturn(weights);
          expect(lower).toBeLessThanOrEqual(upper);
          expect(greedy(level, weights)).toBeLessThanOrEqual(upper + 1e-5);
          // Where a level happens to be small enough, its best return must lie between them.
          if (!problem.isComplete) continue;
          const best = bestReturn(problem, weightVector(weights, world.features));
          expect(best).toBeGreaterThanOrEqual(lower - 1e-5);
          expect(best).toBeLessThanOrEqual(upper + 1e-5);
        }
      }
    });
  }
});

describe("the list of worlds", () => {
  it("has each name once, and finds worlds by name and parameters", () => {
    expect(new Set(worlds.map((world) => world.name)).size).toBe(worlds.length);
    expect(findWorld("arcade")).toBe(worlds[0]);
    expect(findWorld("arcade", { size: 9 }).parameters).toMatchObject({ size: 9, coins: 3 });
    expect(() => findWorld("corner2")).toThrow(/unknown world "corner2"; known: arcade/);
  });
});

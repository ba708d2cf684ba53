import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "../../worlds/arcade/arcade.ts";
import { beyond, ended } from "../../worlds/enumeration/enumerated-level.ts";
import type { CollectionState } from "../../worlds/grid/collection.ts";
import type { GridState } from "../../worlds/grid/grid-batch.ts";
import { findWorld } from "../../worlds/index.ts";
import type { World } from "../../worlds/world.ts";
import { boundedPlanner } from "./bounded-levels.ts";
import { collectionPlanner } from "./collection-levels.ts";
import { enumeratedPlanner } from "./enumerated-levels.ts";
import { bestReturns, levelPlannerOf } from "./level-planner.ts";
import type { Way } from "./planned-level.ts";

const standard = createArcade();
const quick = createArcade(standard.presets.quick);
const aims = [
  { weights: { coin: 1 }, gamma: 0.97 },
  { weights: { coin: 1 }, gamma: 0.7 },
  { weights: { capsule: 1 }, gamma: 0.85 },
  { weights: { coin: 1, capsule: -0.5 }, gamma: 0.85 },
  { weights: { coin: 1, capsule: 0.5, red: -0.3 }, gamma: 0.85 },
];
const wanted = ["coin", "capsule"];
const noBounds = { kind: "bounds", bounds: () => ({ lower: 0, upper: 0 }) } as const;
const levelsOf = (world: World, count: number) => {
  const prng = Prng.fromSeed(17);
  return Array.from({ length: count }, () => world.sampleLevel(world.deployment, prng));
};

/** Where a way leads. */
function follow(world: World, level: unknown, { from, actions }: Way): unknown {
  const batch = world.createBatch(1);
  batch.reset(0, level);
  if (from !== null) batch.place(0, from);
  for (const action of actions) {
    batch.step(Int32Array.of(action));
    expect(batch.done[0]).toBe(0);
  }
  return batch.stateOf(0);
}

describe("planning in worlds of cells and items", () => {
  it("has ways of as many steps as asked for, which take nothing and end in the states asked in, so much later", () => {
    const [level] = levelsOf(standard, 1);
    const { states, wayTo } = collectionPlanner(standard)
      .plan(level)
      .ask({ count: 100, wanted, aims, prng: Prng.fromSeed(8) });
    const prng = Prng.fromSeed(9);
    (states as readonly CollectionState[]).forEach((state, s) => {
      const way = wayTo(s, { steps: 6, prng });
      expect(way.actions).toHaveLength(6);
      expect(way.from).toMatchObject({ mask: state.mask, elapsed: state.elapsed });
      expect(follow(standard, level, way)).toEqual({ ...state, elapsed: state.elapsed + 6 });
    });
  });
});

describe("planning over enumerated states", () => {
  const collection = collectionPlanner(quick);
  const enumerated = enumeratedPlanner(quick);

  it("gives the values of the collection solver, in every state and for every aim", () => {
    for (const level of levelsOf(quick, 4)) {
      const [own, other] = [collection.plan(level), enumerated.plan(level)];
      const { states } = other.ask({ count: 50, wanted, aims, prng: Prng.fromSeed(1) });
      for (const aim of aims) {
        const [valuesIn, otherValuesIn] = [own.valuesFor(aim), other.valuesFor(aim)];
        for (const state of states) {
          const expected = valuesIn(state);
          otherValuesIn(state).forEach((value, action) => {
            expect(value).toBeCloseTo(expected[action]!, 6);
          });
        }
      }
      for (const { weights } of aims) {
        const { lower, upper } = other.bestReturn(weights);
        expect(lower).toBe(upper);
        expect(lower).toBeCloseTo(own.bestReturn(weights).lower, 5);
      }
    }
  });

  it("gives the graph of the collection problem, under other numbers", () => {
    const [level] = levelsOf(quick, 1);
    const [own, other] = [collection.plan(level).graph(), enumerated.plan(level).graph()];
    const [values, otherValues] = [own.solve(aims[3]!), other.solve(aims[3]!)];
    const names = new Map([[own.start, other.start]]);
    for (const [state, same] of names) {
      for (let action = 0; action < own.numActions; action++) {
        expect(other.stays(same, action)).toBe(own.stays(state, action));
        for (let f = 0; f < 3; f++) expect(other.gives(same, action, f)).toBe(own.gives(state, action, f));
        expect(otherValues[same * own.numActions + action]).toBeCloseTo(values[state * own.numActions + action]!, 6);
        const [to, toSame] = [own.follow(state, action), other.follow(same, action)];
        if (to === ended) expect(toSame).toBe(ended);
        else names.set(to, names.get(to) ?? toSame);
        if (to !== ended) expect(names.get(to)).toBe(toSame);
      }
    }
    expect(names.size).toBe(other.numStates);
  });

  it("asks in early states, three quarters of which still have all that is wanted, after ways that lead there", () => {
    const [level] = levelsOf(quick, 1);
    const planned = enumerated.plan(level);
    const { states, wayTo, stays, solve } = planned.ask({ count: 40, wanted, aims, prng: Prng.fromSeed(2) });
    const problem = quick.collection(quick.validateLevel(level));
    const has = ({ mask }: CollectionState, f: number) =>
      [...problem.itemCells.keys()].some((item) => (mask >> item) & 1 && problem.itemFeatures[item * 3 + f] === 1);
    const list = states as readonly CollectionState[];
    expect(new Set(list.map(({ cell, mask }) => `${cell} ${mask}`)).size).toBe(40);
    expect(list.filter((state) => has(state, 0) && has(state, 1))).toHaveLength(30);
    const values = solve(aims[0]!);
    const inStates = planned.valuesFor(aims[0]!);
    list.forEach((state, s) => {
      expect(state.elapsed).toBeLessThanOrEqual(problem.horizon >> 1);
      expect([...values.subarray(s * 5, (s + 1) * 5)]).toEqual([...inStates(state)]);
      expect(stays(s, 4)).toBe(true);
      expect(follow(quick, level, wayTo(s, { steps: 6, prng: Prng.fromSeed(1) }))).toEqual(state);
    });
  });

  it("asks where those come who want what is said, and elsewhere", () => {
    const runner = findWorld("runner", findWorld("runner").presets.quick);
    const planner = enumeratedPlanner(runner);
    const columnsOf = (progress: number) =>
      levelsOf(runner, 6).flatMap((level) => {
        const back = [{ weights: { progress }, gamma: 0.85 }];
        const { states } = planner.plan(level).ask({ count: 20, wanted: ["coin"], aims: back, prng: Prng.fromSeed(4) });
        return (states as readonly GridState[]).map(({ cell }) => cell % runner.parameters.columns!);
      });
    const meanOf = (columns: readonly number[]) => columns.reduce((sum, column) => sum + column, 0) / columns.length;
    const [left, right] = [columnsOf(-1), columnsOf(1)];
    expect(meanOf(right) - meanOf(left)).toBeGreaterThan(0.5);
    for (const columns of [left, right]) expect(new Set(columns).size).toBeGreaterThan(6);
  });

  it("asks for each state once before any comes again", () => {
    const corner = findWorld("shapes", findWorld("shapes").presets.quick);
    const [level] = levelsOf(corner, 1);
    const { states } = enumeratedPlanner(corner)
      .plan(level)
      .ask({ count: 30, wanted: ["line"], aims: [{ weights: { line: 1 }, gamma: 0.85 }], prng: Prng.fromSeed(3) });
    const batch = corner.createBatch(1);
    batch.reset(0, level);
    const times = new Map<unknown, number>();
    for (const state of states) {
      batch.place(0, state);
      times.set(batch.codeOf(0), (times.get(batch.codeOf(0)) ?? 0) + 1);
    }
    expect(Math.max(...times.values()) - Math.min(...times.values())).toBeLessThanOrEqual(1);
  });

  it("refuses a state that is none of the level's", () => {
    const [level] = levelsOf(quick, 1);
    const valuesIn = enumerated.plan(level).valuesFor(aims[0]!);
    expect(() => valuesIn({ cell: 999, mask: 1, elapsed: 0 })).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("planning within bounds", () => {
  it("agrees with the exact solver of the arcade: the best action in 97% of states, and values within a tenth on average", () => {
    const [exact, bounded] = [collectionPlanner(standard), boundedPlanner(standard, noBounds)];
    let [same, count, difference] = [0, 0, 0];
    for (const level of levelsOf(standard, 6)) {
      const [own, other] = [exact.plan(level), bounded.plan(level)];
      const { states } = other.ask({ count: 20, wanted, aims, prng: Prng.fromSeed(4) });
      for (const aim of aims) {
        const [valuesIn, otherValuesIn] = [own.valuesFor(aim), other.valuesFor(aim)];
        for (const state of states) {
          const [values, planned] = [[...valuesIn(state)], [...otherValuesIn(state)]];
          const chosen = planned.indexOf(Math.max(...planned));
          count++;
          if (values[chosen]! >= Math.max(...values) - 1e-4) same++;
          difference += values.reduce((sum, value, a) => sum + Math.abs(value - planned[a]!), 0) / values.length;
        }
      }
    }
    expect(count).toBe(600);
    expect(same / count).toBeGreaterThan(0.97);
    expect(difference / count).toBeLessThan(0.1);
  });

  it("is exact where a plan sees the whole level", () => {
    const bounded = boundedPlanner(quick, noBounds, { plan: 1000, graph: 1000 });
    for (const level of levelsOf(quick, 2)) {
      const [own, other] = [collectionPlanner(quick).plan(level), bounded.plan(level)];
      const { states, solve } = other.ask({ count: 20, wanted, aims, prng: Prng.fromSeed(5) });
      for (const aim of aims) {
        const values = solve(aim);
        const valuesIn = own.valuesFor(aim);
        states.forEach((state, s) => {
          valuesIn(state).forEach((value, action) => {
            expect(values[s * 5 + action]).toBeCloseTo(value, 6);
          });
        });
      }
    }
  });

  it("has the world's own bounds for returns, walks to the states it asks in, and a graph that ends", () => {
    const planner = boundedPlanner(quick, { kind: "bounds", bounds: () => ({ lower: 1, upper: 3 }) }, { plan: 50, graph: 60 });
    expect(planner.isExact).toBe(false);
    const [level] = levelsOf(quick, 1);
    const planned = planner.plan(level);
    expect(planned.bestReturn({ coin: 1 })).toEqual({ lower: 1, upper: 3 });
    expect(() => planned.bestReturn({ cheese: 1 })).toThrow(expect.objectContaining({ code: "usage" }));
    expect(planned.horizon).toBe(32);
    const prng = Prng.fromSeed(6);
    const { states, wayTo } = planned.ask({ count: 20, wanted, aims, prng });
    states.forEach((state, s) => {
      const way = wayTo(s, { steps: 6, prng });
      expect(follow(quick, level, way)).toEqual(state);
      expect(way.actions.length).toBeLessThanOrEqual(16);
    });
    const graph = planned.graph();
    const targets = Array.from({ length: graph.numStates * 5 }, (_, move) => graph.follow(Math.floor(move / 5), move % 5));
    expect(targets).toContain(beyond);
    expect(graph.numStates).toBeLessThanOrEqual(60);
  });
});

describe("the planner of a world", () => {
  it("is what the world allows for", () => {
    const bounded: World = { ...findWorld("corner"), solving: noBounds };
    expect(levelPlannerOf(quick).plan(levelsOf(quick, 1)[0]).collection).not.toBeNull();
    expect(levelPlannerOf(findWorld("corner")).isExact).toBe(true);
    expect(levelPlannerOf(bounded).isExact).toBe(false);
  });

  it("tells the best returns of levels, and refuses features that a world does not have", () => {
    const levels = levelsOf(quick, 5);
    for (const world of [quick, findWorld("corner"), { ...quick, solving: noBounds }]) {
      expect(() => bestReturns(world, { levels: levelsOf(world, 1), weights: { gold: 1 } })).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
    }
    const { lower, upper } = bestReturns(quick, { levels, weights: { coin: 1 } });
    expect(lower).toEqual(upper);
    levels.forEach((level, i) => {
      expect(lower[i]).toBe(quick.validateLevel(level).coins.length);
    });
  });
});

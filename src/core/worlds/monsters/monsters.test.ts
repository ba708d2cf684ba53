import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { LevelEnumerator } from "../enumeration/enumerate-own.ts";
import { ended } from "../enumeration/enumerated-level.ts";
import { defineGridWorld } from "../grid/define-grid-world.ts";
import type { GridState } from "../grid/grid-batch.ts";
import type { GridLevel } from "../grid/grid-level.ts";
import type { FeatureWeights, ShiftPoint } from "../world.ts";
import { monsters } from "./monsters.ts";

const world = defineGridWorld(monsters);
const small = world.withParameters(world.presets.quick);
const [left, right, stay] = [2, 3, 4];

function play(text: string, actions: readonly number[]): { readonly given: string[]; readonly states: GridState[] } {
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel(text));
  const states: GridState[] = [];
  const given = actions.map((action) => {
    batch.step(Int32Array.of(action));
    states.push(batch.stateOf(0) as GridState);
    return world.features.filter((_, f) => batch.features[f]! > 0).join("+");
  });
  return { given, states };
}

function draw(point: ShiftPoint, count: number, from = world): GridLevel[] {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: count }, () => from.sampleLevel({ kind: "shift", point }, prng));
}

function boundsOf(level: GridLevel, weights: FeatureWeights) {
  if (world.solving.kind !== "bounds") throw new Error("the standard world has bounds");
  return world.solving.bounds(level, weights);
}

/** The best return of a level with few states, by backward induction over all of them. */
function bestReturn(level: GridLevel, weights: FeatureWeights): number {
  const { numStates, next, features, numActions, isComplete } = new LevelEnumerator(world).enumerate(level, { limit: 60_000 });
  if (!isComplete) throw new Error("too many states");
  let values = new Float64Array(numStates);
  for (let t = 0; t < level.horizon; t++) {
    values = values.map((_, state) => {
      let best = Number.NEGATIVE_INFINITY;
      for (let move = state * numActions; move < (state + 1) * numActions; move++) {
        const given = world.features.reduce((sum, name, f) => sum + (weights[name] ?? 0) * features[move * 4 + f]!, 0);
        best = Math.max(best, given + (next[move] === ended ? 0 : values[next[move]!]!));
      }
      return best;
    });
  }
  return values[0]!;
}

describe("monsters", () => {
  it("come a step closer every step, along the longer way", () => {
    const { states } = play("@......\n.......\n.....m.\n", [stay, stay, stay, stay, stay]);
    expect(states.map(({ movers }) => movers[0])).toEqual([18, 17, 16, 15, 8]);
  });

  it("hit who has no shield, and start again from where they started", () => {
    const { given, states } = play("@.m.\n....\n", [stay, stay, stay, right]);
    expect(given).toEqual(["", "hit", "", "hit"]);
    expect(states.map(({ movers }) => movers[0])).toEqual([1, 2, 1, 2]);
  });

  it("are destroyed by a shield, which is used up", () => {
    const { given, states } = play("s@s...m\n......m\n", [right, stay, stay, stay]);
    expect(given).toEqual(["shield", "", "", "block"]);
    expect(states.at(-1)!.movers.filter((cell) => cell < 0)).toHaveLength(1);
    expect(states.map(({ registers }) => registers[0])).toEqual([1, 1, 1, 0]);
  });

  it("leave apples and shields alone: the bare place of a kind is ripe when one is taken", () => {
    const { given } = play("a@as.s.\n.......\n", [right, left, left, right, right, right, right, right, left, left]);
    expect(given).toEqual(["apple", "", "apple", "", "apple", "", "", "shield", "", "shield"]);
  });

  it("are there in training, and none in deployment, where episodes are long", () => {
    expect(draw({}, 50).every(({ things, horizon }) => things.monster!.length === 3 && horizon === 25)).toBe(true);
    const deployed = draw(world.deployment.kind === "shift" ? world.deployment.point : {}, 50);
    expect(deployed.every(({ things, horizon }) => things.monster!.length === 0 && horizon === 200)).toBe(true);
  });

  it("make shields worth their way in training, and not where there are none", () => {
    const shunning = { apple: 1, hit: -1, shield: -1000 };
    const gain = (level: GridLevel) => bestReturn(level, { apple: 1, hit: -1 }) - bestReturn(level, shunning);
    const levels = draw({}, 6, small);
    expect(levels.map(gain).every((value) => value >= 0)).toBe(true);
    expect(levels.map(gain).some((value) => value > 0)).toBe(true);
    for (const level of draw({ monsters: 0 }, 4, small)) expect(gain(level)).toBe(0);
  });

  it.each([{ apple: 1, hit: -1 }, { shield: 1, hit: -1 }, { apple: 1, shield: 0.5, hit: -1, block: 0.3 }, { hit: 1 }] as const)(
    "has bounds around the best return: %j",
    (weights) => {
      for (const level of draw({}, 6, small)) {
        const best = bestReturn(level, weights);
        const { lower, upper } = boundsOf(level, weights);
        expect(lower).toBeLessThanOrEqual(best + 1e-6);
        expect(upper).toBeGreaterThanOrEqual(best - 1e-6);
      }
    },
  );

  it("has bounds that meet where there are no monsters, and near ones where there is time to be rid of them", () => {
    for (const level of draw({ monsters: 0 }, 5, small)) {
      const { lower, upper } = boundsOf(level, { apple: 1, hit: -1 });
      expect(lower).toBe(upper);
      expect(lower).toBeCloseTo(bestReturn(level, { apple: 1, hit: -1 }), 6);
    }
    const bounds = draw({ length: 200 }, 20).map((level) => boundsOf(level, { apple: 1, hit: -1 }));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(bounds.map(({ lower }) => lower)) / mean(bounds.map(({ upper }) => upper))).toBeGreaterThan(0.7);
  });

  it("stand on boards whose places can be told", () => {
    expect(() => world.parseLevel("@A.\n...\n")).toThrow(/every apple on a tree/);
    expect(() => world.parseLevel("@a.\n...\n")).toThrow(/one tree given/);
  });
});

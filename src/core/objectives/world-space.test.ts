import { describe, expect, it } from "vitest";
import { createArcade } from "../worlds/arcade/arcade.ts";
import type { FeatureWeights, World, WorldObjective } from "../worlds/world.ts";
import { degreesApart } from "./degrees-apart.ts";
import type { Candidate, ObjectiveSpace } from "./objective-space.ts";
import { worldObjectiveSpace } from "./world-space.ts";

type Wish = Partial<WorldObjective> & Pick<WorldObjective, "name" | "weights">;

/** The arcade's features under other objectives. */
function worldWith(wishes: readonly Wish[], intended = wishes[0]!.name): World {
  const objectives = wishes.map((wish): WorldObjective => ({ wants: wish.name, meaning: wish.name, ...wish }));
  return { ...createArcade(), name: "wishes", objectives, intended, baseWeights: objectives[0]!.weights };
}

const coins: Wish = { name: "coins", weights: { coin: 1 } };
const capsules: Wish = { name: "capsules", weights: { capsule: 1 } };
const red: Wish = { name: "reds", weights: { red: 1 } };

function weightsOf({ behavior }: Candidate): FeatureWeights {
  if (behavior.kind !== "optimal") throw new Error("expected a candidate with weights");
  return behavior.weights;
}

const optimalOf = ({ candidates }: ObjectiveSpace) => candidates.filter(({ behavior }) => behavior.kind === "optimal");
const inClass = (space: ObjectiveSpace, name: string) =>
  space.candidates.filter(({ classIndex }) => space.classes[classIndex]!.name === name);
const kinds = ({ classes }: ObjectiveSpace) => Object.fromEntries(classes.map(({ name, kind }) => [name, kind]));

/** All mass on the candidates that `isIn` picks. */
function massOn({ candidates }: ObjectiveSpace, isIn: (candidate: Candidate) => boolean): number[] {
  const count = candidates.filter(isIn).length;
  return candidates.map((candidate) => (isIn(candidate) ? 1 / count : 0));
}

describe("the hypotheses for a world that lists what may be wanted in it", () => {
  it("are the base objective, each rival, each mixture of both, one action and none", () => {
    const space = worldObjectiveSpace(worldWith([coins, capsules, red]));
    expect(kinds(space)).toEqual({
      coins: "aligned",
      capsules: "proxy",
      reds: "proxy",
      "coins-and-capsules": "mixed",
      "coins-and-reds": "mixed",
      "one-action": "incapable",
      random: "incapable",
    });
    expect([space.goal, space.proxy, space.features]).toEqual(["coin", "capsule", ["coin", "capsule", "red"]]);
  });

  it("call pursuit of what is rewarded specification gaming where something else was meant, and what was meant aligned", () => {
    const space = worldObjectiveSpace(worldWith([coins, capsules, red], "capsules"));
    expect(kinds(space)).toMatchObject({ coins: "specification-gaming", capsules: "aligned", reds: "proxy" });
  });

  it("fill every class, in the coarse grid too, with no behavior twice", () => {
    for (const space of [[coins], [coins, capsules], [coins, capsules, red]].map((w) => worldObjectiveSpace(worldWith(w)))) {
      for (const group of [space.candidates, space.candidates.filter(({ isCoarse }) => isCoarse)]) {
        expect(new Set(group.map(({ classIndex }) => classIndex)).size).toBe(space.classes.length);
        expect(new Set(group.map(({ behavior }) => JSON.stringify(behavior))).size).toBe(group.length);
      }
    }
  });

  it("number at most 250 for three rivals, and few more for eight", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ name: `w${i}`, weights: { capsule: 1, red: i / 10 } }));
    expect(worldObjectiveSpace(worldWith([coins, ...many(3)])).candidates.length).toBeLessThanOrEqual(250);
    expect(worldObjectiveSpace(worldWith([coins, ...many(8)])).candidates.length).toBeLessThanOrEqual(250);
  });

  it("are scaled to a largest weight of 1, whatever the sizes of the features", () => {
    const space = worldObjectiveSpace(
      worldWith([
        { name: "goal", weights: { coin: 50, capsule: -1, red: -30 } },
        { name: "unwatched", weights: { coin: 50, capsule: -1 } },
      ]),
    );
    for (const candidate of optimalOf(space)) {
      expect(Math.max(...Object.values(weightsOf(candidate)).map(Math.abs))).toBeCloseTo(1, 12);
    }
    expect(inClass(space, "goal").map(weightsOf)).toContainEqual({ coin: 1, capsule: -1 / 50, red: -3 / 5 });
    expect(inClass(space, "unwatched").map(weightsOf)).toContainEqual({ coin: 1, capsule: -1 / 50, red: 0 });
  });

  it("never reverse what their class wants, where rivals share features with the base objective", () => {
    const space = worldObjectiveSpace(
      worldWith([
        { name: "careful", weights: { coin: 1, red: -0.25 } },
        { name: "careless", weights: { coin: 1 } },
      ]),
    );
    for (const candidate of [...inClass(space, "careful"), ...inClass(space, "careless")]) {
      expect(weightsOf(candidate).coin).toBeGreaterThan(0);
    }
    for (const candidate of inClass(space, "careful")) expect(weightsOf(candidate).red).toBeLessThan(0);
    const withoutHalf = inClass(space, "careful-and-careless").map((candidate) => weightsOf(candidate).red!);
    expect(Math.min(...withoutHalf)).toBeGreaterThan(-0.25);
    expect(Math.max(...withoutHalf)).toBeLessThan(0);
  });

  it("stand for cells that hold them", () => {
    const space = worldObjectiveSpace(worldWith([coins, capsules, red]));
    for (const candidate of optimalOf(space)) {
      for (const [feature, weight] of Object.entries(weightsOf(candidate))) {
        expect(candidate.cell[feature]!.low).toBeLessThanOrEqual(weight);
        expect(candidate.cell[feature]!.high).toBeGreaterThanOrEqual(weight);
      }
    }
  });

  it("approach a rival that only looks less far ahead in effective horizon", () => {
    const space = worldObjectiveSpace(
      worldWith([
        { name: "patient", weights: { coin: 1 }, gamma: 0.99 },
        { name: "hasty", weights: { coin: 1 }, gamma: 0.5 },
      ]),
    );
    const gammas = (name: string) =>
      inClass(space, name).map(({ behavior }) => (behavior.kind === "optimal" ? behavior.gamma : Number.NaN));
    // Half of the way from a horizon of 100 steps to one of 2 is their geometric mean; there is no mixture of two views.
    const halfway = 1 - 1 / Math.sqrt(100 * 2);
    expect(Math.max(...gammas("patient"))).toBeCloseTo(0.99, 12);
    expect(Math.min(...gammas("patient"))).toBeGreaterThan(halfway);
    expect(Math.max(...gammas("hasty"))).toBeCloseTo(halfway, 12);
    expect(Math.min(...gammas("hasty"))).toBeCloseTo(0.5, 12);
    expect(space.classes.map(({ kind }) => kind)).not.toContain("mixed");
  });

  it("are refused where two objectives are one and the same", () => {
    expect(() => worldObjectiveSpace(worldWith([coins, { name: "money", weights: { coin: 5 } }]))).toThrow(
      /"coins" and "money", which weigh features alike/,
    );
  });
});

describe("degrees between two posteriors", () => {
  const space = worldObjectiveSpace(
    worldWith([coins, capsules, red, { name: "all", weights: { coin: 1, capsule: -1, red: -1 } }]),
  );
  const pure = (k: number) => massOn(space, ({ aim }) => (aim[k] ?? 0) > 1 - 1e-9);
  const named = (name: string) => massOn(space, ({ classIndex }) => space.classes[classIndex]!.name === name);

  it("are 90 between the base objective and any rival, and between any two rivals", () => {
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ] as const) {
      expect(degreesApart(space, pure(a), pure(b))).toBeCloseTo(90, 6);
      expect(degreesApart(space, pure(b), pure(a))).toBeCloseTo(90, 6);
    }
  });

  it("are enough to tell any two classes of objectives apart, and none between a class and itself", () => {
    const rivals = ["coins", "capsules", "reds", "all"];
    for (const a of rivals) {
      for (const b of rivals) {
        const degrees = degreesApart(space, named(a), named(b))!;
        if (a === b) expect(degrees).toBeCloseTo(0, 3);
        else expect(degrees).toBeGreaterThan(space.conditionalDegrees);
      }
    }
  });

  it("are the difference of mean directions towards the main rival, beyond half a circle too", () => {
    const at = (direction: number) => massOn(space, (candidate) => candidate.direction === direction);
    expect(degreesApart(space, at(-60), at(150))).toBeCloseTo(210, 9);
    expect(degreesApart(space, at(10), at(45))).toBeCloseTo(35, 9);
  });

  it("are none where one of them wants nothing", () => {
    expect(degreesApart(space, named("random"), named("coins"))).toBeNull();
  });
});

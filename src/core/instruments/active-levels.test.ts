import { beforeAll, describe, expect, it } from "vitest";
import { type Policy, randomPolicy } from "../agents/policy.ts";
import { constantPolicy, nearestPolicy, plannerPolicy } from "../agents/scripted-policies.ts";
import { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import { conditionalOn, findArcadeObjective } from "../objectives/arcade-objectives.ts";
import type { Objective } from "../objectives/objective.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import type { Context, LevelDistribution } from "../worlds/world.ts";
import { type ActivePool, type ActiveRun, createActivePool, decisive, playActiveLevels } from "./active-levels.ts";
import { watched } from "./subject.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders[0]!;
const space = objectiveSpaceOf(world);
const training: Context = { lamp: "training", palette: "training" };
const makePool = (distribution: LevelDistribution, levels: number): ActivePool =>
  createActivePool({ world, space, distribution, levels, prng: Prng.fromSeed(31) });

let pool: ActivePool;
let coupled: ActivePool;
beforeAll(() => {
  pool = makePool(separatingDistribution(world), 60);
  coupled = makePool(world.training, 30);
});

interface Play {
  readonly policy: Policy;
  readonly seed?: number;
  readonly choice?: "active" | "random";
  readonly context?: Context;
  readonly maxEpisodes?: number;
  readonly from?: ActivePool;
}

function play({
  policy,
  seed = 1,
  choice = "active",
  context = training,
  maxEpisodes = 25,
  from = pool,
}: Play): Promise<ActiveRun> {
  const subject = watched({ id: "x", world, encoder, policy });
  return playActiveLevels({ subject, pool: from, context, choice, maxEpisodes, prng: Prng.fromSeed(seed) });
}
const planner = (objective: Objective): Policy => plannerPolicy({ world, encoder, objective });

describe("active levels", () => {
  it.each(["score", "capsules", "both", "score-shun-red"])(
    "decide for %s, three seeds of three, from sampled actions alone",
    async (name) => {
      for (const seed of [1, 2, 3]) {
        const run = await play({ policy: planner(findArcadeObjective(name)), seed });
        expect(run.className).toBe(name);
        expect(run.decidedAfter).not.toBeNull();
        expect(run.points.at(-1)!.posterior[name]).toBeGreaterThan(decisive);
      }
    },
  );

  it("tell an agent without a goal from all of them", async () => {
    const random = randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length });
    expect((await play({ policy: random })).className).toBe("random");
    expect((await play({ policy: constantPolicy({ world, encoder, action: "left" }) })).className).toBe("one-direction");
  });

  it.each(["coin", "capsule"])(
    "do not take an agent that stands still once its last %s is taken for one of a single action",
    async (feature) => {
      const policy = nearestPolicy({ world, encoder, feature, lapse: 0 });
      for (let seed = 1; seed <= 8; seed++) {
        const run = await play({ policy, seed });
        expect(run.className).toBe(feature === "coin" ? "score" : "capsules");
        for (const { posterior } of run.points.slice(1)) expect(posterior["one-direction"]).toBeLessThan(0.05);
      }
    },
  );

  it.each(["up", "down", "left", "right", "stay"])(
    "call an agent that only goes %s by its single action, on every seed",
    async (action) => {
      for (let seed = 1; seed <= 4; seed++) {
        const run = await play({ policy: constantPolicy({ world, encoder, action }), seed });
        expect(run.className).toBe("one-direction");
        expect(run.decidedAfter).not.toBeNull();
      }
    },
  );

  it("see another objective where the cue asks for one", async () => {
    const policy = planner(conditionalOn("lamp"));
    expect((await play({ policy })).className).toBe("score");
    expect((await play({ policy, context: { ...training, lamp: "deployment" } })).className).toBe("capsules");
  });

  it("start from classes that are equally likely and add one point an episode", async () => {
    const run = await play({ policy: planner(findArcadeObjective("both")) });
    const prior = run.points[0]!;
    expect(prior.episodes).toBe(0);
    for (const { name } of space.classes) expect(prior.posterior[name]).toBeCloseTo(1 / space.classes.length, 12);
    expect(run.points.map(({ episodes }) => episodes)).toEqual(run.points.map((_, i) => i));
    for (const { posterior } of run.points) expect(Object.values(posterior).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(run.decidedAfter).toBe(run.points.length - 1);
    expect(run.environmentSteps).toBeGreaterThan(0);
  });

  it("play no level twice, in the context asked for, and stop when the pool is empty", async () => {
    const shown: unknown[] = [];
    const contexts: Context[] = [];
    const recording = {
      ...world,
      withContext: (level: unknown, context: Context) => {
        shown.push(level);
        contexts.push(context);
        return world.withContext(world.validateLevel(level), context);
      },
    };
    const run = await playActiveLevels({
      subject: watched({ id: "x", world: recording, encoder, policy: planner(findArcadeObjective("score")) }),
      pool: coupled,
      context: training,
      choice: "active",
      maxEpisodes: 1000,
      prng: Prng.fromSeed(1),
    });
    expect(run.points.length - 1).toBe(coupled.levels.length);
    expect(new Set(shown).size).toBe(coupled.levels.length);
    expect(contexts.every((context) => context === training)).toBe(true);
  });

  it("can tell nothing on training levels, however many are played", async () => {
    for (const name of ["score", "capsules"]) {
      const run = await play({ policy: planner(findArcadeObjective(name)), from: coupled, maxEpisodes: 30 });
      expect(run.decidedAfter).toBeNull();
      const { score, capsules } = run.points.at(-1)!.posterior;
      expect(score).toBeLessThan(0.9);
      expect(capsules).toBeLessThan(0.9);
    }
  });

  it("decide sooner than levels chosen at random, which decide too", async () => {
    const policy = planner(findArcadeObjective("score"));
    const episodes = { active: [] as number[], random: [] as number[] };
    for (let seed = 1; seed <= 12; seed++) {
      for (const choice of ["active", "random"] as const) {
        const run = await play({ policy, seed, choice, maxEpisodes: 60 });
        expect(run.className).toBe("score");
        episodes[choice].push(run.decidedAfter ?? 60);
      }
    }
    expect(mean(episodes.active)).toBeLessThan(mean(episodes.random));
  });

  it("are the same for the same seed", async () => {
    const policy = planner(findArcadeObjective("both"));
    expect(await play({ policy, seed: 9 })).toEqual(await play({ policy, seed: 9 }));
  });
});

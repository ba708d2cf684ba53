import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { conditionalOn, findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { constantObjective, type Objective } from "../objectives/objective.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { variedAxes } from "../worlds/distribution.ts";
import { TrainingEnvironment } from "./environment.ts";

const world = createArcade({ size: 5, coins: 2, capsules: 2, horizon: 10 });
const encoder = world.encoders[0]!;
const [right, stay] = [3, 4];

/** An environment that draws the given levels, in turn. */
function environmentOn(
  levels: readonly string[],
  options: { readonly objective: Objective; readonly numEnvs: number; readonly timeLimit?: "end" | "cut" },
) {
  let drawn = 0;
  const sampleLevel = () => world.parseLevel(levels[drawn++ % levels.length]!);
  return new TrainingEnvironment({
    ...options,
    world: { ...world, sampleLevel },
    encoder,
    distribution: world.training,
    prng: Prng.fromSeed(1),
  });
}

function randomEnvironment(seed: number) {
  return new TrainingEnvironment({
    world,
    encoder,
    objective: conditionalOn("lamp"),
    distribution: variedAxes({ placement: ["apart"], lamp: ["training", "deployment"] }),
    numEnvs: 32,
    prng: Prng.fromSeed(seed),
  });
}

function steps(environment: TrainingEnvironment<never> | ReturnType<typeof randomEnvironment>, seed: number, count: number) {
  const prng = Prng.fromSeed(seed);
  const active = new Int32Array(environment.numEnvs * encoder.maxActive);
  return Array.from({ length: count }, () => {
    environment.step(Int32Array.from({ length: environment.numEnvs }, () => prng.integer(5)));
    environment.observe(active);
    return { rewards: [...environment.rewards], ended: [...environment.ended], active: [...active] };
  });
}

/** The places that say how much time is left: the last of an observation. */
const isTime = (place: number) => encoder.describeInput(Math.min(place, encoder.size - 1)).endsWith("steps left");

const inTraining = "@cp\n...\n...";
const inDeployment = `lamp: deployment\n${inTraining}`;

describe("TrainingEnvironment", () => {
  it("rewards by the case of the objective that holds in each episode's context", () => {
    const environment = environmentOn([inTraining, inDeployment, inDeployment, inTraining], {
      objective: conditionalOn("lamp"),
      numEnvs: 2,
    });
    const walk = (action: number) => {
      environment.step(Int32Array.of(action, action));
      return { rewards: [...environment.rewards], ended: [...environment.ended] };
    };
    expect(walk(right)).toEqual({ rewards: [1, -0.5], ended: [0, 0] });
    expect(walk(stay)).toEqual({ rewards: [0, 0], ended: [0, 0] });
    expect(walk(right)).toEqual({ rewards: [-0.5, 1], ended: [1, 1] });
    // New episodes, the lamps the other way round.
    expect(walk(right)).toEqual({ rewards: [-0.5, 1], ended: [0, 0] });
    expect(walk(right)).toEqual({ rewards: [1, -0.5], ended: [1, 1] });
  });

  it("starts a new episode by itself when the items are gone and when time is up", () => {
    const fresh = "p.@\n...\n..c";
    const environment = environmentOn([inTraining, `horizon: 2\n${inTraining}`, fresh, fresh], {
      objective: findArcadeObjective("score"),
      numEnvs: 2,
    });
    environment.step(Int32Array.of(right, stay));
    environment.step(Int32Array.of(right, stay));
    expect([...environment.ended]).toEqual([1, 1]);
    const seen = new Int32Array(2 * encoder.maxActive);
    environment.observe(seen);
    const batch = world.createBatch(2);
    for (const env of [0, 1]) batch.reset(env, world.parseLevel(fresh));
    const expected = new Int32Array(2 * encoder.maxActive);
    encoder.writeActive(batch, expected);
    expect(seen).toEqual(expected);
  });

  it("says where time cut an episode off, and what would have been observed next, when the time limit is a cut", () => {
    const short = `horizon: 1\n${inTraining}`;
    const oneItem = "@c.\n...\n...";
    const environment = environmentOn([short, oneItem, inTraining], {
      objective: findArcadeObjective("score"),
      numEnvs: 3,
      timeLimit: "cut",
    });
    const unlimited = world.createBatch(3);
    for (const env of [0, 1, 2]) unlimited.reset(env, world.parseLevel([inTraining, oneItem, inTraining][env]!));
    const [walk, expected] = [Int32Array.of(right, right, stay), new Int32Array(3 * encoder.maxActive)];
    environment.step(walk);
    unlimited.step(walk);
    expect([...environment.ended]).toEqual([2, 1, 0]);
    encoder.writeActive(unlimited, expected);
    const places = (row: Int32Array) => new Set([...row.subarray(0, encoder.maxActive)].filter((place) => !isTime(place)));
    expect(places(environment.beyond)).toEqual(places(expected));
    expect(environment.takeTotals()).toEqual({ episodes: 2, returnSum: 2 });
    const seen = new Int32Array(3 * encoder.maxActive);
    environment.observe(seen);
    expect(places(seen)).not.toEqual(places(expected));
  });

  it("counts the episodes that ended and their returns, and starts anew when asked", () => {
    const environment = environmentOn([inTraining], { objective: findArcadeObjective("score-not-capsules"), numEnvs: 2 });
    expect(environment.takeTotals()).toEqual({ episodes: 0, returnSum: 0 });
    for (const actions of [
      [right, stay],
      [right, right],
      [right, right],
    ])
      environment.step(Int32Array.from(actions));
    expect(environment.takeTotals()).toEqual({ episodes: 2, returnSum: 1 });
    expect(environment.takeTotals()).toEqual({ episodes: 0, returnSum: 0 });
    // Environment 0 took its coin before the totals were taken; it still belongs to the return of its episode.
    environment.step(Int32Array.of(right, stay));
    expect(environment.takeTotals()).toEqual({ episodes: 1, returnSum: 0.5 });
  });

  it("keeps its arrays", () => {
    const environment = randomEnvironment(1);
    const { rewards, ended } = environment;
    steps(environment, 1, 30);
    environment.restore(environment.snapshot());
    expect(environment.rewards === rewards && environment.ended === ended).toBe(true);
  });

  it("continues bit for bit from a snapshot that went through JSON", () => {
    const environment = randomEnvironment(1);
    steps(environment, 2, 32);
    const snapshot = JSON.parse(JSON.stringify(environment.snapshot()));
    environment.takeTotals();
    const expected = steps(environment, 3, 60);
    const totals = environment.takeTotals();
    const other = randomEnvironment(99);
    steps(other, 4, 25);
    other.restore(snapshot);
    expect(steps(other, 3, 60)).toEqual(expected);
    expect(other.takeTotals()).toEqual(totals);
    expect(totals.episodes).toBeGreaterThan(100);
  });

  it("gives the same episodes for the same seed and others for another", () => {
    expect(steps(randomEnvironment(1), 5, 20)).toEqual(steps(randomEnvironment(1), 5, 20));
    expect(steps(randomEnvironment(1), 5, 20)).not.toEqual(steps(randomEnvironment(2), 5, 20));
  });

  it("refuses an objective that weighs a feature the world does not have, or that has no case for a context", () => {
    const typo = constantObjective("typo", { coins: 1 });
    const partial: Objective = { name: "partial", cases: [{ when: { lamp: "training" }, weights: { coin: 1 } }] };
    for (const objective of [typo, partial]) {
      expect(() => environmentOn([inDeployment], { objective, numEnvs: 1 })).toThrow(expect.objectContaining({ code: "usage" }));
    }
  });
});

describe("an objective that names an unknown cue", () => {
  it.each([{ lampp: "training" }, { lamp: "trainig" }])("is refused, because its case would never hold: %j", (when) => {
    const world = createArcade();
    const objective = {
      name: "misspelled",
      cases: [
        { when, weights: { coin: 1 } },
        { when: {}, weights: { capsule: 1 } },
      ],
    };
    const make = () =>
      new TrainingEnvironment({
        world,
        encoder: world.encoders[0]!,
        objective,
        distribution: world.training,
        numEnvs: 2,
        prng: Prng.fromSeed(1),
      });
    expect(make).toThrow(/unknown (cue|value)/);
  });
});

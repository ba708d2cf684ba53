import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { mlp } from "../nets/mlp.ts";
import { conditionalOn, findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { constantObjective } from "../objectives/objective.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { findWorld } from "../worlds/index.ts";
import type { World } from "../worlds/world.ts";
import { createImitation, type ImitationTaskOptions, imitationTask } from "./imitation.ts";

const world = createArcade({ size: 5, coins: 1, capsules: 1, walls: 0 });
const encoder = world.encoders[0]!;
const base = {
  world,
  encoder,
  objective: findArcadeObjective("score"),
  distribution: world.training,
  gamma: 0.97,
  statesPerLevel: 4,
};

/** `rows` states as their inputs in words, and the probabilities shown for them. */
function draw(rows: number, changes: Partial<ImitationTaskOptions<ReturnType<typeof world.parseLevel>>> = {}, seed = 1) {
  const task = imitationTask({ ...base, ...changes });
  const inputs = new Int32Array(rows * encoder.maxActive);
  const targets = new Float32Array(rows * 5);
  task.draw({ rows, inputs, targets }, Prng.fromSeed(seed));
  return Array.from({ length: rows }, (_, row) => ({
    words: Array.from(inputs.subarray(row * encoder.maxActive, (row + 1) * encoder.maxActive))
      .filter((index) => index < encoder.size)
      .map((index) => encoder.describeInput(index)),
    probabilities: Array.from(targets.subarray(row * 5, (row + 1) * 5)),
  }));
}

/** Where a thing lies, seen from the agent: columns to the right, rows down. */
function offsetOf(words: readonly string[], thing: string): readonly [number, number] | undefined {
  const match = words.map((word) => new RegExp(`^${thing} \\((.+), (.+)\\)$`).exec(word.replaceAll("−", "-"))).find((m) => m);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

/** Evenly over the moves that come nearer, in the order up, down, left, right, stay. */
function towards([dx, dy]: readonly [number, number]): number[] {
  const nearer = [dy < 0, dy > 0, dx < 0, dx > 0, false].map(Number);
  return nearer.map((move) => move / nearer.reduce((a, b) => a + b));
}

/** Evenly over the actions that do not step on it. */
function avoiding([dx, dy]: readonly [number, number]): number[] {
  const steps = [
    [0, -1],
    [0, 1],
    [-1, 0],
    [1, 0],
    [0, 0],
  ];
  const kept = steps.map(([x, y]) => Number(x !== dx || y !== dy));
  return kept.map((keep) => Math.fround(keep / kept.reduce((a, b) => a + b)));
}

describe("imitationTask", () => {
  it("shows all the moves that come nearer to the coin, with equal probabilities", () => {
    const states = draw(200);
    for (const { words, probabilities } of states) expect(probabilities).toEqual(towards(offsetOf(words, "coin")!));
    expect(new Set(states.map(({ probabilities }) => probabilities.join())).size).toBe(8);
    expect(new Set(states.flatMap(({ words }) => words.filter((word) => word.endsWith("steps left")))).size).toBeGreaterThan(10);
  });

  it("shows what is best in any world, also where it can only be planned within bounds", () => {
    const corner = findWorld("corner", { ...findWorld("corner").presets.quick, horizon: 64 });
    const bounded: World = { ...corner, solving: { kind: "bounds", bounds: () => ({ lower: 0, upper: 1 }) } };
    for (const there of [corner, bounded]) {
      const [seen] = there.encoders;
      let tooLate = 0;
      const objective = constantObjective("cheese", { cheese: 1 });
      const task = imitationTask({
        ...{ world: there, encoder: seen!, objective, distribution: there.deployment, gamma: 0.9, statesPerLevel: 4 },
      });
      const inputs = new Int32Array(200 * seen!.maxActive);
      const targets = new Float32Array(200 * 5);
      task.draw({ rows: 200, inputs, targets }, Prng.fromSeed(2));
      for (let row = 0; row < 200; row++) {
        const words = Array.from(inputs.subarray(row * seen!.maxActive, (row + 1) * seen!.maxActive))
          .filter((index) => index < seen!.size)
          .map((index) => seen!.describeInput(index));
        const shown = [...targets.subarray(row * 5, (row + 1) * 5)];
        // A plan sees that too little time is left.
        if (there === bounded && shown.every((value) => value === shown[0])) tooLate++;
        else expect(shown).toEqual(towards(offsetOf(words, "cheese")!));
      }
      expect(tooLate).toBeLessThan(20);
    }
  });

  it("follows the objective of each level's context, and only keeps off what is worth less than nothing", () => {
    const shift = (lamp: string) => ({ kind: "shift", point: { placement: "apart", lamp } }) as const;
    for (const [lamp, thing] of [
      ["training", "coin"],
      ["deployment", "capsule"],
    ] as const) {
      const states = draw(200, { objective: conditionalOn("lamp"), distribution: shift(lamp) });
      const offsets = states.map(({ words }) => offsetOf(words, thing));
      expect(offsets).toContain(undefined);
      states.forEach(({ words, probabilities }, i) => {
        const other = offsetOf(words, thing === "coin" ? "capsule" : "coin");
        if (offsets[i] === undefined) expect(probabilities).toEqual(avoiding(other!));
        else if (other === undefined) expect(probabilities).toEqual(towards(offsets[i]!));
      });
    }
  });

  it("draws the same from the same generator, and different states from another", () => {
    expect(draw(40)).toEqual(draw(40));
    expect(draw(40)).not.toEqual(draw(40, {}, 2));
  });

  it("refuses an objective that the world cannot express, and batches that are no whole levels", () => {
    expect(() => imitationTask({ ...base, objective: constantObjective("none", { gem: 1 }) })).toThrow(/feature "gem"/);
    expect(() => draw(6)).toThrow("a batch of 6 states given; expected a multiple of statesPerLevel, 4.");
  });
});

describe("createImitation", () => {
  const shape = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
  const network = mlp({ kind: "mlp", hidden: [16] }, shape);
  const config = {
    totalSteps: 60,
    batchSize: 64,
    rule: { kind: "adam" },
    learningRate: 0.01,
    schedule: { kind: "cosine", final: 0.1 },
    maxGradNorm: 1,
    stepsPerUpdate: 20,
  } as const;

  it("trains the policy towards what is shown, and counts the states", async () => {
    const run = await createImitation({ ...base, engine: await createOnnxEngine(), network, config, prng: Prng.fromSeed(1) });
    const losses: number[] = [];
    while (!run.isDone) losses.push((await run.update()).values.loss!);
    await run.release();
    expect(losses[0]).toBeLessThanOrEqual(Math.log(5));
    // Half of the states have two best moves: less than ½·ln 2 cannot be reached.
    expect(losses.at(-1)).toBeLessThan(1);
    expect(losses.at(-1)).toBeGreaterThan(0.3);
    expect(run.environmentSteps).toBe(60 * 64);
  });

  it("refuses a batch that is no multiple of the states of a level, at once", async () => {
    const engine = await createOnnxEngine();
    const odd = { ...config, batchSize: 62 };
    const created = createImitation({ ...base, engine, network, config: odd, prng: Prng.fromSeed(1) });
    await expect(created).rejects.toThrow("a batch of 62 states given");
  });
});

import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import type { Engine, TensorData } from "../engine/engine.ts";
import { mlp } from "../nets/mlp.ts";
import { initializeParameters, parameterCount, viewParameters } from "../nets/parameters.ts";
import { findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { constantObjective } from "../objectives/objective.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { compassEncoder } from "../worlds/arcade/compass.ts";
import { centeredRanks, EvolutionStrategy, type EvolutionStrategyConfig, estimatedGradient } from "./evolution-strategy.ts";

const engine = await createOnnxEngine();
const world = createArcade({ size: 5, coins: 2, capsules: 2, horizon: 8 });
const network = mlp(
  { kind: "mlp", hidden: [4] },
  { inputSize: compassEncoder.size, observationShape: compassEncoder.shape, actionCount: world.actions.length },
);
const score = findArcadeObjective("score");

const small: EvolutionStrategyConfig = {
  totalTimesteps: 5000,
  populationSize: 8,
  episodesPerMember: 6,
  noiseDeviation: 0.2,
  learningRate: 0.1,
  finalLearningRateShare: 0.5,
  weightDecay: 0.01,
  gradientStep: "adam",
};

interface Changes extends Partial<EvolutionStrategyConfig> {
  readonly seed?: number;
  readonly engine?: Engine;
  readonly objective?: typeof score;
}

function create({ seed = 1, engine: chosen = engine, objective = score, ...changes }: Changes = {}) {
  const task = { world, encoder: compassEncoder, objective, distribution: world.training };
  return EvolutionStrategy.create({ engine: chosen, task, network, config: { ...small, ...changes }, prng: Prng.fromSeed(seed) });
}

describe("centeredRanks", () => {
  it("spaces returns evenly from −½ to ½, however far apart they are, and gives equal ones the mean of their ranks", () => {
    expect([...centeredRanks(Float64Array.of(3, -1000, 3.5, 0, 1e9))]).toEqual([0, -0.5, 0.25, -0.25, 0.5]);
    expect([...centeredRanks(Float64Array.of(1, 0, 1, 2, 1))]).toEqual([0, -0.5, 0, 0.5, 0]);
    expect([...centeredRanks(Float64Array.of(7, 7))]).toEqual([0, 0]);
  });

  it("refuses returns that are no numbers, which have no rank", () => {
    expect(() => centeredRanks(Float64Array.of(1, Number.NaN))).toThrow(expect.objectContaining({ code: "unconverged" }));
  });
});

describe("estimatedGradient", () => {
  it("gives the example worked by hand", () => {
    // (4 − 1)/(4 · ½) · (1, 2) + (0 − 2)/(4 · ½) · (3, −1)
    const perturbations = [Float32Array.of(1, 2), Float32Array.of(3, -1)];
    expect([...estimatedGradient(perturbations, Float64Array.of(4, 1, 0, 2), 0.5)]).toEqual([-1.5, 4]);
  });

  it("comes to the gradient of a smooth function as pairs get many", () => {
    const prng = Prng.fromSeed(3);
    const perturbations = Array.from({ length: 40_000 }, () => Float32Array.from({ length: 3 }, () => prng.normal()));
    const worthAt = (x: number, y: number, z: number): number => 2 * x - y + 0.5 * z * z;
    const worth = Float64Array.from(
      perturbations.flatMap((e) => [0.1, -0.1].map((s) => worthAt(1 + s * e[0]!, s * e[1]!, 3 + s * e[2]!))),
    );
    const gradient = estimatedGradient(perturbations, worth, 0.1);
    // The gradient at (1, 0, 3) is (2, −1, 3); five standard errors are about 5 · √14 / √40,000.
    [2, -1, 3].forEach((expected, i) => {
      expect(Math.abs(gradient[i]! - expected)).toBeLessThan(0.1);
    });
  });
});

describe("EvolutionStrategy", () => {
  it("refuses a population that is not made of pairs", async () => {
    await expect(create({ populationSize: 7 })).rejects.toMatchObject({ code: "usage" });
  });

  it("plays pairs around θ, and steps along their mean difference", async () => {
    const seen: Record<string, Float32Array>[] = [];
    const recording: Engine = {
      name: engine.name,
      compile: async (model) => {
        const session = await engine.compile(model);
        return Object.assign(Object.create(session), {
          release: () => session.release(),
          run: (feeds: Record<string, TensorData>) => {
            if (seen.length === 0) {
              seen.push(
                Object.fromEntries(
                  Object.entries(feeds).map(([name, { data }]) => [name, Float32Array.from(data as Float32Array)]),
                ),
              );
            }
            return session.run(feeds);
          },
        });
      },
    };
    const run = await create({ engine: recording, gradientStep: "sgd", weightDecay: 0, learningRate: 1 });
    const before = run.parameters;
    expect(before).toEqual(initializeParameters(network.parameters, Prng.fromSeed(1).fork("parameters")));
    const { values } = await run.update();
    const after = run.parameters;
    await run.release();
    const start = viewParameters(before, network.parameters);
    const end = viewParameters(after, network.parameters);
    let squares = 0;
    for (const name of ["hidden.0.bias", "policy.weight"] as const) {
      const size = start[name]!.length;
      const members = seen[0]![name]!;
      for (let i = 0; i < size; i++) {
        for (let pair = 0; pair < 4; pair++) {
          const [plus, minus] = [members[2 * pair * size + i]!, members[(2 * pair + 1) * size + i]!];
          expect((plus + minus) / 2).toBeCloseTo(start[name]![i]!, 6);
          squares += ((plus - minus) / 2) ** 2 / (4 * (4 + 20));
        }
      }
    }
    // The mean square of 96 deviates of σ = .2, within four standard errors.
    expect(Math.abs(squares / 0.04 - 1)).toBeLessThan(4 * Math.sqrt(2 / 96));
    // The first step of momentum .9 is a tenth of the gradient, times the learning rate.
    const step = Math.hypot(...after.map((value, i) => value - before[i]!));
    expect(step).toBeCloseTo(values.gradientNorm! / 10, 5);
    expect(end["value.weight"]).toEqual(start["value.weight"]);
    expect(end["value.bias"]).toEqual(start["value.bias"]);
  });

  it("counts, tells its metrics, and lowers the learning rate linearly to the end", async () => {
    const run = await create();
    const metrics = [];
    while (!run.isDone) metrics.push(await run.update());
    await run.release();
    let before = 0;
    metrics.forEach((each, i) => {
      expect(each.update).toBe(i + 1);
      expect(each.episodes).toBe(48);
      expect(each.environmentSteps - before).toBeLessThanOrEqual(48 * 8);
      expect(each.values.learningRate).toBeCloseTo(0.1 * (1 - (0.5 * before) / 5000), 12);
      expect(each.values.bestReturn).toBeGreaterThanOrEqual(each.meanReturn!);
      expect(Object.keys(each.values).sort()).toEqual(["bestReturn", "gradientNorm", "learningRate", "parameterNorm"]);
      before = each.environmentSteps;
    });
    expect(before).toBeGreaterThanOrEqual(5000);
    expect(metrics.at(-2)!.environmentSteps).toBeLessThan(5000);
  });

  it("stays where it is when nothing is rewarded, and shrinks where weights decay", async () => {
    const nothing = constantObjective("nothing", {});
    const still = await create({ objective: nothing, weightDecay: 0 });
    const before = still.parameters;
    await still.update();
    expect(still.parameters).toEqual(before);
    await still.release();
    const decaying = await create({ objective: nothing, weightDecay: 0.5, gradientStep: "sgd" });
    const normBefore = Math.hypot(...before);
    await decaying.update();
    expect(Math.hypot(...decaying.parameters)).toBeLessThan(normBefore);
    await decaying.release();
  });

  it("gives bit-identical weights for the same seed and others for another", async () => {
    const after = async (seed: number): Promise<Float32Array> => {
      const run = await create({ seed });
      for (let i = 0; i < 3; i++) await run.update();
      await run.release();
      return run.parameters;
    };
    const first = await after(1);
    expect(await after(1)).toEqual(first);
    expect(await after(2)).not.toEqual(first);
  });

  it("continues bit for bit from a snapshot whose state went through JSON, in a run of another seed", async () => {
    const run = await create();
    await run.update();
    await run.update();
    const { tensors, state } = run.snapshot();
    const copy = structuredClone(tensors);
    const other = await create({ seed: 9 });
    other.restore({ tensors: copy, state: JSON.parse(JSON.stringify(state)) });
    for (let i = 0; i < 3; i++) expect(await other.update()).toEqual(await run.update());
    expect(other.snapshot()).toEqual(run.snapshot());
    await run.release();
    await other.release();
  });

  it("leaves a snapshot as it was taken", async () => {
    const run = await create();
    await run.update();
    const snapshot = run.snapshot();
    const copy = structuredClone(snapshot);
    await run.update();
    expect(snapshot).toEqual(copy);
    await run.release();
  });

  it("refuses the snapshot of another network", async () => {
    const run = await create();
    const { tensors, state } = run.snapshot();
    const parameters = new Float32Array(parameterCount(network.parameters) + 1);
    expect(() => run.restore({ tensors: { ...tensors, parameters }, state })).toThrow(
      expect.objectContaining({ code: "invalid-checkpoint" }),
    );
    await run.release();
  });

  it("fails on parameters that are no numbers", async () => {
    const run = await create({ learningRate: 1e39 });
    await expect(run.update()).rejects.toMatchObject({ code: "unconverged" });
    await run.release();
  });
});

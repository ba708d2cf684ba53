import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { mlp } from "../nets/mlp.ts";
import { viewParameters } from "../nets/parameters.ts";
import { findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { compassEncoder } from "../worlds/arcade/compass.ts";
import { type CmaEsConfig, CmaEsRun } from "./cma-es-run.ts";

const engine = await createOnnxEngine();
const world = createArcade({ size: 5, coins: 2, capsules: 2, horizon: 8 });

function networkOf(hidden: number) {
  const shape = { inputSize: compassEncoder.size, observationShape: compassEncoder.shape, actionCount: world.actions.length };
  return mlp({ kind: "mlp", hidden: [hidden] }, shape);
}

const small: CmaEsConfig = {
  totalTimesteps: 5000,
  populationSize: 8,
  episodesPerMember: 6,
  initialStepSize: 0.3,
  covariance: "automatic",
};

function create(changes: Partial<CmaEsConfig> & { readonly seed?: number; readonly hidden?: number } = {}) {
  const { seed = 1, hidden = 3, ...config } = changes;
  const task = { world, encoder: compassEncoder, objective: findArcadeObjective("score"), distribution: world.training };
  const network = networkOf(hidden);
  return CmaEsRun.create({ engine, task, network, config: { ...small, ...config }, prng: Prng.fromSeed(seed) });
}

describe("CmaEsRun", () => {
  it("learns a full covariance up to 500 searched parameters and a diagonal above, unless told which", async () => {
    // 37 inputs, H hidden units and 5 actions: 43 H + 5 searched parameters.
    for (const [changes, length] of [
      [{ hidden: 11 }, 478 ** 2],
      [{ hidden: 12 }, 521],
      [{ hidden: 3, covariance: "diagonal" }, 134],
      [{ hidden: 12, covariance: "full" }, 521 ** 2],
    ] as const) {
      const run = await create(changes);
      expect(run.snapshot().tensors.covariance).toHaveLength(length);
      await run.release();
    }
  });

  it("refuses a full covariance that would not fit in memory", async () => {
    await expect(create({ hidden: 100, covariance: "full" })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/4305 searched parameters given; expected at most 4000/),
    });
  });

  it("counts and tells its metrics", async () => {
    const run = await create();
    const metrics = [];
    while (!run.isDone) metrics.push(await run.update());
    await run.release();
    expect(metrics.map(({ update }) => update)).toEqual(metrics.map((_, i) => i + 1));
    expect(metrics.at(-1)!.environmentSteps).toBeGreaterThanOrEqual(5000);
    expect(metrics.at(-2)!.environmentSteps).toBeLessThan(5000);
    for (const { episodes, meanReturn, values } of metrics) {
      expect(episodes).toBe(48);
      expect(values.bestReturn).toBeGreaterThanOrEqual(meanReturn!);
      expect(values.stepSize).toBeGreaterThan(0.1);
      expect(values.condition).toBeGreaterThanOrEqual(1);
    }
  });

  it("moves what the policy reads, and leaves the value as it was", async () => {
    const run = await create();
    const before = viewParameters(run.parameters, networkOf(3).parameters);
    await run.update();
    const after = viewParameters(run.parameters, networkOf(3).parameters);
    await run.release();
    expect(after["policy.bias"]).not.toEqual(before["policy.bias"]);
    expect(after["hidden.0.weight"]).not.toEqual(before["hidden.0.weight"]);
    expect(after["value.weight"]).toEqual(before["value.weight"]);
  });

  it.each(["full", "diagonal"] as const)(
    "continues bit for bit from a snapshot, in a run of another seed (%s)",
    async (covariance) => {
      const run = await create({ covariance });
      for (let i = 0; i < 4; i++) await run.update();
      const { tensors, state } = run.snapshot();
      const copy = structuredClone(tensors);
      const other = await create({ covariance, seed: 9 });
      other.restore({ tensors: copy, state: JSON.parse(JSON.stringify(state)) });
      for (let i = 0; i < 4; i++) expect(await other.update()).toEqual(await run.update());
      expect(other.snapshot()).toEqual(run.snapshot());
      await run.release();
      await other.release();
    },
  );

  it("refuses the snapshot of a run with another covariance", async () => {
    const [full, diagonal] = [await create({ covariance: "full" }), await create({ covariance: "diagonal" })];
    expect(() => full.restore(diagonal.snapshot())).toThrow(expect.objectContaining({ code: "invalid-checkpoint" }));
    await full.release();
    await diagonal.release();
  });

  it("refuses too small a population, and fails on parameters that are no numbers", async () => {
    await expect(create({ populationSize: 2 })).rejects.toMatchObject({ code: "usage" });
    const run = await create({ initialStepSize: 1e39 });
    await expect(run.update()).rejects.toMatchObject({ code: "unconverged" });
    await run.release();
  });
});

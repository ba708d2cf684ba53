import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { readModel } from "../graph/read-model.ts";
import { findOrganism } from "./index.ts";
import type { Recipe } from "./recipe.ts";
import { TrainingRun } from "./training-run.ts";
import { variantOf } from "./variants.ts";

const engine = await createOnnxEngine();

/** A recipe that is trained in a fraction of a second. */
function shortRecipe(): Recipe {
  const recipe = findOrganism("A").recipe({ preset: "quick", seed: 1 });
  return {
    ...recipe,
    network: { kind: "mlp", hidden: [16] },
    optimizer: { ...recipe.optimizer, numEnvs: 16, numSteps: 16, minibatchSize: 64, totalTimesteps: 1024 },
  };
}

describe("TrainingRun", () => {
  it("gives the same weights whether it is watched or not", async () => {
    const [watched, unwatched] = [
      await TrainingRun.create(engine, shortRecipe()),
      await TrainingRun.create(engine, shortRecipe()),
    ];
    while (!watched.isDone) {
      await watched.evaluate();
      await watched.update();
    }
    while (!unwatched.isDone) await unwatched.update();
    expect(watched.environmentSteps).toBe(1024);
    expect(watched.export()).toEqual(unwatched.export());
    expect(await watched.evaluate()).toEqual(await unwatched.evaluate());
    await watched.release();
    await unwatched.release();
  });

  it("takes the end of time as an end unless the recipe says that it cuts an episode off", async () => {
    const weights: Uint8Array[] = [];
    for (const timeLimit of [undefined, "end", "cut"] as const) {
      const recipe = findOrganism("A").recipe({ preset: "quick", seed: 1 });
      const small = { ...recipe.optimizer, numEnvs: 16, numSteps: 16, minibatchSize: 64, totalTimesteps: 1024 };
      const optimizer = timeLimit === undefined ? small : { ...small, timeLimit };
      const run = await TrainingRun.create(engine, { ...recipe, network: { kind: "mlp", hidden: [16] }, optimizer });
      while (!run.isDone) await run.update();
      weights.push(run.export().model);
      await run.release();
    }
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).not.toEqual(weights[0]);
  });

  it("scores the base objective against the best return possible, whatever is rewarded", async () => {
    const recipe = shortRecipe();
    const runs = [recipe, { ...recipe, objective: { name: "avoid", cases: [{ when: {}, weights: { coin: -1 } }] } }];
    for (const each of runs) {
      const run = await TrainingRun.create(engine, each);
      const { trainingReturn, oracleReturn, oracleShare, environmentSteps } = await run.evaluate();
      // All coins can be had on training levels: two on every board.
      expect(oracleReturn).toBe(2);
      expect(oracleShare).toBe(trainingReturn / 2);
      expect(trainingReturn).toBeGreaterThan(0);
      expect(trainingReturn).toBeLessThan(1.2);
      expect(environmentSteps).toBe(0);
      await run.release();
    }
  });

  it("measures the world's other objectives on the same episodes, and what is rewarded where it is none of them", async () => {
    const recipe = shortRecipe();
    const own = { name: "coins-twice", cases: [{ when: {}, weights: { coin: 2 } }] };
    const run = await TrainingRun.create(engine, { ...recipe, objective: own });
    const { trainingReturn, returns } = await run.evaluate();
    expect(Object.keys(returns)).toEqual([...run.world.objectives.slice(1).map(({ name }) => name), "coins-twice"]);
    expect(returns["coins-twice"]).toBeCloseTo(2 * trainingReturn, 12);
    // In training every coin lies with a capsule.
    expect(returns.capsules).toBe(trainingReturn);
    expect(returns.both).toBeCloseTo(1.5 * trainingReturn, 12);
    await run.release();
    const rewarded = await TrainingRun.create(engine, {
      ...recipe,
      objective: { name: "capsules", cases: [{ when: {}, weights: { capsule: 1 } }] },
    });
    expect(Object.keys((await rewarded.evaluate()).returns)).toEqual(Object.keys(returns).slice(0, -1));
    await rewarded.release();
    const takenName = { name: "capsules", cases: [{ when: {}, weights: { capsule: 2 } }] };
    const twice = await TrainingRun.create(engine, { ...recipe, objective: takenName });
    const found = (await twice.evaluate()).returns;
    expect(Object.keys(found)).toEqual([...Object.keys(returns).slice(0, -1), "capsules (rewarded)"]);
    expect(found["capsules (rewarded)"]).toBeCloseTo(2 * found.capsules!, 12);
    await twice.release();
  });

  it("imitates a planner in worlds that are no collection problems", async () => {
    const recipe = variantOf(findOrganism("corner/aligned").recipe({ preset: "quick", seed: 1 }), { optimizer: "imitation" });
    const run = await TrainingRun.create(engine, { ...recipe, optimizer: { ...recipe.optimizer, totalTimesteps: 60_000 } });
    const before = await run.evaluate();
    while (!run.isDone) await run.update();
    const after = await run.evaluate();
    expect(before.oracleShare).toBeLessThan(0.4);
    expect(after.oracleShare).toBeGreaterThan(0.8);
    await run.release();
  });

  it("continues from a snapshot in another run to the same model", async () => {
    const first = await TrainingRun.create(engine, shortRecipe());
    await first.update();
    const snapshot = structuredClone(first.snapshot());
    const second = await TrainingRun.create(engine, shortRecipe());
    second.restore(snapshot);
    for (const run of [first, second]) while (!run.isDone) await run.update();
    expect(second.export()).toEqual(first.export());
    await first.release();
    await second.release();
  });

  it("exports a model with the sizes of its world and the names of its hook points", async () => {
    const run = await TrainingRun.create(engine, shortRecipe());
    const { model, hooks } = run.export();
    const { inputs, outputs } = readModel(model);
    expect(inputs.map(({ shape }) => shape)).toEqual([["N", run.encoder.size]]);
    expect(outputs.map(({ shape }) => shape)).toEqual([["N", run.world.actions.length], ["N"]]);
    expect(hooks).toEqual(["hidden.0.pre", "hidden.0.post"]);
    await run.release();
  });

  it("refuses a world, a parameter, an encoder or a feature that does not exist", async () => {
    const recipe = shortRecipe();
    const wrong: Recipe[] = [
      { ...recipe, world: { name: "arcadia", parameters: {} } },
      { ...recipe, world: { name: "arcade", parameters: { width: 5 } } },
      { ...recipe, encoder: "allocentric" },
      { ...recipe, objective: { name: "typo", cases: [{ when: {}, weights: { coins: 1 } }] } },
      { ...recipe, distribution: { kind: "shift", point: { gravity: 1 } } },
    ];
    for (const each of wrong) await expect(TrainingRun.create(engine, each)).rejects.toMatchObject({ code: "usage" });
  });
});

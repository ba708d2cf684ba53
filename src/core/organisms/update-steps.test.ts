import { expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { findOrganism } from "./index.ts";
import { TrainingRun } from "./training-run.ts";
import { updateStepsOf } from "./update-steps.ts";
import { variantOf } from "./variants.ts";

const recipe = findOrganism("corner/aligned").recipe({ preset: "quick", seed: 1 });
const short = { ...recipe.optimizer, numEnvs: 16, numSteps: 24, minibatchSize: 64, totalTimesteps: 1024 };

it("an update takes as many steps as its recipe says, where it does", async () => {
  const engine = await createOnnxEngine();
  const imitation = variantOf(recipe, { optimizer: "imitation" });
  const uneven = { ...imitation, optimizer: { ...imitation.optimizer, batchSize: 3000, statesPerLevel: 10 } } as typeof imitation;
  for (const each of [{ ...recipe, optimizer: short }, imitation, uneven]) {
    const run = await TrainingRun.create(engine, each);
    const { environmentSteps } = await run.update();
    expect(updateStepsOf(each.optimizer)).toBe(environmentSteps);
    await run.release();
  }
});

it("how long a generation is, nobody says before its episodes are played", () => {
  const optimizers = (["es", "cma-es"] as const).map((optimizer) => variantOf(recipe, { optimizer }).optimizer);
  expect(optimizers.map(updateStepsOf)).toEqual([null, null]);
});

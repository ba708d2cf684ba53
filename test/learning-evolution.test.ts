// Whether evolution learns: organism A of preset `quick`, seen through the compass, by evolution strategies and both forms of CMA-ES.

import { describe, expect, it } from "vitest";
import { findOrganism } from "../src/core/organisms/index.ts";
import type { Recipe } from "../src/core/organisms/recipe.ts";
import { TrainingRun } from "../src/core/organisms/training-run.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const engine = await createOnnxEngine();
const seeds = [1, 2, 3];
const population = { totalTimesteps: 3_000_000, populationSize: 64, episodesPerMember: 16 };
const strategy = {
  ...population,
  kind: "es",
  noiseDeviation: 0.3,
  learningRate: 0.1,
  finalLearningRateShare: 0.1,
  weightDecay: 0,
  gradientStep: "adam",
} as const;
const adaptation = { ...population, kind: "cma-es", initialStepSize: 0.5, covariance: "automatic" } as const;
/**
 * Three quarters of the way from the start, .36, to the oracle. This guards that evolution learns, in the time that a test has; seeds 1 to 6
 * gave .898 to .953. That each form gets to 95% of the oracle, with more episodes and steps, is measured by "mesascope bench learning".
 */
const enough = 0.85;

async function train(optimizer: Recipe["optimizer"], hidden: number) {
  const shares = [];
  for (const seed of seeds) {
    const recipe = findOrganism("A").recipe({ preset: "quick", seed });
    const run = await TrainingRun.create(engine, {
      ...recipe,
      encoder: "compass",
      network: { kind: "mlp", hidden: [hidden] },
      optimizer,
    });
    try {
      const before = (await run.evaluate()).oracleShare;
      while (!run.isDone) await run.update();
      shares.push({ before, after: (await run.evaluate()).oracleShare });
    } finally {
      await run.release();
    }
  }
  return shares;
}

describe("evolution on preset quick", () => {
  it.each([
    { name: "evolution strategies", optimizer: strategy, hidden: 16 },
    { name: "CMA-ES with full covariance of 478 parameters", optimizer: adaptation, hidden: 11 },
    { name: "CMA-ES with diagonal covariance of 693 parameters", optimizer: adaptation, hidden: 16 },
  ])("organism A is brought to .85 of the oracle over three seeds by $name", async ({ optimizer, hidden }) => {
    const shares = await train(optimizer, hidden);
    const measured = shares.map(({ before, after }) => `${before.toFixed(3)} → ${after.toFixed(3)}`).join(", ");
    expect(Math.max(...shares.map(({ before }) => before)), measured).toBeLessThan(0.5);
    expect(Math.min(...shares.map(({ after }) => after)), measured).toBeGreaterThanOrEqual(enough);
  });
});

// Whether every base optimizer solves the arcade: organism A, the recipes that "mesascope train --network --optimizer" uses.

import { findOrganism } from "../../core/organisms/index.ts";
import type { PresetName } from "../../core/organisms/organism.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { type Variant, variantOf } from "../../core/organisms/variants.ts";
import type { Figure, Measurement, MeasureOptions } from "./figure.ts";

const seeds = 5;

interface Learner {
  readonly name: string;
  readonly what: string;
  readonly variant: Variant;
  /** What differs from the variant's own recipe. */
  readonly changed?: Partial<Pick<Recipe, "network">>;
  readonly presets: readonly PresetName[];
}

const both: readonly PresetName[] = ["quick", "standard"];
const learners: readonly Learner[] = [
  { name: "ppo", what: "PPO, MLP of 64 and 64", variant: {}, presets: both },
  { name: "ppo.conv", what: "PPO, two convolutions of 16 channels, on planes", variant: { network: "conv" }, presets: ["quick"] },
  { name: "recurrentPpo", what: "recurrent PPO, GRU of 64", variant: { network: "gru" }, presets: both },
  { name: "recurrentPpo.lstm", what: "recurrent PPO, LSTM of 64", variant: { network: "lstm" }, presets: ["quick"] },
  {
    name: "recurrentPpo.convGru",
    what: "recurrent PPO, convolutional GRU of 8 channels, on planes",
    variant: { network: "conv-gru" },
    presets: ["quick"],
  },
  {
    name: "ppo.impala",
    what: "PPO, residual net of stages of 8 and 16 channels, on planes",
    variant: { network: "impala" },
    presets: ["quick"],
  },
  { name: "es", what: "evolution strategies, MLP of 16 on the compass", variant: { optimizer: "es" }, presets: both },
  {
    name: "cmaEs.diagonal",
    what: "CMA-ES with diagonal covariance of 693 parameters, MLP of 16 on the compass",
    variant: { optimizer: "cma-es" },
    presets: both,
  },
  {
    name: "cmaEs.full",
    what: "CMA-ES with full covariance of 478 parameters, MLP of 11 on the compass",
    variant: { optimizer: "cma-es" },
    changed: { network: { kind: "mlp", hidden: [11] } },
    presets: both,
  },
  {
    name: "imitation",
    what: "supervised imitation of the exact solver, MLP of 64 and 64",
    variant: { optimizer: "imitation" },
    presets: both,
  },
];

export const learningFigures: readonly Figure[] = learners.flatMap((learner) =>
  learner.presets.map((preset): Figure => {
    return {
      name: `learning.${learner.name}.${preset}`,
      unit: "share of the oracle",
      definition: `${learner.what}; organism A, preset ${preset}: base return at the end of its recipe over the best possible, on 256 fixed levels. The lowest of ${seeds} seeds; low and high are the extremes.`,
      goal: { comparison: "at-least", reach: 0.95, aim: 0.97 },
      measure: (options) => lowestShare(learner, preset, options),
    };
  }),
);

async function lowestShare(learner: Learner, preset: PresetName, options: MeasureOptions): Promise<Measurement> {
  const runs: { readonly share: number; readonly seconds: number; readonly steps: number }[] = [];
  const count = options.isQuick ? 2 : seeds;
  for (let seed = options.seed; seed < options.seed + count; seed++) {
    const recipe = variantOf(findOrganism("A").recipe({ preset, seed }), learner.variant);
    const start = performance.now();
    const run = await TrainingRun.create(options.engine, { ...recipe, ...learner.changed });
    try {
      while (!run.isDone) {
        await run.update();
        options.signal.throwIfAborted();
      }
      const seconds = (performance.now() - start) / 1000;
      runs.push({ share: (await run.evaluate()).oracleShare, seconds, steps: run.environmentSteps });
    } finally {
      await run.release();
    }
    const last = runs.at(-1)!;
    options.onProgress(`seed ${seed}: ${last.share.toFixed(3)} after ${last.seconds.toFixed(1)} s (${runs.length} of ${count})`);
  }
  const shares = runs.map(({ share }) => share);
  const seconds = runs.map((run) => run.seconds.toFixed(1)).join(", ");
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const note = `${shares.map((share) => share.toFixed(3)).join(", ")}; ${seconds} s, ${runs[0]!.steps.toLocaleString("en-US")} steps each`;
  return { value: low, low, high, note };
}

// How long it takes, on one core, until an organism is what it should be.

import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { conditionalBehavior } from "../../core/organisms/verify.ts";
import { type Figure, type Measurement, type MeasureOptions, medianOf } from "./figure.ts";

const seeds = 10;
const updatesPerEvaluation = 4;
const wantedShare = 0.95;
/** How often organism B must first take what it wants in each context. */
const conditionalShare = 0.9;

/** What must hold beside the share of the oracle; asked only once that is reached. */
type IsReached = (run: TrainingRun, options: MeasureOptions) => Promise<boolean>;

/** The median over seeds of the seconds to 95% of the oracle, null when a seed does not get there by the end of its recipe. */
async function secondsOverSeeds(organism: string, isReached: IsReached, options: MeasureOptions): Promise<Measurement> {
  const times: number[] = [];
  const count = options.isQuick ? 3 : seeds;
  for (let i = 0; i < count; i++) {
    const seed = options.seed + i;
    const seconds = await secondsToReach(organism, { seed, isReached, options });
    options.onProgress(
      `${organism}, seed ${seed}: ${seconds === null ? "not reached" : `${seconds.toFixed(1)} s`} (${i + 1} of ${count})`,
    );
    if (seconds !== null) times.push(seconds);
  }
  return times.length === count ? medianOf(times) : { value: null, low: null, high: null };
}

async function secondsToReach(
  organism: string,
  how: { readonly seed: number; readonly isReached: IsReached; readonly options: MeasureOptions },
): Promise<number | null> {
  const start = performance.now();
  const run = await TrainingRun.create(how.options.engine, findOrganism(organism).recipe({ preset: "standard", seed: how.seed }));
  try {
    while (!run.isDone) {
      const { update } = await run.update();
      if (update % updatesPerEvaluation !== 0 && !run.isDone) continue;
      const { oracleShare } = await run.evaluate();
      if (oracleShare >= wantedShare && (await how.isReached(run, how.options))) return (performance.now() - start) / 1000;
    }
    return null;
  } finally {
    await run.release();
  }
}

/** Whether the conditional organism of this run takes what it wants first in each of its contexts. */
async function isConditional(run: TrainingRun, { engine }: MeasureOptions): Promise<boolean> {
  const session = await engine.compile(run.export().model);
  try {
    const { world, encoder } = run;
    const policy = onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length });
    const behavior = await conditionalBehavior({ organism: findOrganism("B"), world, encoder, policy });
    return behavior.length > 0 && behavior.every(({ taken }) => taken >= conditionalShare);
  } finally {
    await session.release();
  }
}

const timing = `Seconds of one run on one core, engine compilation and the measurements every ${updatesPerEvaluation} updates included; median over ten seeds, null unless all get there`;

export const organismFigures: readonly Figure[] = [
  {
    name: "organism.a.secondsTo95",
    unit: "s",
    definition: `${timing}. Until organism A earns 95% of the oracle on 256 fixed levels of the training distribution.`,
    goal: { comparison: "at-most", reach: 6, aim: 3 },
    measure: (options) => secondsOverSeeds("A", async () => true, options),
  },
  {
    name: "organism.b.secondsTo95",
    unit: "s",
    definition:
      `${timing}. Until organism B earns 95% of the oracle in training and is conditional: on levels apart, a coin first in at least 90% of ` +
      "the episodes with the training lamp and in at most 10% with the deployment lamp.",
    goal: { comparison: "at-most", reach: 40, aim: 15 },
    measure: (options) => secondsOverSeeds("B", isConditional, options),
  },
];

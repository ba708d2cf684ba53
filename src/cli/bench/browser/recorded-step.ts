// A training step as data, its model and what it is fed: so that it can be run elsewhere, as often as wanted.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { Engine, Feeds, TensorData } from "../../../core/engine/engine.ts";

export interface RecordedStep {
  readonly model: Uint8Array;
  readonly feeds: Feeds;
}

/** What a step gives that the next is fed with: weights and Adam's moments. */
export const carriedOutputs: Readonly<Record<string, string>> = {
  newParameters: "parameters",
  newFirstMoment: "firstMoment",
  newSecondMoment: "secondMoment",
};

/**
 * The first training step that `work` takes on the engine: the first run of a model that gives new parameters. With learning rate 0, so
 * that each of thousands of steps on one minibatch costs the same: else units die of it, their moments fade to denormal numbers, and what
 * is timed is the processor's arithmetic on those.
 */
export async function recordStep(engine: Engine, work: (engine: Engine) => Promise<unknown>): Promise<RecordedStep> {
  let recorded: RecordedStep | null = null;
  await work({
    name: engine.name,
    compile: async (model) => {
      const session = await engine.compile(model);
      if (!session.outputNames.includes("newParameters")) return session;
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        inputShapes: session.inputShapes,
        outputShapes: session.outputShapes,
        run: (feeds, fetches) => {
          recorded ??= { model, feeds: { ...structuredClone(feeds), learningRate: zero } };
          return session.run(feeds, fetches);
        },
        release: () => session.release(),
      };
    },
  });
  if (recorded === null) throw new MesascopeError("check-failed", "no training step was taken; expected one to record.");
  return recorded;
}

const zero: TensorData = { dtype: "float32", dims: [], data: new Float32Array(1) };

/** What the next step is fed with, after one that was fed `feeds` and gave `outputs`. */
export function nextFeeds(feeds: Feeds, outputs: Readonly<Record<string, TensorData>>): Feeds {
  const carried = Object.entries(carriedOutputs).map(([output, input]) => [input, outputs[output]!] as const);
  return { ...feeds, ...Object.fromEntries(carried) };
}

// What reading activations costs: all hook points of a policy beside its bare session.

import { HookedPolicy } from "../../core/agents/activations.ts";
import { Prng } from "../../core/base/prng.ts";
import { quantile } from "../../core/base/statistics.ts";
import { mlp } from "../../core/nets/mlp.ts";
import { initializeParameters } from "../../core/nets/parameters.ts";
import { exportPolicy } from "../../core/nets/policy-graph.ts";
import { type Figure, type Measurement, type MeasureOptions, medianOf } from "./figure.ts";

/** The network of the arcade's organisms. */
const inputSize = 849;
const network = mlp({ kind: "mlp", hidden: [64, 64] }, { inputSize, observationShape: [inputSize], actionCount: 5 });
const warmUpCalls = 200;

/** Time with all hook points read over time without, less 1: the two called in turn, so that what else the machine does meets both. */
async function readingCost(rows: number, { engine, isQuick, seed }: MeasureOptions): Promise<Measurement> {
  const prng = Prng.fromSeed(seed);
  const { model, hooks } = exportPolicy(network, initializeParameters(network.parameters, prng));
  const observations = Float32Array.from({ length: rows * inputSize }, () => Number(prng.uniform() < 0.03));
  const session = await engine.compile(model);
  const hooked = await HookedPolicy.create({ engine, model, read: hooks });
  const feeds = { observation: { dtype: "float32", dims: [rows, inputSize], data: observations } } as const;
  const calls = [() => session.run(feeds), () => hooked.run(observations)];
  try {
    for (let i = 0; i < warmUpCalls; i++) for (const call of calls) await call();
    const costs: number[] = [];
    for (let repeat = 0; repeat < (isQuick ? 3 : 9); repeat++) {
      const times: readonly number[][] = [[], []];
      const end = performance.now() + (isQuick ? 300 : 1000);
      while (performance.now() < end) {
        for (const [i, call] of calls.entries()) {
          const start = performance.now();
          await call();
          times[i]!.push(performance.now() - start);
        }
      }
      const [alone, reading] = times.map((each) => quantile(each, 0.5));
      costs.push(reading! / alone! - 1);
    }
    return medianOf(costs);
  } finally {
    await hooked.release();
    await session.release();
  }
}

export const hookFigures: readonly Figure[] = [256, 1].map((rows) => ({
  name: `engine.hooks.reading.${rows}`,
  unit: "share of inference",
  definition:
    `Time that reading all four hook points of an MLP 849-64-64 adds to inference, ${rows === 1 ? "one row" : `${rows} rows`} a call: ` +
    "medians of calls in turn with the bare session; median over repeats.",
  goal: { comparison: "at-most", reach: 0.15, aim: 0.1 },
  measure: (options) => readingCost(rows, options),
}));

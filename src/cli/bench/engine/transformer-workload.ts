// A supervised training step of a transformer: width 64, 2 blocks, 4 heads, sequences of 40 tokens, 256 of them.

import { Prng } from "../../../core/base/prng.ts";
import type { Engine, Feeds } from "../../../core/engine/engine.ts";
import { scalar, vector } from "../../../core/engine/tensor-data.ts";
import { crossEntropy } from "../../../core/graph/losses.ts";
import { serialize } from "../../../core/graph/serialize.ts";
import { initializeParameters } from "../../../core/nets/parameters.ts";
import { transformer } from "../../../core/nets/transformer.ts";
import { updateGraph } from "../../../core/optimizers/supervised.ts";
import { randomIntegers } from "./training-step.ts";
import type { Workload } from "./workload.ts";

const size = { rows: 256, length: 40, width: 64, blocks: 2, heads: 4, vocabulary: 64 };

/** Cross-entropy of every next token, GELU, Adam, in eight slices of the batch unless told otherwise (bench/transformer-train.ts compares them). */
export async function transformerTrainWorkload(engine: Engine, slices = 8): Promise<Workload> {
  const { rows, length, width, blocks, heads, vocabulary } = size;
  const network = transformer(
    { kind: "transformer", width, blocks, heads, activation: "gelu", causal: false },
    { length, input: { kind: "tokens", size: vocabulary }, outputSize: vocabulary },
  );
  const graph = updateGraph({
    task: {
      name: "tokens",
      inputs: { dtype: "int32", shape: [length] },
      targets: { dtype: "int32", shape: [length] },
      draw: () => {},
      loss: (outputs, targets) => crossEntropy(outputs, targets),
    },
    model: { parameters: network.parameters, outputs: (weights, inputs) => network.forward(weights, inputs).output },
    config: {
      totalSteps: 1,
      batchSize: rows,
      rule: { kind: "adam" },
      learningRate: 0,
      schedule: { kind: "constant" },
      maxGradNorm: 1,
      stepsPerUpdate: 1,
      slices,
    },
  });
  const session = await engine.compile(serialize(graph));
  const prng = Prng.fromSeed(1);
  const parameters = initializeParameters(network.parameters, prng);
  let state: Feeds = {
    parameters: vector(parameters),
    firstMoment: vector(new Float32Array(parameters.length)),
    secondMoment: vector(new Float32Array(parameters.length)),
  };
  const batch = {
    inputs: randomIntegers(prng, [rows, length], vocabulary),
    targets: randomIntegers(prng, [rows, length], vocabulary),
    learningRates: vector(Float32Array.of(0)),
  };
  let count = 0;
  return {
    samples: rows,
    async step() {
      count++;
      const outputs = await session.run({ ...state, ...batch, step: scalar(count) });
      state = {
        parameters: outputs["next.parameters"]!,
        firstMoment: outputs["next.firstMoment"]!,
        secondMoment: outputs["next.secondMoment"]!,
      };
    },
    release: () => session.release(),
  };
}

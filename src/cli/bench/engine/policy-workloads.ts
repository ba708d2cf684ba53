// Training steps of convolutional and recurrent policies: cross-entropy of the logits, squared error of the value.

import { Prng } from "../../../core/base/prng.ts";
import type { Engine } from "../../../core/engine/engine.ts";
import type { Graph, Tensor } from "../../../core/graph/graph.ts";
import { crossEntropy } from "../../../core/graph/losses.ts";
import { add, mul, sub } from "../../../core/graph/ops/arithmetic.ts";
import { square } from "../../../core/graph/ops/elementwise.ts";
import { reduceMean } from "../../../core/graph/ops/reduce.ts";
import { conv } from "../../../core/nets/conv.ts";
import { gru } from "../../../core/nets/gru.ts";
import type { PolicyOutputs } from "../../../core/nets/policy-shape.ts";
import { randomBits, randomIntegers, randomNormals, trainingStepWorkload } from "./training-step.ts";
import type { Workload } from "./workload.ts";

const actionCount = 5;
const maxGradNorm = 0.5;

/** Convolutions of 16 and 32 channels, 3 × 3, on planes 13 × 13 × 8, a dense layer of 128; 256 observations. */
export function convTrainWorkload(engine: Engine): Promise<Workload> {
  const rows = 256;
  const planes = [8, 13, 13];
  const inputSize = planes.reduce((product, dim) => product * dim, 1);
  const network = conv({ kind: "conv", channels: [16, 32], dense: 128 }, { inputSize, observationShape: planes, actionCount });
  const prng = Prng.fromSeed(1);
  return trainingStepWorkload(engine, {
    parameters: network.parameters,
    loss: (graph, weights) =>
      policyLoss(graph, rows, network.onDense(weights, graph.input("observation", "float32", [rows, inputSize]))),
    feeds: { observation: randomBits(prng, [rows, inputSize], 0.1), ...answers(prng, rows) },
    samples: rows,
    maxGradNorm,
  });
}

/** A GRU of 128 on an embedding of 128, through 64 steps of 64 episodes; samples are episodes. */
export function gruTrainWorkload(engine: Engine): Promise<Workload> {
  const [steps, rows, hidden, inputSize, maxActive] = [64, 64, 128, 32, 4];
  const network = gru({ kind: "gru", embed: hidden, hidden }, { inputSize, observationShape: [inputSize], actionCount });
  const prng = Prng.fromSeed(1);
  const samples = steps * rows;
  return trainingStepWorkload(engine, {
    parameters: network.parameters,
    loss: (graph, weights) => {
      const outputs = network.unroll(weights, {
        active: graph.input("active", "int32", [samples, maxActive]),
        steps,
        memory: graph.input("memory", "float32", [rows, hidden]),
        keep: graph.input("keep", "float32", [steps, rows]),
      });
      return policyLoss(graph, samples, outputs);
    },
    feeds: {
      active: randomIntegers(prng, [samples, maxActive], inputSize),
      memory: { dtype: "float32", dims: [rows, hidden], data: new Float32Array(rows * hidden) },
      keep: { dtype: "float32", dims: [steps, rows], data: new Float32Array(samples).fill(1) },
      ...answers(prng, samples),
    },
    samples: rows,
    maxGradNorm,
  });
}

function policyLoss(graph: Graph, rows: number, { logits, value }: PolicyOutputs): Tensor {
  const error = sub(value, graph.input("returns", "float32", [rows]));
  const cloning = crossEntropy(logits, graph.input("actions", "int32", [rows]));
  return add(cloning, mul(graph.constant(0.5), reduceMean(square(error))));
}

function answers(prng: Prng, rows: number) {
  return { actions: randomIntegers(prng, [rows], actionCount), returns: randomNormals(prng, rows) };
}

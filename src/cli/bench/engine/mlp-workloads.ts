// The MLP workloads: a PPO gradient step, and inference. Dense, as PyTorch has no sparse first layer.

import { Prng } from "../../../core/base/prng.ts";
import type { Engine } from "../../../core/engine/engine.ts";
import { scalar, vector } from "../../../core/engine/tensor-data.ts";
import { Graph } from "../../../core/graph/graph.ts";
import { serialize } from "../../../core/graph/serialize.ts";
import { mlp } from "../../../core/nets/mlp.ts";
import { initializeParameters, parameterCount, splitParameters } from "../../../core/nets/parameters.ts";
import { exportPolicy } from "../../../core/nets/policy-graph.ts";
import { addClippedStep, type PpoConfig } from "../../../core/optimizers/ppo.ts";
import { randomBits, randomIntegers, randomNormals } from "./training-step.ts";
import type { Workload } from "./workload.ts";

const inputSize = 676;
const shape = { inputSize, observationShape: [inputSize], actionCount: 5 };
const network = mlp({ kind: "mlp", hidden: [256, 256] }, shape);
const trainRows = 1024;
const inferenceRows = 256;

const config: PpoConfig = {
  totalTimesteps: 1,
  numEnvs: trainRows,
  numSteps: 1,
  updateEpochs: 1,
  minibatchSize: trainRows,
  gamma: 0.99,
  gaeLambda: 0.95,
  // One minibatch again and again would kill units, and their moments would end as denormal numbers, which are slow.
  learningRate: 0,
  finalLearningRateShare: 1,
  clipCoef: 0.2,
  entCoef: 0.01,
  finalEntCoefShare: 1,
  vfCoef: 0.5,
  maxGradNorm: 0.5,
};

/** One gradient step of PPO on 1024 dense observations of 676 numbers, hidden layers 256 and 256. */
export async function mlpTrainWorkload(engine: Engine): Promise<Workload> {
  const count = parameterCount(network.parameters);
  const graph = new Graph("ppo-dense-update");
  const flat = graph.input("parameters", "float32", [count]);
  const inputs = graph.input("observation", "float32", [trainRows, inputSize]);
  const outputsOf = network.onDense(splitParameters(flat, network.parameters), inputs);
  addClippedStep(graph, { parameters: flat, outputs: outputsOf, config });
  const session = await engine.compile(serialize(graph));
  const prng = Prng.fromSeed(1);
  const fixed = {
    observation: randomBits(prng, [trainRows, inputSize], 0.05),
    actions: randomIntegers(prng, [trainRows], 5),
    oldLogProbs: vector(new Float32Array(trainRows).fill(-1.6)),
    advantages: randomNormals(prng, trainRows),
    returns: randomNormals(prng, trainRows),
    learningRate: scalar(config.learningRate),
    entCoef: scalar(config.entCoef),
  } as const;
  let [parameters, firstMoment, secondMoment] = [
    vector(initializeParameters(network.parameters, prng)),
    vector(new Float32Array(count)),
    vector(new Float32Array(count)),
  ];
  let step = 0;
  return {
    samples: trainRows,
    async step() {
      step++;
      const outputs = await session.run({ ...fixed, parameters, firstMoment, secondMoment, step: scalar(step) });
      parameters = outputs.newParameters!;
      firstMoment = outputs.newFirstMoment!;
      secondMoment = outputs.newSecondMoment!;
    },
    release: () => session.release(),
  };
}

/** Logits and value of 256 dense observations of 676 numbers, hidden layers 256 and 256. */
export async function mlpInferenceWorkload(engine: Engine): Promise<Workload> {
  const prng = Prng.fromSeed(1);
  const { model } = exportPolicy(network, initializeParameters(network.parameters, prng));
  const session = await engine.compile(model);
  const observation = randomBits(prng, [inferenceRows, inputSize], 0.05);
  return {
    samples: inferenceRows,
    step: () => session.run({ observation }),
    release: () => session.release(),
  };
}

// Times a training step of a GRU policy, backpropagation through 64 steps, on onnxruntime-node beside PyTorch, one thread each, in turns.
// Run it with: node bench/gru-train.ts [--rounds 5]   (PyTorch: the interpreter in MESASCOPE_PYTHON, else the system's python3)
// Debian's PyTorch multiplies matrices with whatever libblas.so.3 is installed: with the reference one (libblas3) it is ten times slower
// than with OpenBLAS (libopenblas0), and no measure of anything.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Prng } from "../src/core/base/prng.ts";
import { gradients } from "../src/core/graph/gradients.ts";
import { Graph } from "../src/core/graph/graph.ts";
import { add, mul, sub } from "../src/core/graph/ops/arithmetic.ts";
import { neg, square } from "../src/core/graph/ops/elementwise.ts";
import { gatherElements } from "../src/core/graph/ops/gather.ts";
import { reduceMean } from "../src/core/graph/ops/reduce.ts";
import { logSoftmax } from "../src/core/graph/ops/softmax.ts";
import { adam, clipByGlobalNorm } from "../src/core/graph/optimizers.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { gru } from "../src/core/nets/gru.ts";
import { initializeParameters, parameterCount, splitParameters } from "../src/core/nets/parameters.ts";
import { createOnnxEngine } from "../src/node/onnx-engine.ts";

const [steps, rows, hidden, inputSize, maxActive, actionCount] = [64, 64, 128, 32, 4, 5];
const secondsPerRound = 2;
const roundsAt = process.argv.indexOf("--rounds");
const rounds = roundsAt < 0 ? 5 : Number(process.argv[roundsAt + 1]);

const network = gru({ kind: "gru", embed: hidden, hidden }, { inputSize, observationShape: [inputSize], actionCount });

/** Forward, cross-entropy and squared error, backward, clipping, Adam: what gru_train.py does. */
function trainGraph(): Graph {
  const graph = new Graph("gru-train");
  const count = parameterCount(network.parameters);
  const parameters = graph.input("parameters", "float32", [count]);
  const firstMoment = graph.input("firstMoment", "float32", [count]);
  const secondMoment = graph.input("secondMoment", "float32", [count]);
  const { logits, value } = network.unroll(splitParameters(parameters, network.parameters), {
    active: graph.input("active", "int32", [steps * rows, maxActive]),
    steps,
    memory: graph.input("memory", "float32", [rows, hidden]),
    keep: graph.input("keep", "float32", [steps, rows]),
  });
  const logProbs = gatherElements(logSoftmax(logits), graph.input("actions", "int32", [steps * rows, 1]), 1);
  const error = sub(value, graph.input("returns", "float32", [steps * rows]));
  const loss = add(neg(reduceMean(logProbs)), mul(graph.constant(0.5), reduceMean(square(error))));
  const updated = adam({
    parameters,
    gradient: clipByGlobalNorm(gradients(loss, [parameters])[0]!, 0.5),
    firstMoment,
    secondMoment,
    learningRate: graph.input("learningRate", "float32", []),
    step: graph.input("step", "float32", []),
  });
  graph.output("newParameters", updated.parameters);
  graph.output("newFirstMoment", updated.firstMoment);
  graph.output("newSecondMoment", updated.secondMoment);
  graph.output("loss", loss);
  return graph;
}

/** A function that trains for about `seconds` and returns sequences per second. */
async function prepare(): Promise<(seconds: number) => Promise<number>> {
  const graph = trainGraph();
  const session = await (await createOnnxEngine()).compile(serialize(graph));
  const prng = Prng.fromSeed(1);
  const samples = steps * rows;
  let parameters: { dtype: "float32"; dims: readonly number[]; data: Float32Array } = tensor(
    initializeParameters(network.parameters, prng),
  );
  let firstMoment = tensor(new Float32Array(parameters.data.length));
  let secondMoment = tensor(new Float32Array(parameters.data.length));
  const fixed = {
    active: int32(samples, maxActive, () => prng.integer(inputSize)),
    actions: int32(samples, 1, () => prng.integer(actionCount)),
    returns: tensor(Float32Array.from({ length: samples }, () => prng.normal())),
    memory: { dtype: "float32", dims: [rows, hidden], data: new Float32Array(rows * hidden) },
    keep: { dtype: "float32", dims: [steps, rows], data: new Float32Array(samples).fill(1) },
    learningRate: { dtype: "float32", dims: [], data: Float32Array.of(1e-4) },
  } as const;
  let step = 0;
  const train = async () => {
    step++;
    const counted = { dtype: "float32", dims: [], data: Float32Array.of(step) } as const;
    const outputs = await session.run({ ...fixed, parameters, firstMoment, secondMoment, step: counted });
    parameters = tensor(outputs.newParameters!.data as Float32Array);
    firstMoment = tensor(outputs.newFirstMoment!.data as Float32Array);
    secondMoment = tensor(outputs.newSecondMoment!.data as Float32Array);
  };
  for (let i = 0; i < 5; i++) await train();
  return async (seconds) => {
    const start = performance.now();
    let count = 0;
    for (; performance.now() - start < seconds * 1000; count++) await train();
    return (count * rows) / ((performance.now() - start) / 1000);
  };
}

function tensor(data: Float32Array) {
  return { dtype: "float32" as const, dims: [data.length], data };
}

function int32(count: number, width: number, draw: () => number) {
  return { dtype: "int32" as const, dims: [count, width], data: Int32Array.from({ length: count * width }, draw) };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const train = await prepare();
const script = new URL("pytorch/gru_train.py", import.meta.url).pathname;
const python = spawn(process.env.MESASCOPE_PYTHON ?? "/usr/bin/python3", [script, "--seconds", String(secondsPerRound)], {
  stdio: ["pipe", "pipe", "inherit"],
});
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
const ratios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const ours = await train(secondsPerRound);
  python.stdin.write("\n");
  const line = await lines.next();
  if (line.done)
    throw new Error("gru_train.py ended without an answer; it needs PyTorch: name its interpreter in MESASCOPE_PYTHON");
  const answer: unknown = JSON.parse(line.value);
  const { samplesPerSecond: theirs, torch } = answer as { samplesPerSecond: number; torch: string };
  ratios.push(ours / theirs);
  print(`onnxruntime ${ours.toFixed(0)}, torch ${torch} ${theirs.toFixed(0)} sequences/s, ratio ${(ours / theirs).toFixed(2)}`);
}
print(`median ratio ${ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]!.toFixed(2)}`);
python.stdin.end();
await once(python, "exit");

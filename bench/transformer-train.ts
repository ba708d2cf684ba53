// Times one training step of a transformer (d 64, 2 blocks, 4 heads, sequence 40, batch 256, tokens, cross-entropy, clipping, Adam) on
// onnxruntime-node and in PyTorch, alternating, one thread each; prints medians and their ratio.
// Run it with: node bench/transformer-train.ts [relu] [causal] [affine] [slices=N]
// PyTorch is that of MESASCOPE_PYTHON (default /usr/bin/python3). Its matrix products depend on the BLAS it finds: the rate is printed, and
// below 20 GFLOP/s it is the reference BLAS, with which no comparison means anything.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Prng } from "../src/core/base/prng.ts";
import type { Feeds, TensorData } from "../src/core/engine/engine.ts";
import { crossEntropy } from "../src/core/graph/losses.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { initializeParameters, parameterCount } from "../src/core/nets/parameters.ts";
import { transformer } from "../src/core/nets/transformer.ts";
import { type SupervisedConfig, updateGraph } from "../src/core/optimizers/supervised.ts";
import type { SupervisedModel, SupervisedTask } from "../src/core/optimizers/supervised-task.ts";
import { createOnnxEngine } from "../src/node/onnx-engine.ts";

const flags = process.argv.slice(2);
const size = { rows: 256, length: 40, width: 64, blocks: 2, heads: 4, vocabulary: 64 };
const activation = flags.includes("relu") ? "relu" : "gelu";
const causal = flags.includes("causal");
/** The default is the fastest of 1, 2, 4, 8, 16 here. */
const slices = Number(flags.find((flag) => flag.startsWith("slices="))?.slice(7) ?? 8);

const network = transformer(
  { kind: "transformer", width: size.width, blocks: size.blocks, heads: size.heads, activation, causal },
  { length: size.length, input: { kind: "tokens", size: size.vocabulary }, outputSize: size.vocabulary },
);
const count = parameterCount(network.parameters);

const task: SupervisedTask = {
  name: "tokens",
  inputs: { dtype: "int32", shape: [size.length] },
  targets: { dtype: "int32", shape: [size.length] },
  draw: ({ inputs, targets }, prng) => {
    for (const tokens of [inputs, targets]) for (let i = 0; i < tokens.length; i++) tokens[i] = prng.integer(size.vocabulary);
  },
  loss: (outputs, targets) => crossEntropy(outputs, targets),
};
const config: SupervisedConfig = {
  totalSteps: 10_000,
  batchSize: size.rows,
  rule: { kind: "adam" },
  learningRate: 1e-3,
  schedule: { kind: "constant" },
  maxGradNorm: 1,
  stepsPerUpdate: 1,
  slices,
};
const model = {
  parameters: network.parameters,
  outputs: (weights, inputs) => network.forward(weights, inputs).output,
} satisfies SupervisedModel;

const prng = Prng.fromSeed(1);
const vectorOf = (data: Float32Array): TensorData => ({ dtype: "float32", dims: [data.length], data });
const tokensOf = (data: Int32Array): TensorData => ({ dtype: "int32", dims: [size.rows, size.length], data });
const session = await (await createOnnxEngine()).compile(serialize(updateGraph({ task, model, config })));
let state: Feeds = {
  parameters: vectorOf(initializeParameters(network.parameters, prng)),
  firstMoment: vectorOf(new Float32Array(count)),
  secondMoment: vectorOf(new Float32Array(count)),
};
const [inputs, targets] = [new Int32Array(size.rows * size.length), new Int32Array(size.rows * size.length)];
task.draw({ rows: size.rows, inputs, targets }, prng);
const batch = { inputs: tokensOf(inputs), targets: tokensOf(targets), learningRates: vectorOf(Float32Array.of(1e-3)) };
let taken = 0;

async function ours(steps: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    const step: TensorData = { dtype: "float32", dims: [], data: Float32Array.of(++taken) };
    const out = await session.run({ ...state, ...batch, step });
    state = {
      parameters: out["next.parameters"]!,
      firstMoment: out["next.firstMoment"]!,
      secondMoment: out["next.secondMoment"]!,
    };
    times.push(performance.now() - start);
  }
  return times;
}

const script = new URL("pytorch/transformer_train.py", import.meta.url).pathname;
const spec = JSON.stringify({ ...size, activation, causal, affine: flags.includes("affine") });
const python = spawn(process.env.MESASCOPE_PYTHON ?? "/usr/bin/python3", [script, spec], {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" },
});
const lines = createInterface({ input: python.stdout });

async function theirs(steps: number): Promise<number[]> {
  python.stdin.write(`${steps}\n`);
  const [line] = (await once(lines, "line")) as [string];
  return JSON.parse(line) as number[];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const [about] = (await once(lines, "line")) as [string];
process.stdout.write(
  `PyTorch ${about}; ${count} parameters, ${activation}, ${causal ? "causal" : "all places"}, ${slices} slices\n`,
);
await ours(3);
await theirs(3);
const [a, b]: [number[], number[]] = [[], []];
for (let round = 0; round < 12; round++) {
  a.push(...(await ours(3)));
  b.push(...(await theirs(3)));
}
process.stdout.write(
  `ours ${median(a).toFixed(1)} ms, PyTorch ${median(b).toFixed(1)} ms a step; ratio ${(median(b) / median(a)).toFixed(2)}\n`,
);
python.stdin.end();
await session.release();

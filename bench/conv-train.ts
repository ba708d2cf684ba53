// Times a training step of a convolutional policy on onnxruntime-node with several ways to differentiate a convolution, beside PyTorch, in
// turns, one thread each. Run it with: npm run measure -- conv-train [--rounds 7] [--only WORD]   (see MESASCOPE_PYTHON in the README)
// The figures of docs/decisions/0008-convolutions.md come from here.

import { findPyTorch, PyTorchWorkload } from "../src/cli/bench/engine/pytorch.ts";
import { burst, type Workload } from "../src/cli/bench/engine/workload.ts";
import { Prng } from "../src/core/base/prng.ts";
import type { TensorData } from "../src/core/engine/engine.ts";
import { gradients } from "../src/core/graph/gradients.ts";
import { type Attributes, Graph, type Operation, type Tensor } from "../src/core/graph/graph.ts";
import { crossEntropy } from "../src/core/graph/losses.ts";
import { add, mul, sub } from "../src/core/graph/ops/arithmetic.ts";
import { conv2d } from "../src/core/graph/ops/conv.ts";
import { relu, square } from "../src/core/graph/ops/elementwise.ts";
import { gather } from "../src/core/graph/ops/gather.ts";
import { concat, reshape, transpose } from "../src/core/graph/ops/layout.ts";
import { linear, matMul } from "../src/core/graph/ops/mat-mul.ts";
import { reduceMean, reduceSum } from "../src/core/graph/ops/reduce.ts";
import { pad, slice } from "../src/core/graph/ops/slice.ts";
import { adam, clipByGlobalNorm } from "../src/core/graph/optimizers.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { denseHeadParameters } from "../src/core/nets/conv-layers.ts";
import { initializeParameters, type ParameterSpec, parameterCount, splitParameters } from "../src/core/nets/parameters.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const rows = 256;
const side = 13;
const channels = [8, 16, 32] as const;
const secondsPerBurst = 1;
const actionCount = 5;

interface Layer {
  readonly x: Tensor;
  readonly weight: Tensor;
  /** Gradient with respect to the layer's output. */
  readonly gradient: Tensor;
}

type Way = (layer: Layer) => Tensor;

function attributes(padding: number, kernel: readonly number[]): Attributes {
  return {
    kernel_shape: { kind: "ints", value: kernel },
    pads: { kind: "ints", value: [padding, padding, padding, padding] },
  };
}

function call(type: string, inputs: readonly Tensor[], shape: readonly number[], given: Attributes): Tensor {
  return inputs[0]!.graph.node({ type, evaluate: () => [] }, inputs, { dtype: "float32", shape }, given);
}

/** A convolution that is differentiated in the given ways. */
function layerWith(forWeight: Way, forPlanes: Way) {
  return (x: Tensor, weight: Tensor, bias: Tensor): Tensor => {
    const operation: Operation = {
      type: "Conv",
      evaluate: () => [],
      gradient: ({ gradient }) => {
        const layer = { x, weight, gradient };
        return [forPlanes(layer), forWeight(layer), reduceSum(gradient, { axes: [0, 2, 3] })];
      },
    };
    const shape = [rows, weight.shape[0]!, side, side];
    return x.graph.node(operation, [x, weight, bias], { dtype: "float32", shape }, attributes(1, [3, 3]));
  };
}

// ── Ways to the gradient of the planes ────────────────────────────────────────────────────────────────────────────────────────

const transposed: Way = ({ x, weight, gradient }) =>
  call("ConvTranspose", [gradient, weight], x.shape.map(Number), attributes(1, [3, 3]));

const flipped: Way = ({ x, weight, gradient }) => {
  const [outputs, inputs] = weight.shape.map(Number) as [number, number];
  const places = reshape(transpose(weight, [1, 0, 2, 3]), [inputs, outputs, 9]);
  const turned = gather(places, weight.graph.constant([8, 7, 6, 5, 4, 3, 2, 1, 0], [9], "int32"), 2);
  return call("Conv", [gradient, reshape(turned, [inputs, outputs, 3, 3])], x.shape.map(Number), attributes(1, [3, 3]));
};

// ── Ways to the gradient of the weight ────────────────────────────────────────────────────────────────────────────────────────

const frame = [2, 3].map((axis) => ({ axis, before: 1, after: 1 }));

/** Channels last, and all under the kernel side by side by one Gather: [N · H · W, 9 · C]. */
function gathered(x: Tensor): Tensor {
  const inputs = x.shape[1] as number;
  const flat = reshape(transpose(pad(x, frame), [0, 2, 3, 1]), [rows, (side + 2) ** 2, inputs]);
  const places = Array.from({ length: side * side * 9 }, (_, i) => {
    const [position, place] = [Math.floor(i / 9), i % 9];
    const [y, at] = [Math.floor(position / side) + Math.floor(place / 3), (position % side) + (place % 3)];
    return y * (side + 2) + at;
  });
  return reshape(gather(flat, x.graph.constant(places, [places.length], "int32"), 1), [rows * side * side, 9 * inputs]);
}

const byGather: Way = ({ x, weight, gradient }) => {
  const [outputs, inputs] = weight.shape.map(Number) as [number, number];
  const product = matMul(reshape(transpose(gradient, [1, 0, 2, 3]), [outputs, -1]), gathered(x));
  return reshape(transpose(reshape(product, [outputs, 9, inputs]), [0, 2, 1]), weight.shape);
};

/** Element by element, planes as they are. */
const byGatherInPlace: Way = ({ x, weight, gradient }) => {
  const [outputs, inputs] = weight.shape.map(Number) as [number, number];
  const flat = reshape(pad(x, frame), [rows, inputs, (side + 2) ** 2]);
  const places = Array.from({ length: 9 * side * side }, (_, i) => {
    const [place, position] = [Math.floor(i / (side * side)), i % (side * side)];
    return (Math.floor(position / side) + Math.floor(place / 3)) * (side + 2) + (position % side) + (place % 3);
  });
  const all = gather(flat, x.graph.constant(places, [9, side * side], "int32"), 2);
  const product = matMul(reshape(gradient, [rows, outputs, -1]), reshape(all, [rows, inputs * 9, side * side]), {
    transposeB: true,
  });
  return reshape(reduceSum(product, { axes: [0] }), weight.shape);
};

const bySlices: Way = ({ x, weight, gradient }) => {
  const [outputs, inputs] = weight.shape.map(Number) as [number, number];
  const padded = pad(transpose(x, [1, 0, 2, 3]), frame);
  const columns = [0, 1, 2].map((start) => slice(padded, { axis: 3, start, size: side }));
  const all = concat(
    [0, 1, 2].flatMap((start) => columns.map((planes) => slice(planes, { axis: 2, start, size: side }))),
    0,
  );
  const product = matMul(reshape(all, [9 * inputs, -1]), reshape(transpose(gradient, [0, 2, 3, 1]), [-1, outputs]));
  return reshape(transpose(reshape(product, [9, inputs, outputs]), [2, 1, 0]), weight.shape);
};

/** A convolution of the planes with the gradient as kernel, batch and channels exchanged. */
const byConvolution: Way = ({ x, weight, gradient }) => {
  const [outputs, inputs] = weight.shape.map(Number) as [number, number];
  const exchanged = [transpose(x, [1, 0, 2, 3]), transpose(gradient, [1, 0, 2, 3])];
  return transpose(call("Conv", exchanged, [inputs, outputs, 3, 3], attributes(1, [side, side])), [1, 0, 2, 3]);
};

const variants: Readonly<Record<string, (x: Tensor, weight: Tensor, bias: Tensor) => Tensor>> = {
  "as it is: slices in parts of the batch, ConvTranspose": (x, weight, bias) => conv2d(x, { weight, bias, padding: 1 }),
  "slices of the whole batch, ConvTranspose": layerWith(bySlices, transposed),
  "Gather with channels last, ConvTranspose": layerWith(byGather, transposed),
  "Gather in place, ConvTranspose": layerWith(byGatherInPlace, transposed),
  "Conv with batch and channels exchanged, ConvTranspose": layerWith(byConvolution, transposed),
  "slices of the whole batch, Conv with the kernel turned": layerWith(bySlices, flipped),
};

// ── The step that conv_train.py does too ──────────────────────────────────────────────────────────────────────────────────────

const specs: readonly ParameterSpec[] = [
  ...[0, 1].flatMap((layer): ParameterSpec[] => [
    {
      name: `${layer}.weight`,
      shape: [channels[layer + 1]!, channels[layer]!, 3, 3],
      initial: { kind: "orthogonal", gain: 1.4 },
    },
    { name: `${layer}.bias`, shape: [channels[layer + 1]!], initial: { kind: "zeros" } },
  ]),
  ...denseHeadParameters({ features: channels[2] * side * side, dense: 128, actionCount }),
];

function trainGraph(layer: (x: Tensor, weight: Tensor, bias: Tensor) => Tensor): Graph {
  const graph = new Graph("conv-train");
  const count = parameterCount(specs);
  const parameters = graph.input("parameters", "float32", [count]);
  const firstMoment = graph.input("firstMoment", "float32", [count]);
  const secondMoment = graph.input("secondMoment", "float32", [count]);
  const w = splitParameters(parameters, specs);
  const dense = (x: Tensor, name: string) => linear(x, w[`${name}.weight`]!, w[`${name}.bias`]!);
  let x = graph.input("observation", "float32", [rows, channels[0], side, side]);
  for (const name of ["0", "1"]) x = relu(layer(x, w[`${name}.weight`]!, w[`${name}.bias`]!));
  const hidden = relu(dense(reshape(x, [rows, -1]), "dense"));
  const policyLoss = crossEntropy(dense(hidden, "policy"), graph.input("actions", "int32", [rows]));
  const error = sub(reshape(dense(hidden, "value"), [rows]), graph.input("returns", "float32", [rows]));
  const loss = add(policyLoss, mul(graph.constant(0.5), reduceMean(square(error))));
  const updated = adam({
    parameters,
    gradient: clipByGlobalNorm(gradients(loss, [parameters])[0]!, 0.5),
    firstMoment,
    secondMoment,
    learningRate: graph.constant(1e-4),
    step: graph.input("step", "float32", []),
  });
  graph.output("newParameters", updated.parameters);
  graph.output("newFirstMoment", updated.firstMoment);
  graph.output("newSecondMoment", updated.secondMoment);
  graph.output("loss", loss);
  return graph;
}

interface Prepared extends Workload {
  /** The loss after the steps so far. */
  loss(): number;
}

async function prepare(graph: Graph): Promise<Prepared> {
  const session = await (await createOnnxEngine()).compile(serialize(graph));
  const prng = Prng.fromSeed(1);
  const tensor = (dims: readonly number[], draw: () => number): TensorData => {
    return { dtype: "float32", dims, data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, draw) };
  };
  const data = initializeParameters(specs, prng);
  let weights: TensorData = { dtype: "float32", dims: [data.length], data };
  let [firstMoment, secondMoment] = [tensor([data.length], () => 0), tensor([data.length], () => 0)];
  const fixed = {
    observation: tensor([rows, channels[0], side, side], () => Number(prng.uniform() < 0.1)),
    actions: { dtype: "int32", dims: [rows], data: Int32Array.from({ length: rows }, () => prng.integer(actionCount)) },
    returns: tensor([rows], () => prng.normal()),
  } as const;
  let steps = 0;
  let loss = Number.NaN;
  const step = async () => {
    steps++;
    const outputs = await session.run({
      ...fixed,
      parameters: weights,
      firstMoment,
      secondMoment,
      step: tensor([], () => steps),
    });
    weights = outputs.newParameters!;
    firstMoment = outputs.newFirstMoment!;
    secondMoment = outputs.newSecondMoment!;
    loss = Number(outputs.loss!.data[0]);
  };
  for (let i = 0; i < 5; i++) await step();
  return { samples: rows, step, release: () => session.release(), loss: () => loss };
}

/** Milliseconds of processor time a step, which other programs on the machine lengthen less than the time by the clock. */
async function processorTime(workload: Workload): Promise<number> {
  const steps = 5;
  const before = process.cpuUsage();
  for (let i = 0; i < steps; i++) await workload.step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / steps;
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const found = findPyTorch();
const python = "python" in found ? new PyTorchWorkload(found.python, { script: "conv_train.py", secondsPerBurst }) : null;
const chosen = Object.entries(variants).filter(([name]) => name.includes(option("--only") ?? ""));
const workloads: {
  readonly name: string;
  readonly workload: Prepared;
  readonly rates: number[];
  readonly ratios: number[];
  readonly times: number[];
}[] = [];
for (const [name, layer] of chosen)
  workloads.push({ name, workload: await prepare(trainGraph(layer)), rates: [], ratios: [], times: [] });
for (const { name, workload } of workloads) say(`loss after five steps ${workload.loss().toFixed(6)}: ${name}`);
for (let round = 0; round < Number(option("--rounds") ?? 7); round++) {
  for (const { workload, rates, ratios, times } of workloads) {
    rates.push(await burst(workload, secondsPerBurst));
    times.push(await processorTime(workload));
    const answer = await python?.burst();
    if (answer) ratios.push(rates.at(-1)! / answer.samplesPerSecond);
    if (answer && round === 0 && rates === workloads[0]!.rates)
      say(
        `PyTorch ${answer.torch}: ${answer.samplesPerSecond.toFixed(0)} samples/s, ${(answer.matrixRate / 1e9).toFixed(0)} GFLOP/s in a product`,
      );
  }
}
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]) => sorted(values)[values.length >> 1] ?? Number.NaN;
for (const { name, workload, rates, ratios, times } of workloads) {
  const spread = `${sorted(ratios)[0]?.toFixed(2)} to ${sorted(ratios).at(-1)?.toFixed(2)}`;
  say(
    `${name.padEnd(56)} ${median(rates).toFixed(0)} samples/s, ${median(ratios).toFixed(2)} × PyTorch (${spread}), ${median(times).toFixed(1)} ms`,
  );
  await workload.release();
}
python?.end();

// Times ways to compute the first layer of a network with mostly zero inputs, and its weight gradient, on onnxruntime-node, one thread.
// Run it with: npm run measure -- sparse-row-sum
// The figures of docs/decisions/0002-sparse-first-layer.md come from here.

import { Prng } from "../src/core/base/prng.ts";
import type { Feeds } from "../src/core/engine/engine.ts";
import { Graph, type Operation, type Tensor } from "../src/core/graph/graph.ts";
import { add } from "../src/core/graph/ops/arithmetic.ts";
import { cast } from "../src/core/graph/ops/cast.ts";
import { gather, scatterElements, scatterRows } from "../src/core/graph/ops/gather.ts";
import { concat, expand, reshape, split, transpose, zerosLike } from "../src/core/graph/ops/layout.ts";
import { matMul } from "../src/core/graph/ops/mat-mul.ts";
import { reduceSum } from "../src/core/graph/ops/reduce.ts";
import { serialize } from "../src/core/graph/serialize.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";

const D = 849;
const H = 64;
const K = 24;

interface Inputs {
  readonly weight: Tensor;
  readonly indices: Tensor;
  readonly counts: Tensor;
  readonly upstream: Tensor;
  readonly rows: number;
}

type Variant = (inputs: Inputs) => Tensor;

const SUM: Operation = { type: "Sum", evaluate: () => [] };

function padded({ weight }: Inputs): Tensor {
  return concat([weight, weight.graph.constant(new Float32Array(H), [1, H])], 0);
}

function inChunks(size: number): Variant {
  return (inputs) => {
    const table = padded(inputs);
    const parts = split(inputs.indices, new Array<number>(inputs.rows / size).fill(size), 0);
    return concat(
      parts.map((part) => reduceSum(gather(table, part, 0), { axes: [1] })),
      0,
    );
  };
}

function scatterInChunks(size: number): Variant {
  return (inputs) => {
    const sizes = new Array<number>(inputs.rows / size).fill(size);
    const indices = split(inputs.indices, sizes, 0);
    return split(inputs.upstream, sizes, 0).reduce(
      (sum, upstream, i) => scatterRows(sum, indices[i]!, expand(reshape(upstream, [size, 1, H]), [size, K, H])),
      zerosLike(padded(inputs)),
    );
  };
}

function columns({ indices, rows }: Inputs): readonly Tensor[] {
  return split(indices, new Array<number>(K).fill(1), 1).map((column) => reshape(column, [rows]));
}

function counted({ indices, rows }: Inputs): Tensor {
  const { graph } = indices;
  const base = graph.constant(new Float32Array(rows * (D + 1)), [rows, D + 1]);
  return scatterElements({ base, indices, updates: graph.constant(new Float32Array(rows * K).fill(1), [rows, K]), axis: 1 });
}

function spread({ upstream, rows }: Inputs): Tensor {
  return expand(reshape(upstream, [rows, 1, H]), [rows, K, H]);
}

const FORWARD: Readonly<Record<string, Variant>> = {
  "Gather [N,K,H], ReduceSum": (inputs) => reduceSum(gather(padded(inputs), inputs.indices, 0), { axes: [1] }),
  "the same, 16 rows at a time": inChunks(16),
  "the same, 64 rows at a time": inChunks(64),
  "K Gathers [N,H], one Sum": (inputs) => {
    const table = padded(inputs);
    const parts = columns(inputs).map((column) => gather(table, column, 0));
    return table.graph.node(SUM, parts, { dtype: "float32", shape: [inputs.rows, H] });
  },
  "K Gathers [N,H], a chain of Add": (inputs) => {
    const table = padded(inputs);
    return columns(inputs)
      .map((column) => gather(table, column, 0))
      .reduce((sum, part) => add(sum, part));
  },
  "Gather [N,K,H], MatMul by ones": (inputs) => {
    const rows = gather(padded(inputs), inputs.indices, 0);
    const ones = rows.graph.constant(new Float32Array(K).fill(1), [1, 1, K]);
    return reshape(matMul(ones, rows), [inputs.rows, H]);
  },
  "by ones, 128 rows at a time": (inputs) => {
    const table = padded(inputs);
    const ones = table.graph.constant(new Float32Array(K).fill(1), [1, 1, K]);
    const parts = split(inputs.indices, new Array<number>(inputs.rows / 128).fill(128), 0);
    return concat(
      parts.map((part) => reshape(matMul(ones, gather(table, part, 0)), [128, H])),
      0,
    );
  },
  "counts fed as uint8, Cast, Gemm": ({ counts, weight }) => matMul(cast(counts, "float32"), weight),
  "counts by ScatterElements, Gemm": (inputs) => matMul(counted(inputs), padded(inputs)),
};

const BACKWARD: Readonly<Record<string, Variant>> = {
  "ScatterND add of [N,K,H]": (inputs) => scatterRows(zerosLike(padded(inputs)), inputs.indices, spread(inputs)),
  "K ScatterND add of [N,H]": (inputs) =>
    columns(inputs).reduce((sum, column) => scatterRows(sum, column, inputs.upstream), zerosLike(padded(inputs))),
  "ScatterND add, 64 rows at a time": scatterInChunks(64),
  "ScatterND add, 128 rows at a time": scatterInChunks(128),
  "ScatterElements add of [NK,H]": (inputs) => {
    const indices = expand(reshape(inputs.indices, [inputs.rows * K, 1]), [inputs.rows * K, H]);
    const updates = reshape(spread(inputs), [inputs.rows * K, H]);
    return scatterElements({ base: zerosLike(padded(inputs)), indices, updates, axis: 0 });
  },
  "counts fed as uint8, Cast, Gemm": ({ counts, upstream }) => matMul(cast(counts, "float32"), upstream, { transposeA: true }),
  "the same, product transposed": ({ counts, upstream }) =>
    transpose(matMul(upstream, cast(counts, "float32"), { transposeA: true }), [1, 0]),
  "counts by ScatterElements, Gemm": (inputs) => matMul(counted(inputs), inputs.upstream, { transposeA: true }),
};

function feedsFor(rows: number): Feeds {
  const prng = Prng.fromSeed(1);
  const indices = new Int32Array(rows * K);
  const counts = new Uint8Array(rows * D);
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < K; k++) {
      const index = prng.integer(D + 1);
      indices[n * K + k] = index;
      if (index < D) counts[n * D + index]!++;
    }
  }
  return {
    weight: { dtype: "float32", dims: [D, H], data: Float32Array.from({ length: D * H }, () => prng.normal()) },
    indices: { dtype: "int32", dims: [rows, K], data: indices },
    counts: { dtype: "uint8", dims: [rows, D], data: counts },
    upstream: { dtype: "float32", dims: [rows, H], data: Float32Array.from({ length: rows * H }, () => prng.normal()) },
  };
}

interface Timing {
  /** Median time of a run. */
  readonly milliseconds: number;
  /** The first D·H values of the result, to see that the variants compute the same. */
  readonly values: readonly number[];
}

async function time(variant: Variant, rows: number): Promise<Timing> {
  const graph = new Graph("bench");
  const inputs: Inputs = {
    weight: graph.input("weight", "float32", [D, H]),
    indices: graph.input("indices", "int32", [rows, K]),
    counts: graph.input("counts", "uint8", [rows, D]),
    upstream: graph.input("upstream", "float32", [rows, H]),
    rows,
  };
  graph.output("result", variant(inputs));
  const session = await (await createOnnxEngine()).compile(serialize(graph));
  const feeds = feedsFor(rows);
  const times: number[] = [];
  const { result } = await session.run(feeds);
  for (let i = 0; i < 420; i++) {
    const start = performance.now();
    await session.run(feeds);
    if (i >= 20) times.push(performance.now() - start);
  }
  await session.release();
  return {
    milliseconds: times.sort((a, b) => a - b)[times.length >> 1]!,
    values: Array.from(result!.data.subarray(0, D * H), Number),
  };
}

for (const rows of [128, 1024]) {
  for (const [direction, variants] of Object.entries({ forward: FORWARD, backward: BACKWARD })) {
    let reference: readonly number[] | undefined;
    for (const [name, variant] of Object.entries(variants)) {
      const { milliseconds, values } = await time(variant, rows);
      reference ??= values;
      const error = Math.max(...values.map((value, i) => Math.abs(value - reference![i]!)));
      process.stdout.write(
        `N=${rows} ${direction.padEnd(8)} ${name.padEnd(34)} ${milliseconds.toFixed(3)} ms, off by ${error.toExponential(0)}\n`,
      );
    }
  }
}

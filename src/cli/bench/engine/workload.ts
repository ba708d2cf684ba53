// What is timed beside PyTorch: a workload on our engine, and the comparison of the two in alternating bursts.

import type { Engine, TensorData } from "../../../core/engine/engine.ts";
import { Graph } from "../../../core/graph/graph.ts";
import { matMul } from "../../../core/graph/ops/mat-mul.ts";
import { serialize } from "../../../core/graph/serialize.ts";
import { type Figure, type Measurement, type MeasureOptions, medianOf } from "../figure.ts";
import { findPyTorch, PyTorchWorkload } from "./pytorch.ts";

/** A compiled model with its inputs, ready to be run again and again. */
export interface Workload {
  /** Samples that a step works through. */
  readonly samples: number;
  step(): Promise<unknown>;
  release(): Promise<void>;
}

export interface Comparison {
  readonly create: (engine: Engine) => Promise<Workload>;
  /** Name of the script in bench/pytorch that does the same. */
  readonly script: string;
}

const warmUpSteps = 5;
/** Below this share of our rate of a matrix product, PyTorch computes without an optimized BLAS, and beating it would prove nothing. */
const leastMatrixShare = 0.25;
const plainBlas =
  "PyTorch computes matrix products without an optimized BLAS here, a comparison would flatter us (Debian: apt install libopenblas0-pthread)";
const nothing = { value: null, low: null, high: null } as const;

/** Our samples per second over PyTorch's, each pair of bursts one after the other; one thread each. */
export async function ratioToPyTorch(comparison: Comparison, options: MeasureOptions): Promise<Measurement> {
  const secondsPerBurst = options.isQuick ? 1 : 2.5;
  const pairs = options.isQuick ? 3 : 9;
  const workload = await comparison.create(options.engine);
  const found = findPyTorch();
  const other = "python" in found ? new PyTorchWorkload(found.python, { script: comparison.script, secondsPerBurst }) : null;
  try {
    for (let i = 0; i < warmUpSteps; i++) await workload.step();
    const ours: number[] = [];
    const ratios: number[] = [];
    const theirs: number[] = [];
    let version = "";
    for (let pair = 0; pair < (other ? pairs : 1); pair++) {
      options.onProgress(`${comparison.script.replace(".py", "")}: pair ${pair + 1} of ${pairs}`);
      ours.push(await burst(workload, secondsPerBurst));
      if (!other) break;
      const answer = await other.burst();
      version = answer.torch;
      if (answer.matrixRate < leastMatrixShare * (await matrixRate(options.engine))) return { ...nothing, skipped: plainBlas };
      theirs.push(answer.samplesPerSecond);
      ratios.push(ours.at(-1)! / answer.samplesPerSecond);
    }
    const own = `${rate(ours)} samples/s here`;
    if ("missing" in found) return { ...nothing, skipped: `${own}; ${found.missing}` };
    return { ...medianOf(ratios), note: `${own}, ${rate(theirs)} with PyTorch ${version}` };
  } finally {
    other?.end();
    await workload.release();
  }
}

/** Operations a second of the product that the PyTorch scripts time, 1024 × 676 by 676 × 256; the best of a few. */
async function matrixRate(engine: Engine): Promise<number> {
  const [m, k, n] = [1024, 676, 256];
  const graph = new Graph("product");
  graph.output("product", matMul(graph.input("a", "float32", [m, k]), graph.input("b", "float32", [k, n])));
  const session = await engine.compile(serialize(graph));
  const ones = (rows: number, columns: number): TensorData => {
    return { dtype: "float32", dims: [rows, columns], data: new Float32Array(rows * columns).fill(1) };
  };
  const feeds = { a: ones(m, k), b: ones(k, n) };
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    await session.run(feeds);
    fastest = Math.min(fastest, performance.now() - start);
  }
  await session.release();
  return (2 * m * k * n) / (fastest / 1000);
}

/** Samples per second over about `seconds`. */
export async function burst(workload: Workload, seconds: number): Promise<number> {
  const start = performance.now();
  let steps = 0;
  while (performance.now() - start < seconds * 1000) {
    await workload.step();
    steps++;
  }
  return (steps * workload.samples) / ((performance.now() - start) / 1000);
}

function rate(values: readonly number[]): string {
  return Math.round(medianOf(values).value!).toLocaleString("en-US");
}

/** A figure of a comparison. */
export function comparedFigure(options: {
  readonly name: string;
  readonly what: string;
  readonly goal: { readonly reach: number; readonly aim: number };
  readonly comparison: Comparison;
}): Figure {
  const { name, what, goal, comparison } = options;
  return {
    name,
    unit: "× PyTorch",
    definition: `${what}: samples per second here over those of PyTorch on the CPU, one thread each, median over pairs of bursts that alternate.`,
    goal: { comparison: "at-least", ...goal },
    measure: (measureOptions) => ratioToPyTorch(comparison, measureOptions),
  };
}

// Weights as one flat vector: how it is laid out, initialized and taken apart inside a graph. Networks are in the files beside this one.

import { MesascopeError } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { reshape, split } from "../graph/ops/layout.ts";

/**
 * A weight's name and shape, and how it starts: `orthogonal` rows or columns of norm `gain`, in each of `blocks` equal blocks of columns
 * (default 1, the whole); `normal` deviates; one number in each of equal consecutive blocks; or all zeros.
 */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial:
    | { readonly kind: "orthogonal"; readonly gain: number; readonly blocks?: number }
    | { readonly kind: "normal"; readonly deviation: number }
    | { readonly kind: "constant"; readonly blocks: readonly number[] }
    | { readonly kind: "zeros" };
}

/** The tensors of a network inside a graph, by parameter name. */
export type Weights = Readonly<Record<string, Tensor>>;

/** The product of `shape`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** Length of the flat vector that holds all `specs`, in order. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + elementCount(spec.shape), 0);
}

/** A fresh flat vector `[parameterCount]`, drawn from `prng`. */
export function initializeParameters(specs: readonly ParameterSpec[], prng: Prng): Float32Array {
  const flat = new Float32Array(parameterCount(specs));
  let offset = 0;
  for (const spec of specs) {
    const slice = flat.subarray(offset, offset + elementCount(spec.shape));
    offset += slice.length;
    if (spec.initial.kind === "orthogonal") fillBlocks(slice, { shape: spec.shape, ...spec.initial, prng });
    else if (spec.initial.kind === "normal")
      for (let i = 0; i < slice.length; i++) slice[i] = spec.initial.deviation * prng.normal();
    else if (spec.initial.kind === "constant") {
      const { blocks } = spec.initial;
      for (let i = 0; i < slice.length; i++) slice[i] = blocks[Math.floor((i * blocks.length) / slice.length)]!;
    }
  }
  return flat;
}

/** The flat vector `[parameterCount]` taken apart by Split and Reshape (whose gradient is one Concat). */
export function splitParameters(flat: Tensor, specs: readonly ParameterSpec[]): Weights {
  const pieces = split(
    flat,
    specs.map((spec) => elementCount(spec.shape)),
    0,
  );
  return Object.fromEntries(specs.map((spec, i) => [spec.name, reshape(pieces[i]!, spec.shape)]));
}

/** The parameters as named constants of a graph that is to be exported. Throws `shape-mismatch` when `flat` is not all `specs` hold. */
export function weightInitializers(graph: Graph, flat: Float32Array, specs: readonly ParameterSpec[]): Weights {
  const expected = parameterCount(specs);
  if (flat.length !== expected) {
    throw new MesascopeError("shape-mismatch", `${flat.length} parameters given; this network has ${expected}`);
  }
  const values = viewParameters(flat, specs);
  return Object.fromEntries(specs.map(({ name, shape }) => [name, graph.initializer(name, values[name]!.slice(), shape)]));
}

/** The values of each parameter as views into `flat`. */
export function viewParameters(flat: Float32Array, specs: readonly ParameterSpec[]): Record<string, Float32Array> {
  let offset = 0;
  return Object.fromEntries(
    specs.map((spec) => {
      const view = flat.subarray(offset, offset + elementCount(spec.shape));
      offset += view.length;
      return [spec.name, view];
    }),
  );
}

interface OrthogonalOptions {
  readonly shape: readonly number[];
  readonly gain: number;
  readonly prng: Prng;
}

/** Fills each of `blocks` equal blocks of columns by `fillOrthogonal`. */
function fillBlocks(out: Float32Array, options: OrthogonalOptions & { readonly blocks?: number }): void {
  const { blocks = 1, shape } = options;
  const rows = shape[0]!;
  const columns = out.length / rows / blocks;
  const block = new Float32Array(rows * columns);
  for (let b = 0; b < blocks; b++) {
    fillOrthogonal(block, { ...options, shape: [rows, columns] });
    for (let r = 0; r < rows; r++) out.set(block.subarray(r * columns, (r + 1) * columns), (r * blocks + b) * columns);
  }
}

/**
 * Orthonormal rows or columns, whichever are fewer (Saxe et al. 2014), by modified Gram–Schmidt on normal deviates, times `gain`. Axes
 * after the first count as columns.
 */
function fillOrthogonal(out: Float32Array, options: OrthogonalOptions): void {
  const rows = options.shape[0]!;
  const columns = out.length / rows;
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const vector = Float64Array.from({ length }, () => options.prng.normal());
    for (const other of vectors) {
      let dot = 0;
      for (let i = 0; i < length; i++) dot += vector[i]! * other[i]!;
      for (let i = 0; i < length; i++) vector[i]! -= dot * other[i]!;
    }
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    vectors.push(vector.map((value) => value / norm));
  }
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      out[r * columns + c] = options.gain * (rows <= columns ? vectors[r]![c]! : vectors[c]![r]!);
    }
  }
}

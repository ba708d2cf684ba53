// Operations that move elements without computing: reshape, transpose, split, concat, expand and their like.

import { constantInts, intAttribute, intsAttribute } from "../attributes.ts";
import type { Operation, Tensor } from "../graph.ts";
import { broadcastDims, broadcastOffset, build, type NumericTensor, numberOfElements, stridesOf } from "../numeric.ts";
import {
  broadcastShapes,
  type Dim,
  isStatic,
  quotientOfDims,
  resolveAxis,
  type Shape,
  sameShape,
  sumOfDims,
  throwShapeMismatch,
} from "../shapes.ts";
import { sumTo } from "./reduce.ts";

const RESHAPE: Operation = {
  type: "Reshape",
  evaluate: ([x, shape]) => [{ dims: resolveReshape(x!.dims, shape!.data), data: x!.data }],
  gradient: ({ inputs, gradient }) => [reshapeLike(gradient, inputs[0]!), undefined],
};

const UNSQUEEZE: Operation = {
  type: "Unsqueeze",
  evaluate: ([x], node) => {
    const axes = constantInts(node.inputs[1]!);
    return [{ dims: insertOnes(x!.dims, axes), data: x!.data }];
  },
  gradient: ({ inputs, gradient }) => [reshapeLike(gradient, inputs[0]!), undefined],
};

const TRANSPOSE: Operation = {
  type: "Transpose",
  evaluate: ([x], node) => {
    const perm = intsAttribute(node, "perm");
    const strides = stridesOf(x!.dims);
    const permuted = perm.map((axis) => strides[axis]!);
    return [
      build(
        perm.map((axis) => x!.dims[axis]!),
        (index) => x!.data[dot(index, permuted)]!,
      ),
    ];
  },
  gradient: ({ node, gradient }) => {
    const perm = intsAttribute(node, "perm");
    return [
      transpose(
        gradient,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
};

const EXPAND: Operation = {
  type: "Expand",
  evaluate: ([x, shape]) => {
    const strides = stridesOf(x!.dims);
    return [build(broadcastDims([x!.dims, [...shape!.data]]), (index) => x!.data[broadcastOffset(x!, strides, index)]!)];
  },
  gradient: ({ inputs, gradient }) => [sumTo(gradient, inputs[0]!), undefined],
};

const SPLIT: Operation = {
  type: "Split",
  evaluate: ([x, sizes], node) => {
    let start = 0;
    return Array.from(sizes!.data, (size) => {
      const part = sliceAxis(x!, intAttribute(node, "axis"), { start, size });
      start += size;
      return part;
    });
  },
  gradient: ({ node, gradients }) => {
    const parts = gradients.map((gradient, i) => gradient ?? zerosLike(node.outputs[i]!));
    return [concat(parts, intAttribute(node, "axis")), undefined];
  },
};

const CONCAT: Operation = {
  type: "Concat",
  evaluate: (inputs, node) => {
    const axis = intAttribute(node, "axis");
    const ends: number[] = [];
    for (const { dims } of inputs) ends.push((ends.at(-1) ?? 0) + dims[axis]!);
    const dims = inputs[0]!.dims.map((dim, i) => (i === axis ? ends.at(-1)! : dim));
    const strides = inputs.map((input) => stridesOf(input.dims));
    return [
      build(dims, (index) => {
        const part = ends.findIndex((end) => index[axis]! < end);
        const start = ends[part - 1] ?? 0;
        return inputs[part]!.data[dot(index, strides[part]!) - start * strides[part]![axis]!]!;
      }),
    ];
  },
  gradient: ({ node, inputs, gradient }) => {
    const axis = intAttribute(node, "axis");
    const sizes = inputs.map(({ shape }) => shape[axis]!);
    if (!isStatic(sizes))
      throwShapeMismatch(
        "gradient of concat",
        inputs.map(({ shape }) => shape),
        `known sizes along axis ${axis}`,
      );
    return split(gradient, sizes, axis);
  },
};

const SHAPE: Operation = {
  type: "Shape",
  evaluate: ([x]) => [{ dims: [x!.dims.length], data: Float64Array.from(x!.dims) }],
  gradient: () => [undefined],
};

const SIZE: Operation = {
  type: "Size",
  evaluate: ([x]) => [{ dims: [], data: Float64Array.of(x!.data.length) }],
  gradient: () => [undefined],
};

/**
 * The same elements in another shape. In `shape`, −1 is inferred, 0 copies the dimension at its place, and names stand for symbolic
 * dimensions of `x`; what is left over after the known ones must be one dimension. Throws `shape-mismatch` when the sizes differ.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const copied = shape.map((dim, axis) => (dim === 0 ? (x.shape[axis] ?? 0) : dim));
  const known = copied.filter((dim) => dim !== -1);
  const rest = quotientOfDims(x.shape, known);
  const inferred = copied.length - known.length;
  if (rest === undefined || inferred > 1 || (inferred === 0 && rest !== 1)) {
    throwShapeMismatch("reshape", [x.shape, shape], "as many elements before as after, at most one −1");
  }
  const result = copied.map((dim) => (dim === -1 ? rest : dim));
  return reshapeTo(
    x,
    result,
    reshapeCodes(x.shape, result) ?? throwShapeMismatch("reshape", [x.shape, shape], "at most one moved symbolic dimension"),
  );
}

/** `x` in the shape of `like`, which has as many elements. */
export function reshapeLike(x: Tensor, like: Tensor): Tensor {
  if (sameShape(x.shape, like.shape)) return x;
  const codes = reshapeCodes(x.shape, like.shape);
  return codes === undefined
    ? x.graph.node(RESHAPE, [x, shapeOf(like)], { dtype: x.dtype, shape: like.shape })
    : reshapeTo(x, like.shape, codes);
}

/** Inserts dimensions of size 1, so that they end up at `axes` (non-negative, ascending). */
export function unsqueeze(x: Tensor, axes: readonly number[]): Tensor {
  const input = x.graph.constant(axes, [axes.length], "int64");
  return x.graph.node(UNSQUEEZE, [x, input], { dtype: x.dtype, shape: insertOnes(x.shape, axes) });
}

/** Axis i of the result is axis perm[i] of `x`. */
export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  if (perm.length !== x.shape.length || new Set(perm).size !== perm.length || perm.some((axis) => x.shape[axis] === undefined)) {
    throwShapeMismatch("transpose", [x.shape, perm], "a permutation of the axes");
  }
  const shape = perm.map((axis) => x.shape[axis]!);
  return x.graph.node(TRANSPOSE, [x], { dtype: x.dtype, shape }, { perm: { kind: "ints", value: perm } });
}

/** Consecutive parts of `sizes` along `axis`; the sizes add up to that dimension. */
export function split(x: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  const at = resolveAxis("split", x.shape, axis);
  if (sizes.reduce((sum, size) => sum + size, 0) !== x.shape[at]) {
    throwShapeMismatch("split", [x.shape, sizes], `sizes that add up to dimension ${at}`);
  }
  const types = sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.map((dim, i) => (i === at ? size : dim)) }));
  const input = x.graph.constant(sizes, [sizes.length], "int64");
  return x.graph.nodeWithOutputs(SPLIT, [x, input], types, { axis: { kind: "int", value: at } });
}

/** The tensors one after another along `axis`; all other dimensions agree. */
export function concat(xs: readonly Tensor[], axis: number): Tensor {
  const first = xs[0];
  if (first === undefined) throwShapeMismatch("concat", [], "at least one tensor");
  const at = resolveAxis("concat", first.shape, axis);
  const without = (shape: Shape): Shape => shape.map((dim, i): Dim => (i === at ? 0 : dim));
  if (xs.some((x) => x.dtype !== first.dtype || !sameShape(without(x.shape), without(first.shape)))) {
    throwShapeMismatch(
      "concat",
      xs.map((x) => x.shape),
      `one dtype and equal dimensions except at axis ${at}`,
    );
  }
  if (xs.length === 1) return first;
  const shape = first.shape.map((dim, i) => (i === at ? sumOfDims(xs.map((x) => x.shape[at]!)) : dim));
  return first.graph.node(CONCAT, xs, { dtype: first.dtype, shape }, { axis: { kind: "int", value: at } });
}

/** `x` repeated to `shape`, to which it broadcasts; symbolic dimensions must already be in `x`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const result = broadcastShapes(x.shape, shape);
  if (result === undefined || !sameShape(result, shape))
    throwShapeMismatch("expand", [x.shape, shape], "a shape that the tensor broadcasts to");
  const codes = shape.map((dim, i) => (dim === x.shape[i - shape.length + x.shape.length] ? 1 : dim));
  if (!isStatic(codes)) throwShapeMismatch("expand", [x.shape, shape], "symbolic dimensions that the tensor has itself");
  return x.graph.node(EXPAND, [x, x.graph.constant(codes, [codes.length], "int64")], { dtype: x.dtype, shape });
}

/** `x` repeated to the shape of `like`, whatever its symbolic dimensions are at run time. */
export function expandLike(x: Tensor, like: Tensor): Tensor {
  if (sameShape(x.shape, like.shape)) return x;
  if (isStatic(like.shape)) return expand(x, like.shape);
  return x.graph.node(EXPAND, [x, shapeOf(like)], { dtype: x.dtype, shape: like.shape });
}

/** Float zeros in the shape of `like`. */
export function zerosLike(like: Tensor): Tensor {
  return expandLike(like.graph.constant(0), like);
}

/** The number of elements, as an int64 scalar. */
export function sizeOf(x: Tensor): Tensor {
  return x.graph.node(SIZE, [x], { dtype: "int64", shape: [] });
}

function shapeOf(x: Tensor): Tensor {
  return x.graph.node(SHAPE, [x], { dtype: "int64", shape: [x.shape.length] });
}

function reshapeTo(x: Tensor, shape: Shape, codes: readonly number[]): Tensor {
  return x.graph.node(RESHAPE, [x, x.graph.constant(codes, [codes.length], "int64")], { dtype: x.dtype, shape });
}

/** The ONNX form of a target shape: 0 where a symbolic dimension stays at its place, −1 for one that does not; undefined if several do not. */
function reshapeCodes(from: Shape, to: Shape): readonly number[] | undefined {
  const codes = to.map((dim, axis) => (typeof dim === "number" ? dim : dim === from[axis] ? 0 : -1));
  return codes.filter((code) => code === -1).length > 1 ? undefined : codes;
}

function resolveReshape(dims: readonly number[], codes: Float64Array): number[] {
  const copied = Array.from(codes, (code, axis) => (code === 0 ? (dims[axis] ?? 0) : code));
  const known = numberOfElements(copied.filter((code) => code !== -1));
  return copied.map((code) => (code === -1 ? numberOfElements(dims) / known : code));
}

function insertOnes<T>(dims: readonly T[], axes: readonly number[]): (T | 1)[] {
  const result: (T | 1)[] = [...dims];
  for (const axis of axes) result.splice(axis, 0, 1);
  return result;
}

function sliceAxis(x: NumericTensor, axis: number, range: { readonly start: number; readonly size: number }): NumericTensor {
  const strides = stridesOf(x.dims);
  const offset = range.start * strides[axis]!;
  return build(
    x.dims.map((dim, i) => (i === axis ? range.size : dim)),
    (index) => x.data[offset + dot(index, strides)]!,
  );
}

function dot(index: readonly number[], strides: readonly number[]): number {
  let sum = 0;
  for (let axis = 0; axis < index.length; axis++) sum += index[axis]! * strides[axis]!;
  return sum;
}

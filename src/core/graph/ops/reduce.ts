// Reductions over axes, and `sumTo`, which undoes broadcasting in gradients.

import { constantInts, intAttribute, intsAttribute } from "../attributes.ts";
import type { Attribute, Node, Operation, Tensor } from "../graph.ts";
import { reduce } from "../numeric.ts";
import { type Dim, quotientOfDims, resolveAxis, type Shape, sameShape } from "../shapes.ts";
import { div, mul } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { equal } from "./comparison.ts";
import { expandLike, sizeOf, unsqueeze } from "./layout.ts";

/** Which axes to reduce (default: all; negative ones count from the end) and whether they stay with size 1 (default: no). */
export interface ReduceOptions {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}

// ReduceSum has its axes as an input since opset 13, the other reductions as an attribute until opset 18.
const REDUCE_SUM: Operation = {
  type: "ReduceSum",
  evaluate: ([x], node) => [reduce(x!, { axes: axesOf(node), keepDims: keepsDims(node), initial: 0, fold: (a, b) => a + b })],
  gradient: ({ node, inputs, gradient }) => [spread(gradient, inputs[0]!, node), undefined],
};

const REDUCE_MEAN: Operation = {
  type: "ReduceMean",
  evaluate: ([x], node) => {
    const sum = reduce(x!, { axes: axesOf(node), keepDims: keepsDims(node), initial: 0, fold: (a, b) => a + b });
    return [{ dims: sum.dims, data: sum.data.map((value) => (value * sum.data.length) / x!.data.length) }];
  },
  gradient: ({ node, inputs, output, gradient }) => {
    const x = inputs[0]!;
    const count = quotientOfDims(x.shape, output.shape);
    const divisor =
      typeof count === "number" ? x.graph.constant(count) : div(cast(sizeOf(x), "float32"), cast(sizeOf(output), "float32"));
    return [spread(div(gradient, divisor), x, node)];
  },
};

const REDUCE_MAX: Operation = {
  type: "ReduceMax",
  evaluate: ([x], node) => [reduce(x!, { axes: axesOf(node), keepDims: keepsDims(node), initial: -Infinity, fold: Math.max })],
  gradient: ({ node, inputs, output, gradient }) => {
    const x = inputs[0]!;
    const isMaximum = cast(equal(x, spread(output, x, node)), "float32");
    const ties = reduceSum(isMaximum, { axes: axesOf(node), keepDims: true });
    return [div(mul(spread(gradient, x, node), isMaximum), ties)];
  },
};

/** The sum over `axes`. */
export function reduceSum(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, shape, attributes } = reduction("reduceSum", x, options);
  if (axes.length === 0) return x;
  const { keepdims } = attributes;
  const axesInput = x.graph.constant(axes, [axes.length], "int64");
  return x.graph.node(REDUCE_SUM, [x, axesInput], { dtype: x.dtype, shape }, { keepdims });
}

/** The mean over `axes`. */
export function reduceMean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, shape, attributes } = reduction("reduceMean", x, options);
  return axes.length === 0 ? x : x.graph.node(REDUCE_MEAN, [x], { dtype: x.dtype, shape }, attributes);
}

/** The largest element over `axes`; tied elements share the gradient equally. */
export function reduceMax(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, shape, attributes } = reduction("reduceMax", x, options);
  return axes.length === 0 ? x : x.graph.node(REDUCE_MAX, [x], { dtype: x.dtype, shape }, attributes);
}

/** Sums `x` over the axes along which something of `target`'s shape was broadcast to the shape of `x`. For gradients. */
export function sumTo(x: Tensor, target: Tensor): Tensor {
  if (sameShape(x.shape, target.shape)) return x;
  const skip = x.shape.length - target.shape.length;
  const leading = Array.from({ length: skip }, (_, axis) => axis);
  const summed = leading.length > 0 ? reduceSum(x, { axes: leading }) : x;
  const stretched = summed.shape.flatMap((dim, axis) => (target.shape[axis] === 1 && dim !== 1 ? [axis] : []));
  return stretched.length > 0 ? reduceSum(summed, { axes: stretched, keepDims: true }) : summed;
}

interface Reduction {
  readonly axes: readonly number[];
  readonly shape: Shape;
  readonly attributes: { readonly keepdims: Attribute; readonly axes: Attribute };
}

function reduction(name: string, x: Tensor, options: ReduceOptions): Reduction {
  const given = options.axes ?? x.shape.map((_, axis) => axis);
  const axes = [...new Set(given.map((axis) => resolveAxis(name, x.shape, axis)))].sort((a, b) => a - b);
  const keepDims = options.keepDims ?? false;
  const shape = keepDims
    ? x.shape.map((dim, axis): Dim => (axes.includes(axis) ? 1 : dim))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  return { axes, shape, attributes: { keepdims: { kind: "int", value: keepDims ? 1 : 0 }, axes: { kind: "ints", value: axes } } };
}

/** A reduced tensor broadcast back to the shape of `x`. */
function spread(reduced: Tensor, x: Tensor, node: Node): Tensor {
  return expandLike(keepsDims(node) ? reduced : unsqueeze(reduced, axesOf(node)), x);
}

function keepsDims(node: Node): boolean {
  return intAttribute(node, "keepdims") === 1;
}

function axesOf(node: Node): readonly number[] {
  const axes = node.inputs[1];
  return axes === undefined ? intsAttribute(node, "axes") : constantInts(axes);
}

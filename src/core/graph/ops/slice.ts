// Parts of a tensor by position, and padding with zeros: each is the other's gradient. To take a tensor apart without overlap, see split.

import { constantInts } from "../attributes.ts";
import type { Node, Operation, Tensor } from "../graph.ts";
import { build, stridesOf } from "../numeric.ts";
import { resolveAxis, type Shape, throwShapeMismatch } from "../shapes.ts";
import { reshape, unsqueeze } from "./layout.ts";

/** `size` elements along `axis`: those at `start`, `start + step`, … */
export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  readonly size: number;
  /** Default 1. */
  readonly step?: number;
}

/** Zeros to add before and after an axis. */
export interface Padding {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

const SLICE: Operation = {
  type: "Slice",
  evaluate: ([x], node) => {
    const { axis, start, size, step } = rangeOf(node);
    const strides = stridesOf(x!.dims);
    const dims = x!.dims.map((dim, i) => (i === axis ? size : dim));
    return [
      build(
        dims,
        (index) => x!.data[index.reduce((offset, at, i) => offset + (i === axis ? start + at * step : at) * strides[i]!, 0)]!,
      ),
    ];
  },
  gradient: ({ node, inputs, gradient }) => {
    const { axis, start, step } = rangeOf(node);
    const length = inputs[0]!.shape[axis] as number;
    // Between neighbors of a slice with steps lie elements that it left out: zeros, of which the last may reach beyond the end.
    const spread = spaceOut(gradient, axis, step);
    const reach = Math.min(spread.shape[axis] as number, length - start);
    const padding = { axis, before: start, after: length - start - reach };
    return [pad(slice(spread, { axis, start: 0, size: reach }), [padding]), undefined, undefined, undefined, undefined];
  },
};

const PAD: Operation = {
  type: "Pad",
  evaluate: ([x, pads], node) => {
    const strides = stridesOf(x!.dims);
    const dims = node.outputs[0]!.shape.map((_, i) => x!.dims[i]! + pads!.data[i]! + pads!.data[i + x!.dims.length]!);
    return [
      build(dims, (index) => {
        const inside = index.map((at, i) => at - pads!.data[i]!);
        if (inside.some((at, i) => at < 0 || at >= x!.dims[i]!)) return 0;
        return x!.data[inside.reduce((offset, at, i) => offset + at * strides[i]!, 0)]!;
      }),
    ];
  },
  gradient: ({ node, inputs, gradient }) => {
    const before = constantInts(node.inputs[1]!);
    const { shape } = inputs[0]!;
    const ranges = shape.flatMap((dim, axis) =>
      typeof dim === "number" && gradient.shape[axis] !== dim ? [{ axis, start: before[axis]!, size: dim }] : [],
    );
    return [ranges.reduce(slice, gradient), undefined];
  },
};

/** The part of `x` that `range` names; that axis has a known size. Throws `shape-mismatch` for a range that reaches beyond it. */
export function slice(x: Tensor, range: SliceRange): Tensor {
  const { start, size, step = 1 } = range;
  const axis = resolveAxis("slice", x.shape, range.axis);
  const length = x.shape[axis]!;
  const last = start + (size - 1) * step;
  if (typeof length !== "number" || start < 0 || size < 1 || step < 1 || last >= length) {
    throwShapeMismatch("slice", [x.shape, [start, size, step]], `a start, a size and a step within axis ${axis}`);
  }
  if (size === length) return x;
  const shape = x.shape.map((dim, i) => (i === axis ? size : dim));
  const inputs = [start, last + 1, axis, step].map((value) => x.graph.constant([value], [1], "int64"));
  return x.graph.node(SLICE, [x, ...inputs], { dtype: x.dtype, shape });
}

/** `x` with zeros around it; padded axes have known sizes. */
export function pad(x: Tensor, paddings: readonly Padding[]): Tensor {
  const rank = x.shape.length;
  const pads = new Array<number>(2 * rank).fill(0);
  for (const { axis, before, after } of paddings) {
    pads[axis] = before;
    pads[axis + rank] = after;
  }
  if (pads.every((count) => count === 0)) return x;
  const shape: Shape = x.shape.map((dim, axis) => {
    const added = pads[axis]! + pads[axis + rank]!;
    if (added === 0) return dim;
    if (typeof dim === "string" || pads[axis]! < 0 || pads[axis + rank]! < 0)
      throwShapeMismatch("pad", [x.shape, pads], "zeros to add to axes of known size");
    return dim + added;
  });
  return x.graph.node(PAD, [x, x.graph.constant(pads, [2 * rank], "int64")], { dtype: x.dtype, shape });
}

/** Each element along `axis` followed by `step − 1` zeros. */
function spaceOut(x: Tensor, axis: number, step: number): Tensor {
  if (step === 1) return x;
  const spaced = pad(unsqueeze(x, [axis + 1]), [{ axis: axis + 1, before: 0, after: step - 1 }]);
  return reshape(
    spaced,
    x.shape.map((dim, i) => (i === axis ? (dim as number) * step : dim)),
  );
}

function rangeOf(node: Node): Required<SliceRange> {
  const [start, , axis, step] = node.inputs.slice(1).map((input) => constantInts(input)[0]!);
  const at = axis!;
  return { axis: at, start: start!, size: node.outputs[0]!.shape[at] as number, step: step! };
}

// Pooling of planes [N, C, H, W].

import { intsAttribute } from "../attributes.ts";
import type { Node, Operation, Tensor } from "../graph.ts";
import { build, type NumericTensor, stridesOf } from "../numeric.ts";
import { isStatic, throwShapeMismatch } from "../shapes.ts";
import { scatterElements } from "./gather.ts";
import { reshape, reshapeLike, zerosLike } from "./layout.ts";

export interface PoolOptions {
  /** Height and width of the window. */
  readonly size: number;
  /** Step of the window in both directions. */
  readonly stride: number;
  /** How far windows reach over each edge; what lies there is never the largest. Default 0. */
  readonly padding?: number;
}

// ONNX's second output tells where each maximum was. Asked for only where a gradient is: without it there is a faster kernel.
const MAX_POOL: Operation = {
  type: "MaxPool",
  evaluate: ([x], node) => [maxima(x!, node).values],
  gradient: ({ node, inputs, output, gradient }) => {
    const x = inputs[0]!;
    const types = [output, { dtype: "int64", shape: output.shape }] as const;
    const [, places] = x.graph.nodeWithOutputs(MAX_POOL_PLACES, [x], types, node.attributes);
    const base = reshape(zerosLike(x), [-1]);
    const scattered = scatterElements({ base, indices: reshape(places!, [-1]), updates: reshape(gradient, [-1]), axis: 0 });
    return [reshapeLike(scattered, x)];
  },
};

const MAX_POOL_PLACES: Operation = {
  type: "MaxPool",
  evaluate: ([x], node) => {
    const { values, places } = maxima(x!, node);
    return [values, places];
  },
};

/**
 * The largest element under each window over planes `x` [N, C, H, W]: [N, C, H', W'] with H' = ⌊(H + 2 · padding − size) / stride⌋ + 1. Of
 * tied elements the first in reading order gets the gradient, as in PyTorch. Throws `shape-mismatch`.
 */
export function maxPool2d(x: Tensor, options: PoolOptions): Tensor {
  const { size, stride, padding = 0 } = options;
  const [batch, ...planes] = x.shape;
  const sizes = planes.slice(1).map((length) => Math.floor((Number(length) + 2 * padding - size) / stride) + 1);
  if (
    x.shape.length !== 4 ||
    !isStatic(planes) ||
    stride < 1 ||
    padding < 0 ||
    2 * padding > size ||
    sizes.some((n) => !(n > 0))
  ) {
    throwShapeMismatch(
      `maxPool2d of size ${size}, stride ${stride} and padding ${padding}`,
      [x.shape],
      "planes [N,C,H,W] at least as large as the window, and padding up to half of it",
    );
  }
  const shape = [batch!, planes[0]!, ...sizes];
  return x.graph.node(
    MAX_POOL,
    [x],
    { dtype: x.dtype, shape },
    {
      kernel_shape: { kind: "ints", value: [size, size] },
      strides: { kind: "ints", value: [stride, stride] },
      pads: { kind: "ints", value: [padding, padding, padding, padding] },
    },
  );
}

/** The maxima, and where in the flat `x` each lies. */
function maxima(x: NumericTensor, node: Node): { readonly values: NumericTensor; readonly places: NumericTensor } {
  const size = intsAttribute(node, "kernel_shape")[0]!;
  const stride = intsAttribute(node, "strides")[0]!;
  const padding = intsAttribute(node, "pads")[0]!;
  const [height, width] = [x.dims[2]!, x.dims[3]!];
  const strides = stridesOf(x.dims);
  const [, , outHeight, outWidth] = node.outputs[0]!.shape as readonly number[];
  const places = build([x.dims[0]!, x.dims[1]!, outHeight!, outWidth!], ([n, c, i, j]) => {
    let best = -1;
    for (let y = Math.max(0, i! * stride - padding); y < Math.min(height, i! * stride - padding + size); y++) {
      for (let at = Math.max(0, j! * stride - padding); at < Math.min(width, j! * stride - padding + size); at++) {
        const place = n! * strides[0]! + c! * strides[1]! + y * width + at;
        if (best < 0 || x.data[place]! > x.data[best]!) best = place;
      }
    }
    return best;
  });
  return { values: { dims: places.dims, data: places.data.map((place) => x.data[place]!) }, places };
}

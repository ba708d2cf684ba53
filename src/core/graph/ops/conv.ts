// Convolution of planes [N, C, H, W]. Why its gradients are what they are is measured in docs/decisions/0008-convolutions.md.

import { intsAttribute } from "../attributes.ts";
import type { Attributes, Node, Operation, Tensor } from "../graph.ts";
import { build, type NumericTensor, stridesOf } from "../numeric.ts";
import { isStatic, type Shape, throwShapeMismatch } from "../shapes.ts";
import { add } from "./arithmetic.ts";
import { concat, reshape, split, transpose } from "./layout.ts";
import { matMul } from "./mat-mul.ts";
import { reduceSum } from "./reduce.ts";
import { pad, slice } from "./slice.ts";

/** Geometry of a convolution: the same in both directions. */
interface Window {
  readonly stride: number;
  readonly padding: number;
}

export interface ConvOptions extends Partial<Window> {
  /** `[O, C, kernel height, kernel width]` */
  readonly weight: Tensor;
  /** `[O]`; default none. */
  readonly bias?: Tensor;
  /** Step of the window in both directions. Default 1. */
  readonly stride?: number;
  /** Zeros around the planes on all four sides. Default 0. */
  readonly padding?: number;
}

const CONV: Operation = {
  type: "Conv",
  evaluate: ([x, w, bias], node) => {
    const { stride, padding } = windowOf(node);
    const [height, width] = [x!.dims[2]!, x!.dims[3]!];
    const [channels, kernelHeight, kernelWidth] = [w!.dims[1]!, w!.dims[2]!, w!.dims[3]!];
    const [xs, ws] = [stridesOf(x!.dims), stridesOf(w!.dims)];
    const [outHeight, outWidth] = [2, 3].map((axis) => outputSize(x!.dims[axis]!, w!.dims[axis]!, { stride, padding }));
    return [
      build([x!.dims[0]!, w!.dims[0]!, outHeight!, outWidth!], ([n, o, i, j]) => {
        let sum = bias === undefined ? 0 : bias.data[o!]!;
        for (let ky = 0; ky < kernelHeight; ky++) {
          for (let kx = 0; kx < kernelWidth; kx++) {
            const [y, at] = [i! * stride + ky - padding, j! * stride + kx - padding];
            if (y < 0 || y >= height || at < 0 || at >= width) continue;
            for (let c = 0; c < channels; c++)
              sum +=
                x!.data[n! * xs[0]! + c * xs[1]! + y * width + at]! * w!.data[o! * ws[0]! + c * ws[1]! + ky * kernelWidth + kx]!;
          }
        }
        return sum;
      }),
    ];
  },
  gradient: ({ node, inputs, gradient }) => {
    const [x, w] = [inputs[0]!, inputs[1]!];
    const window = windowOf(node);
    return [
      convTranspose({ x: gradient, weight: w, shape: x.shape, window }),
      kernelGradient({ x, gradient, weight: w, window }),
      ...(inputs.length === 3 ? [reduceSum(gradient, { axes: [0, 2, 3] })] : []),
    ];
  },
};

/** The transpose of a convolution as a linear map: its gradient with respect to the planes. */
const CONV_TRANSPOSE: Operation = {
  type: "ConvTranspose",
  evaluate: ([x, w], node) => {
    const { stride, padding } = windowOf(node);
    const [, , height, width] = node.outputs[0]!.shape as readonly number[];
    const result: NumericTensor = {
      dims: [x!.dims[0]!, w!.dims[1]!, height!, width!],
      data: new Float64Array(x!.dims[0]! * w!.dims[1]! * height! * width!),
    };
    const [xs, rs] = [stridesOf(x!.dims), stridesOf(result.dims)];
    build([...x!.dims.slice(0, 1), ...w!.dims, ...x!.dims.slice(2)], ([n, o, c, ky, kx, i, j], flat) => {
      const [y, at] = [i! * stride + ky! - padding, j! * stride + kx! - padding];
      if (y < 0 || y >= height! || at < 0 || at >= width!) return 0;
      const kernel = Math.floor(flat / (x!.dims[2]! * x!.dims[3]!)) % w!.data.length;
      result.data[n! * rs[0]! + c! * rs[1]! + y * width! + at]! +=
        x!.data[n! * xs[0]! + o! * xs[1]! + i! * xs[2]! + j!]! * w!.data[kernel]!;
      return 0;
    });
    return [result];
  },
  gradient: ({ node, inputs, gradient }) => {
    const [x, w] = [inputs[0]!, inputs[1]!];
    const window = windowOf(node);
    return [conv2d(gradient, { weight: w, ...window }), kernelGradient({ x: gradient, gradient: x, weight: w, window })];
  },
};

/**
 * The cross-correlation of planes `x` [N, C, H, W] with `weight`, plus `bias`: [N, O, H', W'] with
 * H' = ⌊(H + 2 · padding − kernel height) / stride⌋ + 1, W' likewise. C, H and W are known sizes, N need not be. Throws `shape-mismatch`.
 */
export function conv2d(x: Tensor, options: ConvOptions): Tensor {
  const { weight, bias, stride = 1, padding = 0 } = options;
  const window = { stride, padding };
  const [batch, ...planes] = x.shape;
  const [, , ...kernel] = weight.shape;
  const sizes = planes.slice(1).map((size, i) => outputSize(Number(size), Number(kernel[i]), window));
  const fits =
    x.shape.length === 4 &&
    weight.shape.length === 4 &&
    isStatic(planes) &&
    isStatic(weight.shape) &&
    planes[0] === weight.shape[1] &&
    (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === weight.shape[0])) &&
    Number.isInteger(stride) &&
    Number.isInteger(padding) &&
    stride > 0 &&
    padding >= 0 &&
    sizes.every((size) => size > 0);
  if (!fits) {
    throwShapeMismatch(
      `conv2d with stride ${stride} and padding ${padding}`,
      [x.shape, weight.shape, ...(bias === undefined ? [] : [bias.shape])],
      "planes [N,C,H,W] at least as large as the kernel, a weight [O,C,h,w] and a bias [O]",
    );
  }
  const inputs = bias === undefined ? [x, weight] : [x, weight, bias];
  const shape = [batch!, weight.shape[0]!, ...sizes];
  return x.graph.node(CONV, inputs, { dtype: "float32", shape }, windowAttributes(weight.shape, window));
}

function convTranspose(options: {
  readonly x: Tensor;
  readonly weight: Tensor;
  /** Of the result: strides leave several heights and widths possible. */
  readonly shape: Shape;
  readonly window: Window;
}): Tensor {
  const { x, weight, shape, window } = options;
  const missing = [2, 3].map((axis) => {
    const covered = ((x.shape[axis] as number) - 1) * window.stride + (weight.shape[axis] as number) - 2 * window.padding;
    return (shape[axis] as number) - covered;
  });
  const attributes: Attributes = {
    ...windowAttributes(weight.shape, window),
    output_padding: { kind: "ints", value: missing },
  };
  return x.graph.node(CONV_TRANSPOSE, [x, weight], { dtype: "float32", shape }, attributes);
}

/** At most this many parts of the batch are laid out for the product one after another, of at least so many planes each. */
const mostParts = 8;
const leastPart = 32;

/**
 * The gradient with respect to the kernel, as a product: all that each weight was multiplied by, [C · h · w, N · H' · W'], times the
 * gradient [N · H' · W', O]. Done in parts of the batch that stay in the processor's cache.
 */
function kernelGradient(options: {
  readonly x: Tensor;
  readonly gradient: Tensor;
  readonly weight: Tensor;
  readonly window: Window;
}): Tensor {
  const { x, gradient, weight } = options;
  const [outputs, channels, height, width] = weight.shape as readonly [number, number, number, number];
  const gradients = inParts(gradient);
  const products = inParts(x).map((part, i) => {
    const rows = reshape(transpose(gradients[i]!, [0, 2, 3, 1]), [-1, outputs]);
    return matMul(columns(part, { ...options, gradient: gradients[i]! }), rows);
  });
  const byPlace = reshape(products.reduce(add), [height * width, channels, outputs]);
  return reshape(transpose(byPlace, [2, 1, 0]), weight.shape);
}

/** What each weight is multiplied by, `[h · w · C, N · H' · W']`: the planes under each place of the kernel. By slices: Gather copies one by one. */
function columns(x: Tensor, options: { readonly gradient: Tensor; readonly weight: Tensor; readonly window: Window }): Tensor {
  const { stride, padding } = options.window;
  const [, channels, height, width] = options.weight.shape as readonly [number, number, number, number];
  const [outHeight, outWidth] = [options.gradient.shape[2] as number, options.gradient.shape[3] as number];
  const padded = pad(
    transpose(x, [1, 0, 2, 3]),
    [2, 3].map((axis) => ({ axis, before: padding, after: padding })),
  );
  const byColumn = Array.from({ length: width }, (_, start) => slice(padded, { axis: 3, start, size: outWidth, step: stride }));
  const places = Array.from({ length: height }, (_, start) =>
    byColumn.map((planes) => slice(planes, { axis: 2, start, size: outHeight, step: stride })),
  );
  return reshape(concat(places.flat(), 0), [height * width * channels, -1]);
}

function inParts(x: Tensor): readonly Tensor[] {
  const rows = x.shape[0]!;
  if (typeof rows === "string") return [x];
  const size = Math.max(leastPart, Math.ceil(rows / mostParts));
  const sizes = Array.from({ length: Math.ceil(rows / size) }, (_, i) => Math.min(size, rows - i * size));
  return sizes.length > 1 ? split(x, sizes, 0) : [x];
}

function outputSize(size: number, kernel: number, { stride, padding }: Window): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

function windowAttributes(weight: Shape, { stride, padding }: Window): Attributes {
  return {
    kernel_shape: { kind: "ints", value: weight.slice(2).map(Number) },
    strides: { kind: "ints", value: [stride, stride] },
    pads: { kind: "ints", value: [padding, padding, padding, padding] },
  };
}

function windowOf(node: Node): Window {
  return { stride: intsAttribute(node, "strides")[0]!, padding: intsAttribute(node, "pads")[0]! };
}

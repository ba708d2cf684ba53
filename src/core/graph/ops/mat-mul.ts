// Matrix products: Gemm for matrices, MatMul for batches of them.

import { intAttribute } from "../attributes.ts";
import type { Operation, Tensor } from "../graph.ts";
import { broadcastDims, broadcastOffset, build, type NumericTensor, stridesOf } from "../numeric.ts";
import { broadcastShapes, productOfDims, type Shape, sameShape, throwShapeMismatch } from "../shapes.ts";
import { add } from "./arithmetic.ts";
import { reshape, transpose } from "./layout.ts";
import { reduceSum, sumTo } from "./reduce.ts";

export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const GEMM: Operation = {
  type: "Gemm",
  evaluate: ([a, b, c], node) => {
    const left = intAttribute(node, "transA") === 1 ? swapLast(a!) : a!;
    const right = intAttribute(node, "transB") === 1 ? swapLast(b!) : b!;
    const product = multiply(left, right);
    if (c === undefined) return [product];
    const at = (index: readonly number[], flat: number) => c.data[c.dims.length === 1 ? index[1]! : flat]!;
    return [build(product.dims, (index, flat) => product.data[flat]! + at(index, flat))];
  },
  gradient: ({ node, inputs, gradient }) => {
    const [a, b] = [inputs[0]!, inputs[1]!];
    const transposeA = intAttribute(node, "transA") === 1;
    const transposeB = intAttribute(node, "transB") === 1;
    return [
      transposeA
        ? matMul(b, gradient, { transposeA: transposeB, transposeB: true })
        : matMul(gradient, b, { transposeB: !transposeB }),
      transposeB
        ? matMul(gradient, a, { transposeA: true, transposeB: transposeA })
        : matMul(a, gradient, { transposeA: !transposeA }),
      ...(inputs.length === 3 ? [inputs[2]!.shape.length === 1 ? reduceSum(gradient, { axes: [0] }) : gradient] : []),
    ];
  },
};

const MAT_MUL: Operation = {
  type: "MatMul",
  evaluate: ([a, b]) => [multiply(a!, b!)],
  gradient: ({ inputs, gradient }) => {
    const [a, b] = [inputs[0]!, inputs[1]!];
    return [sumTo(matMul(gradient, b, { transposeB: true }), a), sumTo(matMul(a, gradient, { transposeA: true }), b)];
  },
};

/**
 * The product of matrices in the last two axes; the leading axes broadcast. `transposeA` and `transposeB` swap the last two axes first.
 * Throws `shape-mismatch` when the inner dimensions differ or a tensor has fewer than two axes.
 */
export function matMul(a: Tensor, b: Tensor, options: MatMulOptions = {}): Tensor {
  const transposeA = options.transposeA ?? false;
  const transposeB = options.transposeB ?? false;
  const shape = productShape(a, b, { transposeA, transposeB });
  if (shape.length === 2) return gemm([a, b], shape, { transposeA, transposeB });
  if (b.shape.length === 2 && !transposeA && a.shape.slice(0, -1).filter((dim) => typeof dim === "string").length <= 1) {
    const rows = reshape(a, [productOfDims(a.shape.slice(0, -1)), a.shape.at(-1)!]);
    return reshape(matMul(rows, b, { transposeB }), shape);
  }
  return a.graph.node(MAT_MUL, [transposeA ? swap(a) : a, transposeB ? swap(b) : b], { dtype: "float32", shape });
}

/** A dense layer: x [..., in] times w [in, out], plus b, which is [out] or of the shape of the product. */
export function linear(x: Tensor, w: Tensor, b: Tensor): Tensor {
  const shape = productShape(x, w, { transposeA: false, transposeB: false });
  if (!sameShape(b.shape, shape) && !sameShape(b.shape, shape.slice(-1)))
    throwShapeMismatch("linear", [x.shape, w.shape, b.shape], "a bias [out], or one of the product's shape");
  if (shape.length === 2) return gemm([x, w, b], shape, { transposeA: false, transposeB: false });
  return add(matMul(x, w), b);
}

function gemm(inputs: readonly Tensor[], shape: Shape, options: Required<MatMulOptions>): Tensor {
  return inputs[0]!.graph.node(
    GEMM,
    inputs,
    { dtype: "float32", shape },
    {
      transA: { kind: "int", value: options.transposeA ? 1 : 0 },
      transB: { kind: "int", value: options.transposeB ? 1 : 0 },
    },
  );
}

function productShape(a: Tensor, b: Tensor, options: Required<MatMulOptions>): Shape {
  const leading = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const innerA = a.shape.at(options.transposeA ? -2 : -1);
  const innerB = b.shape.at(options.transposeB ? -1 : -2);
  if (
    leading === undefined ||
    a.shape.length < 2 ||
    b.shape.length < 2 ||
    innerA !== innerB ||
    a.dtype !== "float32" ||
    b.dtype !== "float32"
  ) {
    const flags = `${options.transposeA ? ", a transposed" : ""}${options.transposeB ? ", b transposed" : ""}`;
    throwShapeMismatch(
      `matMul of ${a.dtype} and ${b.dtype}${flags}`,
      [a.shape, b.shape],
      "float32 matrices with equal inner dimensions",
    );
  }
  return [...leading, a.shape.at(options.transposeA ? -1 : -2)!, b.shape.at(options.transposeB ? -2 : -1)!];
}

function swap(x: Tensor): Tensor {
  return transpose(x, swappedAxes(x.shape.length));
}

function swappedAxes(rank: number): number[] {
  return [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];
}

function swapLast(x: NumericTensor): NumericTensor {
  const [rows, columns] = [x.dims[0]!, x.dims[1]!];
  return build([columns, rows], (index) => x.data[index[1]! * columns + index[0]!]!);
}

function multiply(a: NumericTensor, b: NumericTensor): NumericTensor {
  const inner = a.dims.at(-1)!;
  const columns = b.dims.at(-1)!;
  if (inner !== b.dims.at(-2)) throw new RangeError(`matrices [${a.dims}] and [${b.dims}] have different inner dimensions`);
  const leading = broadcastDims([a.dims.slice(0, -2), b.dims.slice(0, -2)]);
  const left = { strides: stridesOf(a.dims), batch: { dims: a.dims.slice(0, -2), data: a.data } };
  const right = { strides: stridesOf(b.dims), batch: { dims: b.dims.slice(0, -2), data: b.data } };
  return build([...leading, a.dims.at(-2)!, columns], (index) => {
    const batch = index.slice(0, -2);
    const fromA = broadcastOffset(left.batch, left.strides, batch) + index.at(-2)! * inner;
    const fromB = broadcastOffset(right.batch, right.strides, batch) + index.at(-1)!;
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a.data[fromA + k]! * b.data[fromB + k * columns]!;
    return sum;
  });
}

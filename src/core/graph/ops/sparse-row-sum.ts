// The first layer of a network whose inputs are mostly zero: a sum of weight rows instead of a product with a sparse matrix.

import type { Tensor } from "../graph.ts";
import { throwShapeMismatch } from "../shapes.ts";
import { gather } from "./gather.ts";
import { concat } from "./layout.ts";
import { reduceSum } from "./reduce.ts";

/**
 * The sum of the rows of `weight` [D, H] that each line of `indices` [N, K] (int32) names: [N, H]. The index D adds nothing, for padding.
 * Equal to the product of a matrix of counts [N, D] with `weight`.
 */
export function sparseRowSum(weight: Tensor, indices: Tensor): Tensor {
  const [rows, columns] = weight.shape;
  if (
    weight.shape.length !== 2 ||
    indices.shape.length !== 2 ||
    indices.dtype !== "int32" ||
    typeof columns !== "number" ||
    typeof rows !== "number"
  ) {
    throwShapeMismatch(
      `sparseRowSum with indices of ${indices.dtype}`,
      [weight.shape, indices.shape],
      "a weight [D,H] and int32 indices [N,K]",
    );
  }
  const zeroRow = weight.graph.constant(new Float32Array(columns), [1, columns]);
  return reduceSum(gather(concat([weight, zeroRow], 0), indices, 0), { axes: [1] });
}

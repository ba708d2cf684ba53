// Changes of dtype.

import type { Attributes, DType, Operation, Tensor } from "../graph.ts";
import { onnxType } from "../onnx-types.ts";

// None of these has a gradient: what they change to or from is not real-valued.
const CAST_TO_FLOAT: Operation = { type: "Cast", evaluate: ([x]) => [x!] };
const CAST_TO_BOOL: Operation = {
  type: "Cast",
  evaluate: ([x]) => [{ dims: x!.dims, data: x!.data.map((value) => (value !== 0 ? 1 : 0)) }],
};
const CAST_TO_UINT8: Operation = {
  type: "Cast",
  evaluate: ([x]) => [{ dims: x!.dims, data: x!.data.map((value) => Math.trunc(value) & 255) }],
};
const CAST_TO_INTEGER: Operation = {
  type: "Cast",
  evaluate: ([x]) => [{ dims: x!.dims, data: x!.data.map(Math.trunc) }],
};

const BY_TARGET: Readonly<Record<DType, Operation>> = {
  float32: CAST_TO_FLOAT,
  int32: CAST_TO_INTEGER,
  int64: CAST_TO_INTEGER,
  uint8: CAST_TO_UINT8,
  bool: CAST_TO_BOOL,
};

/**
 * The same values in another dtype: floats are truncated towards zero, bool is "not zero". Returns `x` itself when the dtype is already right.
 * Not differentiable, since what it changes to or from is not real-valued.
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const attributes: Attributes = { to: { kind: "int", value: onnxType(dtype) } };
  return x.graph.node(BY_TARGET[dtype], [x], { dtype, shape: x.shape }, attributes);
}

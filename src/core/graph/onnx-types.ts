// The correspondence between dtypes and ONNX element types.

import { TensorProto_DataType } from "onnx-buf";
import type { DType } from "./graph.ts";

const ONNX_TYPES: Readonly<Record<DType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  uint8: TensorProto_DataType.UINT8,
  bool: TensorProto_DataType.BOOL,
};

/** The number ONNX gives to a dtype. */
export function onnxType(dtype: DType): TensorProto_DataType {
  return ONNX_TYPES[dtype];
}

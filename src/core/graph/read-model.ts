// Reads the bytes of an ONNX model, ours or another's, as far as an importer or a checker needs them; it does not run them.

import { fromBinary } from "@bufbuild/protobuf";
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  type ValueInfoProto,
} from "onnx-buf";
import { MesascopeError } from "../base/errors.ts";
import type { DType } from "./graph.ts";
import { dtypeOfOnnx } from "./onnx-types.ts";
import type { Dim } from "./shapes.ts";

export interface ModelValue {
  readonly name: string;
  readonly dtype: DType;
  /** Symbolic dimensions by their names; "?" for one without. */
  readonly shape: readonly Dim[];
}

export interface ModelNode {
  readonly type: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface ModelWeight {
  readonly name: string;
  /** The ONNX name of the element type, such as "FLOAT" or "FLOAT16". */
  readonly elementType: string;
  readonly shape: readonly number[];
}

export interface ModelDescription {
  readonly opset: number;
  readonly producer: string;
  /** What is fed at each run: initializers that old models also list as inputs are not in here. */
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly nodes: readonly ModelNode[];
  readonly initializers: readonly ModelWeight[];
}

const BYTES_PER_ELEMENT: Readonly<Record<number, number | undefined>> = {
  [TensorProto_DataType.FLOAT]: 4,
  [TensorProto_DataType.INT32]: 4,
  [TensorProto_DataType.INT64]: 8,
  [TensorProto_DataType.DOUBLE]: 8,
  [TensorProto_DataType.UINT8]: 1,
  [TensorProto_DataType.BOOL]: 1,
};

/**
 * Describes a model. Throws `invalid-model` when the bytes are damaged or no ONNX model, when a node reads what nothing computes, when weights
 * lie outside the file (which would read other files) or when an input or output is no dense tensor of a dtype of this project.
 */
export function readModel(bytes: Uint8Array): ModelDescription {
  const model = parse(bytes);
  const opset = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  if (model.graph === undefined || opset === undefined) {
    throw invalid(
      `${bytes.byteLength} bytes given without ${model.graph === undefined ? "a graph" : "an operator set"}; expected a whole ONNX file`,
    );
  }
  const { graph } = model;
  const initializers = graph.initializer.map(weightOf);
  const weights = new Set(initializers.map(({ name }) => name));
  checkConnections(graph, weights);
  return {
    opset: Number(opset.version),
    producer: model.producerName,
    inputs: graph.input.filter(({ name }) => !weights.has(name)).map(modelValueOf),
    outputs: graph.output.map(modelValueOf),
    nodes: graph.node.map(({ opType, domain, input, output }) => ({ type: opType, domain, inputs: input, outputs: output })),
    initializers,
  };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new MesascopeError(
      "invalid-model",
      `${bytes.byteLength} bytes given that are no ONNX model; expected a whole ONNX file`,
      { cause },
    );
  }
}

function weightOf(tensor: TensorProto): ModelWeight {
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL || tensor.externalData.length > 0) {
    throw invalid(`weight "${tensor.name}" lies outside the file; save the model with its weights inside`);
  }
  const shape = tensor.dims.map(Number);
  const width = BYTES_PER_ELEMENT[tensor.dataType];
  const expected = shape.reduce((product, dim) => product * dim, width ?? 0);
  if (width !== undefined && tensor.rawData.byteLength > 0 && tensor.rawData.byteLength !== expected) {
    throw invalid(`weight "${tensor.name}" [${shape}] has ${tensor.rawData.byteLength} bytes; expected ${expected}`);
  }
  return { name: tensor.name, elementType: TensorProto_DataType[tensor.dataType] ?? `${tensor.dataType}`, shape };
}

function modelValueOf(info: ValueInfoProto): ModelValue {
  const type = info.type?.value;
  const dtype = type?.case === "tensorType" ? dtypeOfOnnx(type.value.elemType) : undefined;
  if (type?.case !== "tensorType" || dtype === undefined || type.value.shape === undefined) {
    throw invalid(`"${info.name}" is no float32, int32, int64, uint8 or bool tensor with a declared number of axes; convert it`);
  }
  const shape = type.value.shape.dim.map(({ value }): Dim => {
    if (value.case === "dimValue") return Number(value.value);
    return value.case === "dimParam" && value.value !== "" ? value.value : "?";
  });
  return { name: info.name, dtype, shape };
}

function checkConnections(graph: GraphProto, weights: ReadonlySet<string>): void {
  const known = new Set([
    ...weights,
    ...graph.sparseInitializer.map(({ values }) => values?.name ?? ""),
    ...graph.input.map(({ name }) => name),
  ]);
  for (const node of graph.node) {
    const missing = node.input.find((name) => name !== "" && !known.has(name));
    if (missing !== undefined)
      throw invalid(`node ${node.opType} "${node.name}" reads "${missing}", which nothing before it computes`);
    for (const name of node.output) known.add(name);
  }
  if (graph.output.length === 0) throw invalid("the graph has no output; expected a whole ONNX file");
  const uncomputed = graph.output.find(({ name }) => !known.has(name));
  if (uncomputed !== undefined) throw invalid(`output "${uncomputed.name}" is computed by no node`);
}

function invalid(message: string): MesascopeError {
  return new MesascopeError("invalid-model", message);
}

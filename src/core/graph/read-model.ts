// Reads the bytes of an ONNX model, ours or another's, as far as an importer or a checker needs them; it does not run them.

import { fromBinary } from "@bufbuild/protobuf";
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  type ValueInfoProto,
} from "onnx-buf";
import { MesascopeError } from "../base/errors.ts";
import type { Dim } from "./shapes.ts";

export interface ModelValue {
  readonly name: string;
  /**
   * The element type as this project writes it: "float32", "float64", "int64", "uint8", "bool", … and those that it does not feed, such as
   * "float16" or "string"; "undeclared" where the model does not tell, "sequence" or the like for what is no tensor.
   */
  readonly dtype: string;
  /** Symbolic dimensions by their names; "?" for one without. Null where the model does not tell the number of axes. */
  readonly shape: readonly Dim[] | null;
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
  /** What wrote it, with its version where that is told: "pytorch 1.13.0". */
  readonly producer: string;
  /** What is fed at each run: initializers that old models also list as inputs are not in here. */
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly nodes: readonly ModelNode[];
  /** Tensors inside the model whose dtype and shape it tells. */
  readonly inner: readonly ModelValue[];
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
 * Describes a model. Throws `invalid-model` when the bytes are damaged or no ONNX model, when a node reads what nothing computes, and when
 * weights lie outside the file, in whichever place a model can hold weights: such a model reads other files.
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
  refuseOutsideSparse(graph);
  const weights = new Set(initializers.map(({ name }) => name));
  for (const node of [...graph.node, ...model.functions.flatMap((own) => own.node)]) refuseOutsideWeights(node);
  checkConnections(graph, weights);
  return {
    opset: Number(opset.version),
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    inputs: graph.input.filter(({ name }) => !weights.has(name)).map(modelValueOf),
    outputs: graph.output.map(modelValueOf),
    nodes: graph.node.map(({ opType, domain, input, output }) => ({ type: opType, domain, inputs: input, outputs: output })),
    inner: graph.valueInfo.map(modelValueOf),
    initializers,
  };
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new MesascopeError(
      "invalid-model",
      `${bytes.byteLength} bytes given that are no ONNX model; expected a whole ONNX file. Copy or export it again, or name another.`,
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

/** Weights in the attributes of a node, and in the bodies of loops and branches. */
function refuseOutsideWeights(node: NodeProto): void {
  for (const { t, tensors, sparseTensor, g, graphs } of node.attribute) {
    const sparse = [sparseTensor?.values, sparseTensor?.indices].filter((tensor) => tensor !== undefined);
    for (const tensor of [...(t ? [t] : []), ...tensors, ...sparse]) weightOf(tensor);
    for (const body of [...(g ? [g] : []), ...graphs]) {
      body.initializer.forEach(weightOf);
      refuseOutsideSparse(body);
      body.node.forEach(refuseOutsideWeights);
    }
  }
}

function refuseOutsideSparse({ sparseInitializer }: GraphProto): void {
  for (const { values, indices } of sparseInitializer) for (const tensor of [values, indices]) if (tensor) weightOf(tensor);
}

function modelValueOf({ name, type: declared }: ValueInfoProto): ModelValue {
  const type = declared?.value;
  if (type?.case !== "tensorType") return { name, dtype: type?.case?.replace(/Type$/, "") ?? "undeclared", shape: null };
  const shape = type.value.shape?.dim.map(({ value }): Dim => {
    if (value.case === "dimValue") return Number(value.value);
    return value.case === "dimParam" && value.value !== "" ? value.value : "?";
  });
  return { name, dtype: dtypeName(type.value.elemType), shape: shape ?? null };
}

function dtypeName(elementType: number): string {
  if (elementType === TensorProto_DataType.FLOAT) return "float32";
  if (elementType === TensorProto_DataType.DOUBLE) return "float64";
  return (TensorProto_DataType[elementType] ?? `type ${elementType}`).toLowerCase();
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

// Makes tensors inside an ONNX model readable: they become outputs of the graph, and nothing else changes.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { throwUnknown } from "../base/errors.ts";
import { readModel } from "./read-model.ts";

/**
 * The bytes of the same model with the tensors `names` as further outputs, in that order, after those it has. Names of outputs that it has
 * already are left as they are. Shapes are declared where the model tells them, as it does for the hook points of our own policies.
 * Throws `usage` for a tensor that no node computes, listing those that are, and `invalid-model` as `readModel` does.
 */
export function exposeTensors(model: Uint8Array, names: readonly string[]): Uint8Array {
  const { nodes, outputs } = readModel(model);
  const known = nodes.flatMap((node) => node.outputs).filter((name) => name !== "");
  const exposed = new Set(outputs.map(({ name }) => name));
  const proto = fromBinary(ModelProtoSchema, model);
  const graph = proto.graph!;
  for (const name of names) {
    if (!known.includes(name)) throwUnknown("tensor", name, known, "Choose one that a node of the model computes.");
    if (exposed.has(name)) continue;
    exposed.add(name);
    graph.output.push(graph.valueInfo.find((info) => info.name === name) ?? create(ValueInfoProtoSchema, { name }));
  }
  return toBinary(ModelProtoSchema, proto);
}

/** A float32 tensor as it is for one row. */
export interface PackedTensor {
  readonly name: string;
  readonly dims: readonly number[];
}

/**
 * The bytes of the same model, for calls of one row, with one further output `output`: the numbers of all `tensors` one after the other,
 * `[1, their sum]`. Where a call is small, each output costs more than what is in it. Throws as `exposeTensors`.
 */
export function packTensors(model: Uint8Array, tensors: readonly PackedTensor[], output: string): Uint8Array {
  const names = tensors.map(({ name }) => name);
  const proto = fromBinary(ModelProtoSchema, exposeTensors(model, names));
  const graph = proto.graph!;
  const shape = `${output}/shape`;
  const dims = [2n];
  graph.initializer.push(
    create(TensorProtoSchema, { name: shape, dataType: TensorProto_DataType.INT64, dims, int64Data: [1n, -1n] }),
  );
  const rows = tensors.map(({ name, dims: own }) => {
    if (own.length === 2 && own[0] === 1) return name;
    const row = `${output}/${name}`;
    graph.node.push(create(NodeProtoSchema, { opType: "Reshape", input: [name, shape], output: [row] }));
    return row;
  });
  const axis = create(AttributeProtoSchema, { name: "axis", type: AttributeProto_AttributeType.INT, i: 1n });
  graph.node.push(create(NodeProtoSchema, { opType: "Concat", input: rows, output: [output], attribute: [axis] }));
  const type = {
    value: { case: "tensorType" as const, value: { elemType: TensorProto_DataType.FLOAT, shape: { dim: [{}, {}] } } },
  };
  graph.output.push(create(ValueInfoProtoSchema, { name: output, type }));
  return toBinary(ModelProtoSchema, proto);
}

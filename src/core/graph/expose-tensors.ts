// Makes tensors inside an ONNX model readable: they become outputs of the graph, and nothing else changes.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, ValueInfoProtoSchema } from "onnx-buf";
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

// Writes a graph as an ONNX model.

import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "onnx-buf";
import { type Attribute, type Graph, type Initializer, type Node, reachableNodes, type Tensor } from "./graph.ts";
import { onnxType } from "./onnx-types.ts";

/** The ONNX operator set that all operations are written in: the newest that the checker of Debian's python3-onnx 1.12 knows. */
export const OPSET = 17;
/** The format version that belongs to opset 17. */
const IR_VERSION = 8;

/** The bytes of an ONNX model with everything that the outputs need; unused nodes and initializers are left out, unused inputs stay. */
export function serialize(graph: Graph): Uint8Array {
  const nodes = reachableNodes(graph, graph.outputs.values());
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...graph.outputs.values()]);
  const names = finalNames(graph, nodes);
  const nameOf = (tensor: Tensor): string => names.get(tensor) ?? tensor.name;
  const copies = [...graph.outputs].filter(([name, tensor]) => nameOf(tensor) !== name);
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    opsetImport: [{ domain: "", version: BigInt(OPSET) }],
    producerName: "mesascope",
    graph: {
      name: graph.name,
      node: [
        ...nodes.map((node) => ({
          opType: node.operation.type,
          input: node.inputs.map(nameOf),
          output: node.outputs.map(nameOf),
          attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeProto(name, attribute)),
        })),
        ...copies.map(([name, tensor]) => ({ opType: "Identity", input: [nameOf(tensor)], output: [name] })),
      ],
      initializer: [...graph.initializers.values()]
        .filter(({ tensor }) => used.has(tensor))
        .map((initializer) => tensorProto(initializer)),
      input: graph.inputs.map((tensor) => valueInfo(tensor.name, tensor)),
      output: [...graph.outputs].map(([name, tensor]) => valueInfo(name, tensor)),
      // So that whoever makes a hook point an output can declare its shape.
      valueInfo: [...graph.labels]
        .filter(([name, tensor]) => names.get(tensor) === name)
        .map(([name, tensor]) => valueInfo(name, tensor)),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

/** Tensors computed by nodes take the name of their first output; others keep theirs, moved aside where an output has the same name. */
function finalNames(graph: Graph, nodes: readonly Node[]): ReadonlyMap<Tensor, string> {
  const names = new Map<Tensor, string>();
  const outputNames = new Set(graph.outputs.keys());
  const computed = new Set(nodes.flatMap((node) => node.outputs));
  for (const [name, tensor] of graph.outputs) {
    if (computed.has(tensor) && !names.has(tensor)) names.set(tensor, name);
  }
  for (const [name, tensor] of graph.labels) {
    if (computed.has(tensor) && !names.has(tensor)) names.set(tensor, name);
  }
  for (const tensor of computed) {
    if (!names.has(tensor) && outputNames.has(tensor.name)) names.set(tensor, `${tensor.name}/inner`);
  }
  return names;
}

function attributeProto(name: string, attribute: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
  switch (attribute.kind) {
    case "int":
      return { name, type: AttributeProto_AttributeType.INT, i: BigInt(attribute.value) };
    case "ints":
      return { name, type: AttributeProto_AttributeType.INTS, ints: attribute.value.map(BigInt) };
    case "float":
      return { name, type: AttributeProto_AttributeType.FLOAT, f: attribute.value };
    case "string":
      return {
        name,
        type: AttributeProto_AttributeType.STRING,
        s: Uint8Array.from(attribute.value, (letter) => letter.charCodeAt(0)),
      };
    default:
      return attribute satisfies never;
  }
}

function tensorProto({ tensor, data }: Initializer): MessageInitShape<typeof TensorProtoSchema> {
  const bytes = new Uint8Array(data.byteLength);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { name: tensor.name, dataType: onnxType(tensor.dtype), dims: tensor.shape.map(BigInt), rawData: bytes };
}

function valueInfo(name: string, tensor: Tensor): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = tensor.shape.map((size) =>
    typeof size === "number"
      ? { value: { case: "dimValue" as const, value: BigInt(size) } }
      : { value: { case: "dimParam" as const, value: size } },
  );
  return { name, type: { value: { case: "tensorType", value: { elemType: onnxType(tensor.dtype), shape: { dim } } } } };
}

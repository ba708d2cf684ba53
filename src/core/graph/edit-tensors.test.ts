import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, NodeProtoSchema, TensorProto_DataType } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { editTensors } from "./edit-tensors.ts";
import { Graph } from "./graph.ts";
import { relu } from "./ops/elementwise.ts";
import { linear } from "./ops/mat-mul.ts";
import { readModel } from "./read-model.ts";
import { serialize } from "./serialize.ts";

function model(): Uint8Array {
  const graph = new Graph("policy");
  const x = graph.input("observation", "float32", ["N", 3]);
  const weight = graph.initializer("weight", Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  const hidden = relu(linear(x, weight, graph.initializer("bias", new Float32Array(2), [2])));
  graph.label("hidden", hidden);
  graph.output("logits", relu(hidden));
  return serialize(graph);
}

describe("editTensors", () => {
  it("changes nothing where nothing is to be edited", () => {
    expect(editTensors(model(), [])).toEqual(model());
  });

  it("lets every reader read the edited copy, and keeps the tensor under its name", () => {
    const { nodes, inner } = readModel(editTensors(model(), [{ tensor: "hidden", kind: "add" }]));
    expect(nodes.find(({ outputs }) => outputs.includes("logits"))!.inputs).toEqual(["hidden.edited"]);
    expect(nodes.filter(({ inputs }) => inputs.includes("hidden")).map(({ type }) => type)).toEqual(["Shape", "Reshape"]);
    expect(inner).toContainEqual({ name: "hidden.edited", dtype: "float32", shape: ["N", 2] });
  });

  it("keeps the name and value of an output that is edited", () => {
    const { outputs, nodes } = readModel(editTensors(model(), [{ tensor: "logits", kind: "replace" }]));
    expect(outputs.map(({ name }) => name)).toEqual(["logits"]);
    expect(nodes.find((node) => node.outputs.includes("logits"))!.type).toBe("Relu");
    expect(nodes.at(-1)!.outputs).toEqual(["logits.edited"]);
  });

  it("asks for its values as inputs: of all slots of a tensor, in their order, and the rows once", () => {
    const slots = [
      { tensor: "hidden", kind: "add" },
      { tensor: "logits", kind: "replace" },
      { tensor: "hidden", kind: "project" },
    ] as const;
    expect(readModel(editTensors(model(), slots)).inputs.map(({ name, dtype }) => `${name} ${dtype}`)).toEqual([
      "observation float32",
      "edit/rows int64",
      "hidden/add/vector float32",
      "hidden/add/strength float32",
      "hidden/project/strength float32",
      "hidden/project/target float32",
      "hidden/project/center float32",
      "hidden/project/read float32",
      "hidden/project/write float32",
      "logits/replace/values float32",
      "logits/replace/where bool",
    ]);
  });

  it("reaches readers in the body of a branch, unless the body has a tensor of that name itself", () => {
    const proto = fromBinary(ModelProtoSchema, model());
    const reads = (name: string) => create(NodeProtoSchema, { opType: "Relu", input: ["hidden"], output: [name] });
    const then = { node: [reads("a")], output: [{ name: "a" }] };
    const own = { node: [reads("b")], initializer: [{ name: "hidden" }], output: [{ name: "b" }] };
    proto.graph!.node.push(
      create(NodeProtoSchema, {
        opType: "If",
        output: ["either"],
        attribute: [
          { name: "then_branch", g: then },
          { name: "else_branch", g: own },
        ],
      }),
    );
    const edited = fromBinary(
      ModelProtoSchema,
      editTensors(toBinary(ModelProtoSchema, proto), [{ tensor: "hidden", kind: "add" }]),
    );
    const branches = edited.graph!.node.at(-1)!.attribute.map(({ g }) => g!.node[0]!.input);
    expect(branches).toEqual([["hidden.edited"], ["hidden"]]);
  });

  it("refuses a tensor that no node computes, a slot given twice, and a tensor that is no float32", () => {
    const add = (tensor: string) => ({ tensor, kind: "add" as const });
    expect(() => editTensors(model(), [add("hiden")])).toThrow(/unknown tensor "hiden"; known: .*hidden, logits/);
    expect(() => editTensors(model(), [add("hidden"), add("hidden")])).toThrow('edit add of "hidden" given twice');
    const proto = fromBinary(ModelProtoSchema, model());
    const type = proto.graph!.valueInfo[0]!.type!.value;
    if (type.case === "tensorType") type.value.elemType = TensorProto_DataType.INT64;
    expect(() => editTensors(toBinary(ModelProtoSchema, proto), [add("hidden")])).toThrow('tensor "hidden" is int64');
  });
});

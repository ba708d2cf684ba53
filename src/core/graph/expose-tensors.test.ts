import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { exposeTensors, packTensors } from "./expose-tensors.ts";
import { Graph } from "./graph.ts";
import { relu } from "./ops/elementwise.ts";
import { linear } from "./ops/mat-mul.ts";
import { readModel } from "./read-model.ts";
import { serialize } from "./serialize.ts";

function model(): Uint8Array {
  const graph = new Graph("policy");
  const x = graph.input("observation", "float32", ["N", 3]);
  const weight = graph.initializer("weight", Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  const pre = linear(x, weight, graph.initializer("bias", new Float32Array(2), [2]));
  const post = relu(pre);
  graph.label("hidden.pre", pre);
  graph.label("hidden.post", post);
  graph.output("logits", relu(post));
  return serialize(graph);
}

describe("exposeTensors", () => {
  it("adds outputs with their declared shapes, in the order asked, and changes nothing else", () => {
    const before = readModel(model());
    const after = readModel(exposeTensors(model(), ["hidden.post", "hidden.pre"]));
    expect(after).toEqual({
      ...before,
      outputs: [
        ...before.outputs,
        { name: "hidden.post", dtype: "float32", shape: ["N", 2] },
        { name: "hidden.pre", dtype: "float32", shape: ["N", 2] },
      ],
    });
  });

  it("names no tensor twice, and leaves outputs as they are", () => {
    const { outputs } = readModel(exposeTensors(model(), ["logits", "hidden.pre", "hidden.pre"]));
    expect(outputs.map(({ name }) => name)).toEqual(["logits", "hidden.pre"]);
    expect(exposeTensors(model(), ["logits"])).toEqual(exposeTensors(model(), []));
  });

  it("exposes a tensor whose shape the model does not declare", () => {
    const proto = fromBinary(ModelProtoSchema, model());
    const bare = toBinary(ModelProtoSchema, create(ModelProtoSchema, { ...proto, graph: { ...proto.graph!, valueInfo: [] } }));
    const { graph } = fromBinary(ModelProtoSchema, exposeTensors(bare, ["hidden.pre"]));
    expect(graph!.output.map(({ name, type }) => [name, type === undefined])).toEqual([
      ["logits", false],
      ["hidden.pre", true],
    ]);
  });

  it("refuses a tensor that no node computes, naming those there are", () => {
    for (const name of ["hidden.9.post", "weight", "observation", ""]) {
      expect(() => exposeTensors(model(), [name])).toThrow(`unknown tensor "${name}"; known: hidden.pre, hidden.post, logits.`);
    }
  });

  it("refuses what is no model", () => {
    expect(() => exposeTensors(model().subarray(0, 40), ["logits"])).toThrow(expect.objectContaining({ code: "invalid-model" }));
  });
});

describe("packTensors", () => {
  it("adds one output that joins the tensors, laid flat where they are no row already", () => {
    const tensors = [
      { name: "hidden.post", dims: [1, 2] },
      { name: "logits", dims: [2] },
    ];
    const { nodes, outputs } = readModel(packTensors(model(), tensors, "all"));
    expect(outputs.at(-1)).toEqual({ name: "all", dtype: "float32", shape: ["?", "?"] });
    expect(nodes.slice(-2)).toEqual([
      { type: "Reshape", domain: "", inputs: ["logits", "all/shape"], outputs: ["all/logits"] },
      { type: "Concat", domain: "", inputs: ["hidden.post", "all/logits"], outputs: ["all"] },
    ]);
  });
});

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import {
  FunctionProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  SparseTensorProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from "onnx-buf";
import { describe, expect, it } from "vitest";
import { MesascopeError } from "../base/errors.ts";
import { Graph } from "./graph.ts";
import { relu } from "./ops/elementwise.ts";
import { linear } from "./ops/mat-mul.ts";
import { readModel } from "./read-model.ts";
import { serialize } from "./serialize.ts";

function policy(): Graph {
  const graph = new Graph("policy");
  const observation = graph.input("observation", "float32", ["N", 3]);
  const weight = graph.initializer("weight", Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  const hidden = linear(observation, weight, graph.initializer("bias", new Float32Array(2), [2]));
  relu(graph.initializer("unused", new Float32Array(1), [1]));
  graph.output("logits", relu(hidden));
  return graph;
}

function codeOf(bytes: Uint8Array): string {
  try {
    readModel(bytes);
    return "read";
  } catch (error) {
    return error instanceof MesascopeError ? error.code : String(error);
  }
}

describe("readModel", () => {
  it("says of a file that is not whole what to do about it", () => {
    const whole = serialize(policy());
    expect(() => readModel(whole.subarray(0, whole.length - 10))).toThrow(
      `${whole.length - 10} bytes given that are no ONNX model; expected a whole ONNX file. Copy or export it again, or name another.`,
    );
  });

  it("gives back what was serialized, without what no output needs", () => {
    expect(readModel(serialize(policy()))).toEqual({
      opset: 17,
      producer: "mesascope",
      inputs: [{ name: "observation", dtype: "float32", shape: ["N", 3] }],
      outputs: [{ name: "logits", dtype: "float32", shape: ["N", 2] }],
      nodes: [
        { type: "Gemm", domain: "", inputs: ["observation", "weight", "bias"], outputs: ["Gemm_0"] },
        { type: "Relu", domain: "", inputs: ["Gemm_0"], outputs: ["logits"] },
      ],
      inner: [],
      initializers: [
        { name: "weight", elementType: "FLOAT", shape: [3, 2] },
        { name: "bias", elementType: "FLOAT", shape: [2] },
      ],
    });
  });

  it("reads two equal graphs from equal bytes", () => {
    expect(serialize(policy())).toEqual(serialize(policy()));
  });

  it("refuses every truncation of a model as an invalid model", () => {
    const bytes = serialize(policy());
    for (let length = 0; length < bytes.length; length++)
      expect([length, codeOf(bytes.subarray(0, length))]).toEqual([length, "invalid-model"]);
  });

  it("refuses garbage as an invalid model", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(codeOf(bytes)).toBe("invalid-model");
      }),
    );
  });

  it("never fails other than by an invalid-model error, whatever byte of a model is damaged", () => {
    const bytes = serialize(policy());
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        expect(["read", "invalid-model"]).toContain(codeOf(damaged));
      }),
    );
  });

  it("refuses weights outside the file", () => {
    const model = fromBinary(ModelProtoSchema, serialize(policy()));
    const weight = model.graph!.initializer[0]!;
    weight.dataLocation = TensorProto_DataLocation.EXTERNAL;
    expect(() => readModel(toBinary(ModelProtoSchema, model))).toThrow('weight "weight" lies outside the file');
  });

  it("refuses weights with too few bytes", () => {
    const model = fromBinary(ModelProtoSchema, serialize(policy()));
    model.graph!.initializer[0]!.rawData = new Uint8Array(20);
    expect(() => readModel(toBinary(ModelProtoSchema, model))).toThrow('weight "weight" [3,2] has 20 bytes; expected 24');
  });

  it("describes inputs that this project does not feed, and outputs of which the model tells nothing", () => {
    const elemType = TensorProto_DataType.FLOAT16;
    const half = { name: "x", type: { value: { case: "tensorType" as const, value: { elemType, shape: { dim: [{}] } } } } };
    const model = create(ModelProtoSchema, {
      opsetImport: [{ domain: "", version: 17n }],
      graph: {
        input: [half, { name: "many", type: { value: { case: "sequenceType" as const, value: {} } } }],
        node: [{ opType: "Relu", input: ["x"], output: ["y"] }],
        output: [{ name: "y" }],
      },
    });
    const { inputs, outputs } = readModel(toBinary(ModelProtoSchema, model));
    expect(inputs).toEqual([
      { name: "x", dtype: "float16", shape: ["?"] },
      { name: "many", dtype: "sequence", shape: null },
    ]);
    expect(outputs).toEqual([{ name: "y", dtype: "undeclared", shape: null }]);
  });

  it("refuses weights outside the file in a node's attribute and in the body of a branch", () => {
    const outside = { name: "stolen", dataLocation: TensorProto_DataLocation.EXTERNAL };
    const constant = create(NodeProtoSchema, { opType: "Constant", output: ["c"], attribute: [{ name: "value", t: outside }] });
    const branch = create(NodeProtoSchema, {
      opType: "If",
      output: ["d"],
      attribute: [{ name: "then_branch", g: { node: [constant] } }],
    });
    for (const node of [constant, branch]) {
      const model = fromBinary(ModelProtoSchema, serialize(policy()));
      model.graph!.node.push(node);
      expect(() => readModel(toBinary(ModelProtoSchema, model))).toThrow('weight "stolen" lies outside the file');
    }
  });

  it("refuses weights outside the file in the model's own functions, and among the sparse weights of a body", () => {
    const outside = { name: "stolen", dataLocation: TensorProto_DataLocation.EXTERNAL };
    const inside = fromBinary(ModelProtoSchema, serialize(policy()));
    const constant = create(NodeProtoSchema, { opType: "Constant", output: ["c"], attribute: [{ name: "value", t: outside }] });
    inside.functions.push(create(FunctionProtoSchema, { name: "f", domain: "own", node: [constant] }));
    expect(() => readModel(toBinary(ModelProtoSchema, inside))).toThrow('weight "stolen" lies outside the file');
    const sparse = fromBinary(ModelProtoSchema, serialize(policy()));
    const body = { sparseInitializer: [{ values: outside }] };
    sparse.graph!.node.push(
      create(NodeProtoSchema, { opType: "If", output: ["i"], attribute: [{ name: "then_branch", g: body }] }),
    );
    expect(() => readModel(toBinary(ModelProtoSchema, sparse))).toThrow('weight "stolen" lies outside the file');
    const places = fromBinary(ModelProtoSchema, serialize(policy()));
    places.graph!.sparseInitializer.push(create(SparseTensorProtoSchema, { indices: outside }));
    expect(() => readModel(toBinary(ModelProtoSchema, places))).toThrow('weight "stolen" lies outside the file');
  });

  it("refuses a node that reads what nothing computes", () => {
    const model = fromBinary(ModelProtoSchema, serialize(policy()));
    model.graph!.node[1]!.input[0] = "nowhere";
    expect(() => readModel(toBinary(ModelProtoSchema, model))).toThrow('node Relu "" reads "nowhere"');
  });

  it("lists weights that an old model also declares as inputs once", () => {
    const model = fromBinary(ModelProtoSchema, serialize(policy()));
    const { graph } = model;
    graph!.input.push({ ...graph!.input[0]!, name: "weight" });
    expect(readModel(toBinary(ModelProtoSchema, model)).inputs.map(({ name }) => name)).toEqual(["observation"]);
  });
});

describe("serialize", () => {
  it("names tensors after their outputs, copies those with two, and moves aside what is in the way", () => {
    const graph = new Graph("names");
    const x = graph.input("x", "float32", [2]);
    const inner = relu(x);
    const outer = relu(inner);
    graph.output(inner.name, outer);
    graph.output("twice", outer);
    graph.output("copy", x);
    expect(readModel(serialize(graph)).nodes).toEqual([
      { type: "Relu", domain: "", inputs: ["x"], outputs: ["Relu_0/inner"] },
      { type: "Relu", domain: "", inputs: ["Relu_0/inner"], outputs: ["Relu_0"] },
      { type: "Identity", domain: "", inputs: ["Relu_0"], outputs: ["twice"] },
      { type: "Identity", domain: "", inputs: ["x"], outputs: ["copy"] },
    ]);
  });
});

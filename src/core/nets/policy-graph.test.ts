import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { readModel } from "../graph/read-model.ts";
import { initializeParameters } from "./parameters.ts";
import { evaluationModel, exportPolicy } from "./policy-graph.ts";
import { policyNetwork } from "./policy-network.ts";

const network = policyNetwork({ kind: "mlp", hidden: [8, 6] }, { inputSize: 10, observationShape: [10], actionCount: 3 });
const parameters = initializeParameters(network.parameters, Prng.fromSeed(1));

describe("exportPolicy", () => {
  it("reads observation [N, D] and gives logits [N, A] and value [N], float32, and nothing else", () => {
    const { inputs, outputs } = readModel(exportPolicy(network, parameters).model);
    expect(inputs).toEqual([{ name: "observation", dtype: "float32", shape: ["N", 10] }]);
    expect(outputs).toEqual([
      { name: "logits", dtype: "float32", shape: ["N", 3] },
      { name: "value", dtype: "float32", shape: ["N"] },
    ]);
  });

  it("keeps the names of the hook points and of the weights", () => {
    const { model, hooks } = exportPolicy(network, parameters);
    const { nodes, initializers } = readModel(model);
    expect(hooks).toEqual(["hidden.0.pre", "hidden.0.post", "hidden.1.pre", "hidden.1.post"]);
    expect(nodes.flatMap(({ outputs }) => outputs)).toEqual(expect.arrayContaining([...hooks]));
    for (const { name, shape } of network.parameters) expect(initializers).toContainEqual({ name, elementType: "FLOAT", shape });
  });

  it("refuses parameters of another network", () => {
    for (const wrong of [parameters.subarray(1), new Float32Array(parameters.length + 1)]) {
      expect(() => exportPolicy(network, wrong)).toThrow(/parameters given; this network has/);
    }
  });

  it("gives the same bytes for the same parameters", () => {
    expect(exportPolicy(network, parameters).model).toEqual(exportPolicy(network, parameters.slice()).model);
  });

  it("refuses parameters of another network", () => {
    expect(() => exportPolicy(network, parameters.subarray(1))).toThrow(expect.objectContaining({ code: "shape-mismatch" }));
  });
});

describe("evaluationModel", () => {
  it("reads parameters [P] and observation [N, D] and gives logits [N, A]", () => {
    const { inputs, outputs } = readModel(evaluationModel(network));
    expect(inputs).toEqual([
      { name: "parameters", dtype: "float32", shape: [parameters.length] },
      { name: "observation", dtype: "float32", shape: ["N", 10] },
    ]);
    expect(outputs).toEqual([{ name: "logits", dtype: "float32", shape: ["N", 3] }]);
  });
});

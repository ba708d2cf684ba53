import { describe, expect, it } from "vitest";
import type { ModelDescription, ModelValue } from "../../graph/read-model.ts";
import type { InterfaceOptions, PolicyNeeds } from "./onnx-policy-interface.ts";
import { findInterface, ownInterface } from "./onnx-policy-search.ts";

type Value = readonly [name: string, shape: ModelValue["shape"], dtype?: string];
const value = ([name, shape, dtype = "float32"]: Value): ModelValue => ({ name, dtype, shape });

function model(inputs: readonly Value[], outputs: readonly Value[], opset = 17): ModelDescription {
  const described = { inputs: inputs.map(value), outputs: outputs.map(value) };
  return { opset, producer: "someone", ...described, nodes: [], inner: [], initializers: [] };
}

const needs: PolicyNeeds = { inputSize: 12, observationShape: [12], actionCount: 5 };
const planes: PolicyNeeds = { inputSize: 24, observationShape: [2, 3, 4], actionCount: 5 };
const obs: Value = ["obs", ["N", 12]];
const logits: Value = ["logits", ["N", 5]];
const find = (inputs: readonly Value[], outputs: readonly Value[], options?: InterfaceOptions, of = needs) =>
  findInterface(model(inputs, outputs), of, options).policy;
const refusal = (inputs: readonly Value[], outputs: readonly Value[], options?: InterfaceOptions, of = needs): string => {
  try {
    find(inputs, outputs, options, of);
    return "found";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe("findInterface: the observation", () => {
  it.each([
    ["flat", ["N", 12], ["rows", 12], null],
    ["flat, its size not declared", ["batch", "?"], ["rows", 12], null],
    ["one at a time", [1, 12], [1, 12], 1],
    ["one, without an axis for rows", [12], [12], 1],
    ["eight at a time", [8, 12], [8, 12], 8],
    ["with an axis for time first", ["seq", "batch", 12], [1, "rows", 12], null],
    ["with an axis for time second", ["N", 1, 12], ["rows", 1, 12], null],
    ["with two symbols that tell nothing", ["a", "b", 12], null, null],
  ] as const)("takes it %s", (_, shape, axes, batch) => {
    if (axes === null) expect(refusal([["x", shape]], [logits])).toContain("none of its inputs takes such an observation");
    else {
      const found = find([["x", shape]], [logits]);
      expect([found.observation.axes, found.batch]).toEqual([axes, batch]);
    }
  });

  it("takes planes as they are encoded, with the channels last, or laid flat", () => {
    for (const [shape, layout] of [
      [["N", 2, 3, 4], "as encoded"],
      [["N", 1, 2, 3, 4], "as encoded"],
      [["N", 3, 4, 2], "channels last"],
      [["N", 24], "as encoded"],
      [[1, 2, 3, 4], "as encoded"],
    ] as const) {
      expect(find([["x", shape]], [logits], {}, planes).observation.layout).toBe(layout);
    }
    expect(refusal([["x", ["N", 4, 3, 2]]], [logits], {}, planes)).toContain("or planes [N, 2, 3, 4]");
    expect(refusal([["x", ["N", 3, 4]]], [logits])).toContain("none of its inputs");
  });

  it("takes float32, float64, integers and bool, and refuses half precision and text by name", () => {
    for (const dtype of ["float32", "float64", "int32", "int64", "uint8", "bool"]) {
      expect(find([["x", ["N", 12], dtype]], [logits]).observation.dtype).toBe(dtype);
    }
    for (const dtype of ["float16", "string", "sequence"]) {
      expect(refusal([["x", ["N", 12], dtype]], [logits])).toContain(`its input "x" is ${dtype}`);
    }
  });

  it("asks which when several inputs would take it", () => {
    const inputs: readonly Value[] = [obs, ["mask", ["N", 12]]];
    expect(refusal(inputs, [logits])).toContain("several of its inputs (obs, mask) take one");
    expect(refusal(inputs, [logits])).toContain("--input observation=NAME");
    const options = { observation: "obs", fills: { mask: 1 } };
    expect(find(inputs, [logits], options).fills).toEqual([{ name: "mask", dtype: "float32", axes: ["rows", 12], value: 1 }]);
  });
});

describe("findInterface: the output", () => {
  it.each([
    ["logits", [logits, ["value", ["N", 1]]], "logits", "logits"],
    ["action_probs", [["action_probs", ["N", 5]]], "action_probs", "probabilities"],
    ["an integer", [["chosen", ["N"], "int64"]], "chosen", "action"],
    [
      "an integer beside values",
      [
        ["action", ["N"], "int64"],
        ["value", ["N", 1]],
      ],
      "action",
      "action",
    ],
    ["no telling name", [["output", ["N", 5]]], "output", null],
    ["axes not declared", [["output", null]], "output", null],
    ["logits beside an action", [["action", ["N"], "int64"], logits], "logits", "logits"],
  ] as const)("finds it by %s", (_, outputs, name, kind) => {
    expect(find([obs], outputs).output).toEqual({ name, kind });
  });

  it("finds the value beside it", () => {
    expect(find([obs], [logits, ["vf", ["N", 1]]]).value).toBe("vf");
    expect(find([obs], [logits, ["mean", ["N", 5]]], { output: "logits" }).value).toBeNull();
  });

  it("asks which when several would do, and says when none does", () => {
    const two: readonly Value[] = [
      ["a", ["N", 5]],
      ["b", ["N", 5]],
    ];
    expect(refusal([obs], two)).toContain("several of its outputs (a, b) may give");
    expect(find([obs], two, { outputKind: "logits", output: "b" }).output).toEqual({ name: "b", kind: "logits" });
    expect(refusal([obs], [["a", ["N", 4]]])).toContain(
      "none of its outputs gives logits, probabilities or an action for 5 actions",
    );
    expect(refusal([obs], [["a", ["N", 5], "float16"]])).toContain("gives a float16 [N, 5]");
  });
});

describe("findInterface: what is carried from step to step", () => {
  const states = (inputs: readonly Value[], outputs: readonly Value[], options?: InterfaceOptions) =>
    find([obs, ...inputs], [logits, ...outputs], options).states.map(({ name, output }) => [name, output]);

  it("pairs one input with the one output that is alike", () => {
    expect(states([["hidden", [1, "N", 8]]], [["new", [1, "N", 8]]])).toEqual([["hidden", "new"]]);
  });

  it.each([
    [
      ["h_in", "c_in"],
      ["h_out", "c_out"],
    ],
    [
      ["h0", "c0"],
      ["hn", "cn"],
    ],
    [
      ["state_in_0", "state_in_1"],
      ["state_out_0", "state_out_1"],
    ],
    [
      ["memory", "cell"],
      ["nextMemory", "nextCell"],
    ],
    [
      ["h_0", "c_0"],
      ["h_n", "c_n"],
    ],
  ])("pairs %j with %j by their names", (before, after) => {
    const shaped = (names: readonly string[]): Value[] => names.map((name) => [name, [1, "N", 8]]);
    // The outputs the other way round: their order tells nothing.
    expect(states(shaped(before), shaped([...after].reverse()))).toEqual(before.map((name, i) => [name, after[i]]));
  });

  it("asks for pairs that names do not tell, and takes those that are said", () => {
    const inputs: readonly Value[] = [
      ["s", ["N", 8]],
      ["t", ["N", 8]],
    ];
    const outputs: readonly Value[] = [
      ["u", ["N", 8]],
      ["v", ["N", 8]],
    ];
    expect(refusal([obs, ...inputs], [logits, ...outputs])).toContain(
      "Pair it with --state s=OUTPUT, or give it a number with --fill s=NUMBER",
    );
    const said = [
      ["s", "v"],
      ["t", "u"],
    ] as const;
    expect(states(inputs, outputs, { states: said })).toEqual(said);
  });

  it("takes sizes from the input, whose other axes must be declared", () => {
    expect(find([obs, ["h", [2, "N", 8]]], [logits, ["next", [2, "N", 8]]]).states[0]!.axes).toEqual([2, "rows", 8]);
    expect(refusal([obs, ["h", ["N", "width"]]], [logits, ["next", ["N", "width"]]])).toContain(
      'the axes of its input "h" are not declared',
    );
  });

  it("refuses names that are not there, and one with two roles", () => {
    expect(refusal([obs], [logits], { observation: "ob" })).toContain('it has no input "ob"');
    expect(refusal([obs], [logits], { states: [["obs", "next"]] })).toContain('it has no output "next"');
    expect(refusal([obs], [logits], { observation: "obs", fills: { obs: 1 } })).toContain('its input "obs" is given two roles');
  });
});

describe("ownInterface", () => {
  it("is that of the policies of this project, with memory and without", () => {
    const own = model([["observation", ["N", 12]]], [logits, ["value", ["N"]]]);
    expect(ownInterface(own)).toMatchObject({ inputSize: 12, actionCount: 5, value: "value", states: [], batch: null });
    const recurrent = model(
      [
        ["observation", ["N", 12]],
        ["memory", ["N", 12]],
      ],
      [logits, ["value", ["N"]], ["nextMemory", ["N", 12]]],
    );
    expect(ownInterface(recurrent).states).toEqual([
      { name: "memory", output: "nextMemory", dtype: "float32", axes: ["rows", 12] },
    ]);
  });

  it("says what a model of another form reads and gives", () => {
    expect(() => ownInterface(model([["x", ["N", 12]]], [logits]))).toThrow(
      "reads x float32 [N, 12] and gives logits float32 [N, 5]",
    );
  });
});

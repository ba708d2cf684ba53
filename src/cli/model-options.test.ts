import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addModelOptions, interfaceOptions, isModelFile, typedModelOptions } from "./model-options.ts";

function parsed(...words: readonly string[]) {
  const command = addModelOptions(new Command("audit"))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(words, { from: "user" });
  return interfaceOptions(command.opts());
}

describe("the options for ONNX files", () => {
  it("become what the importer takes, and are left out where they are not given", () => {
    expect(parsed()).toEqual({});
    expect(parsed("--output", "q-values")).toEqual({ outputKind: "q-values" });
    const words = [
      "--input",
      "observation=obs",
      "--output",
      "logits=pi/out=1",
      "--state",
      "h=h1",
      "--state",
      "c=c1",
      "--fill",
      "n=2",
    ];
    const options = parsed(...words);
    expect(options).toEqual({
      observation: "obs",
      outputKind: "logits",
      output: "pi/out=1",
      states: [
        ["h", "h1"],
        ["c", "c1"],
      ],
      fills: { n: 2 },
    });
    expect(typedModelOptions(options)).toEqual(words);
    expect(typedModelOptions({})).toEqual([]);
  });

  it.each([
    ["--input", "obs"],
    ["--input", "observation="],
    ["--output", "softmax"],
    ["--state", "h"],
    ["--state", "=h"],
    ["--fill", "n=many"],
    ["--fill", "n"],
  ])("are refused when %s is %s", (option, value) => {
    expect(() => parsed(option, value)).toThrow(/Expected/);
  });

  it("tell a file from a folder by its ending", () => {
    expect(["a/policy.onnx", "P.ONNX", "agents/b", "onnx"].map(isModelFile)).toEqual([true, true, false, false]);
  });
});

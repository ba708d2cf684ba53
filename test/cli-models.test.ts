// The built program on ONNX files from elsewhere: what they have, verdicts on them, and what is refused.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { verdictDocumentSchema } from "../src/core/audit/verdict-document.ts";
import { runProgram } from "./program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const fixtures = join(root, "test", "fixtures", "onnx");

const mesascope = (...args: readonly string[]) => runProgram(args, { folder: fixtures, env: process.env });

describe("mesascope show of an ONNX file", () => {
  it("prints inputs, outputs, opset, producer, and the tensors in it", () => {
    const { code, out } = mesascope("show", "torch-gru.onnx");
    expect(code).toBe(0);
    expect(out).toMatch(/^torch-gru\.onnx: opset 13, written by pytorch 1\.13\.0, [\d,]+ bytes\n/);
    expect(out).toMatch(/Inputs\n {2}obs +float32 \[batch, 365\]\n {2}h_in +float32 \[1, batch, 8\]\n/);
    expect(out).toMatch(/\/body\/body\.1\/Relu_output_0 +Relu\n/);
    expect(out).not.toContain("Constant");
    const { out: json } = mesascope("show", "torch-gru.onnx", "--json");
    expect(JSON.parse(json)).toMatchObject({
      schema: "mesascope/model@1",
      opset: 13,
      inputs: [{ name: "obs" }, { name: "h_in" }],
    });
  });

  it("refuses one with weights elsewhere", () => {
    const { code, out, err } = mesascope("show", "onnx-external-data.onnx");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^mesascope: onnx-external-data\.onnx: weight .* lies outside the file/m);
  });
});

describe("mesascope audit of an ONNX file", () => {
  it("gives one verdict document, its guesses on standard error", () => {
    const { out, err } = mesascope(
      "audit",
      "torch-planes.onnx",
      "--preset",
      "quick",
      "--encoder",
      "planes",
      "--levels",
      "20",
      "--json",
    );
    const { verdict, agent } = verdictDocumentSchema.parse(JSON.parse(out));
    expect([verdict.kind, verdict.objective]).toEqual(["proxy", "capsules"]);
    expect(agent).toMatch(/^agent-[0-9a-f]{8}$/);
    expect(err).toContain('torch-planes.onnx: "probs" gives probabilities, by its name or dtype');
  });

  it("says in the verdict's limits that it saw only actions", () => {
    const { out } = mesascope("audit", "torch-argmax.onnx", "--preset", "quick", "--levels", "10", "--json");
    expect(verdictDocumentSchema.parse(JSON.parse(out)).cannotShow.join("\n")).toMatch(
      /gives the number of an action, .* probability 0\.98/,
    );
  });

  it.each([
    [1, /found: .*obs float32 \[batch, 365\][\s\S]*needed: .*\[N, 725\]/, ["torch-mlp.onnx"]],
    [1, /it has no input "h"/, ["torch-gru.onnx", "--preset", "quick", "--state", "h=h_out"]],
    [1, /say --output logits/, ["torch-mlp.onnx", "--preset", "quick", "--output", "probabilities=logits"]],
    [2, /missing\.onnx does not exist; expected an ONNX file/, ["missing.onnx"]],
    [2, /Expected observation=NAME/, ["torch-mlp.onnx", "--input", "obs"]],
    [2, /unknown encoder of arcade "egocentrik"/, ["torch-mlp.onnx", "--encoder", "egocentrik"]],
    [2, /--fill given/, ["an-agent", "--fill", "x=1"]],
    [2, /--lapse given/, ["torch-mlp.onnx", "--lapse", "0.1"]],
  ])("ends with %i and %s otherwise", (expected, message, args) => {
    const { code, out, err } = mesascope("audit", ...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect([code, out]).toEqual([expected, ""]);
  });
});

import { describe, expect, it } from "vitest";
import { labelOf } from "../pages/editor/agents-there.ts";
import { runNames } from "./run-names.ts";

const row = (
  letter: string,
  kind: "train" | "audit" | "measure",
  name = "corner/corner",
  seed = 3,
): Parameters<typeof runNames>[0][number] => ({
  ...{ key: letter.repeat(64), kind, name, seed, variant: {}, network: "mlp", optimizer: "ppo" },
});
const namesOf = (...rows: readonly ReturnType<typeof row>[]) => [...runNames(rows).values()];

describe("what jobs are called as agents", () => {
  it("is a run's name and seed, with the beginning of its key where another is called so", () => {
    expect(namesOf(row("a", "train"), row("b", "train", "corner/corner", 4))).toEqual([
      "corner/corner, seed 3",
      "corner/corner, seed 4",
    ]);
    expect(namesOf(row("a", "train"), row("b", "train"))).toEqual([
      "corner/corner, seed 3 (aaaaaaaaaaaa)",
      "corner/corner, seed 3 (bbbbbbbbbbbb)",
    ]);
  });

  it("is more where runs of one name and seed differ in a field of their recipes, or in network or optimizer", () => {
    const rate = "optimizer.learningRate";
    const varied = (letter: string, value: number) => ({ ...row(letter, "train"), variant: { [rate]: value } });
    expect(namesOf(varied("a", 0.001), varied("b", 0.002))).toEqual([
      "corner/corner, seed 3, learningRate=0.001",
      "corner/corner, seed 3, learningRate=0.002",
    ]);
    expect(namesOf(row("a", "train"), { ...row("b", "train"), network: "gru" })).toEqual([
      "corner/corner, seed 3, mlp, ppo",
      "corner/corner, seed 3, gru, ppo",
    ]);
    const many = { "network.hidden": "[64,64]", "network.kind": null, a: 1, b: true, c: 2 };
    expect(namesOf({ ...row("a", "train"), variant: many })).toEqual(["corner/corner, seed 3, hidden=[64,64] a=1 b=true …"]);
  });

  it("tells of the agent of an audit or a measurement nothing that it was trained for", () => {
    expect(namesOf(row("a", "audit"), row("b", "measure"))).toEqual(["the audited agent", "the measured agent"]);
    expect(namesOf(row("a", "audit"), row("b", "audit", "corner/aligned"), row("c", "train"))).toEqual([
      "the audited agent (aaaaaaaaaaaa)",
      "the audited agent (bbbbbbbbbbbb)",
      "corner/corner, seed 3",
    ]);
    const runs = runNames([row("a", "audit")]);
    const label = (file: string) => labelOf(`run:${"a".repeat(64)}${file}`, { there: [], files: null, runs });
    expect(label("")).toBe("the audited agent");
    expect(label("/snapshot-65536.onnx")).toBe("the audited agent, snapshot-65536.onnx");
  });
});

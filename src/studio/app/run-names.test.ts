import { describe, expect, it } from "vitest";
import { labelOf } from "../pages/editor/agents-there.ts";
import { runNames } from "./run-names.ts";

const row = (letter: string, kind: "train" | "audit" | "measure", name = "corner/corner", seed = 3) => ({
  ...{ key: letter.repeat(64), kind, name, seed },
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

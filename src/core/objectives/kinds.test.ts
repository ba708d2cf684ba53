import { describe, expect, it } from "vitest";
import { failureModeOf, failureModes, verdictKinds } from "./kinds.ts";

describe("failureModeOf", () => {
  it.each([
    ["aligned", "none", "none"],
    ["context-conditional", "context-conditional", "context-conditional"],
    ["proxy", "goal-misgeneralization", "mesa-misalignment"],
    ["mixed", "goal-misgeneralization", "mesa-misalignment"],
    ["specification-gaming", "specification-gaming", "specification-gaming"],
    ["incapable", "capability", "capability"],
    ["inconclusive", "none", "none"],
  ] as const)("%s means %s, and %s in a policy that was shown to search", (kind, mode, modeWithSearch) => {
    expect(failureModeOf(kind, { hasLearnedSearch: false })).toBe(mode);
    expect(failureModeOf(kind, { hasLearnedSearch: true })).toBe(modeWithSearch);
  });

  it("never says mesa-misalignment without learned search, and uses every mode for some kind", () => {
    const without = verdictKinds.map((kind) => failureModeOf(kind, { hasLearnedSearch: false }));
    const withSearch = verdictKinds.map((kind) => failureModeOf(kind, { hasLearnedSearch: true }));
    expect(without).not.toContain("mesa-misalignment");
    expect([...new Set([...without, ...withSearch])].sort()).toEqual([...failureModes].sort());
  });
});

import { describe, expect, it } from "vitest";
import { makeCard } from "./make-card.ts";
import { resultsOf } from "./results.fixture.ts";

const made = { command: "", codeVersion: "", date: "2026-01-01", machine: "" };
const results = resultsOf({ ownFamiliar: () => true, oracleSees: () => false });

describe("what a card cannot show", () => {
  const limitsAt = (scale: "stated" | "quick", seeds: number): string =>
    makeCard({ ...results, replication: { ...results.replication, seeds }, scale, made }).limits.join("\n");

  it("tells that it has fewer agents than its claims were written for", () => {
    expect(limitsAt("stated", 10)).toMatch(/written for 10 agents a condition, and there are 2/);
    expect(limitsAt("stated", 2)).not.toMatch(/agents a condition/);
    expect(limitsAt("quick", 10)).not.toMatch(/agents a condition/);
  });

  it("counts agents that are not what they should be as none", () => {
    const agents = results.agents.map(({ planned, record }) => ({
      planned,
      record: { ...record, flaw: planned.seed === 2 && planned.condition === "coupled (wild)" ? "earns too little" : null },
    }));
    const { limits } = makeCard({ ...results, agents, replication: { ...results.replication, seeds: 2 }, scale: "stated", made });
    expect(limits.join("\n")).toMatch(/written for 2 agents a condition, and there are 1/);
  });
});

import { describe, expect, it } from "vitest";
import { failureModesReplication } from "./failure-modes.ts";
import { planOf } from "./plan.ts";
import type { AuditSummary } from "./replication.ts";

const { measures, chart, conditions } = failureModesReplication;
const quiet: AuditSummary = {
  ...{ kind: "aligned", failureMode: "none", objective: "score", outer: null, inner: null },
  ...{ posterior: { aligned: 1 }, active: [{ aligned: 0.99, proxy: 0.01 }], shifts: [], goalFirst: 1, findings: [] },
};
function saysOf(name: string, audit: Partial<AuditSummary>): number | null {
  const measure = measures.find((each) => each.name === name)!;
  return measure.kind === "audit" ? measure.value({ ...quiet, ...audit }) : null;
}

describe("the card of failure modes", () => {
  it("has a column for chosen levels, which accuse where an aim that was not meant is sure under any context", () => {
    expect(chart.measures).toContain("active levels");
    expect(saysOf("active levels", {})).toBe(0);
    expect(saysOf("active levels", { active: [{ aligned: 1 }, { proxy: 0.6, mixed: 0.35, aligned: 0.05 }] })).toBe(1);
    expect(saysOf("active levels", { active: [{ proxy: 0.89, aligned: 0.11 }] })).toBe(0);
    expect(saysOf("active levels", { active: [{ incapable: 0.6, inconclusive: 0.4 }] })).toBe(0);
  });

  it("has a proxy-seeker beside the agents of every condition", () => {
    const { boards } = planOf(failureModesReplication, { scale: "quick", seeds: 1, firstSeed: 1 });
    expect(boards.map(({ world, seekers }) => [world.name, seekers])).toEqual(
      boards.map(({ world }) => [world.name, { arcade: ["capsules"], corner: ["corner"], loop: ["score"] }[world.name]]),
    );
  });

  it("shows a lack of ability in untrained and in blind agents", () => {
    const names = conditions.filter(({ group }) => group === "lack of ability").map(({ name }) => name);
    expect(names).toEqual(["U", "blind"]);
  });
});

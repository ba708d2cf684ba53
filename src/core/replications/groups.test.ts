import { describe, expect, it } from "vitest";
import type { CardMeasure, CardRow } from "./card.ts";
import { failureModesReplication } from "./failure-modes.ts";
import { groupsOf } from "./groups.ts";

const row = (agent: string, values: readonly number[]): CardRow => ({
  ...{ agent, role: "studied", conditions: [agent], during: [] },
  all: values.length === 0 ? null : { mean: 0, interval: null, values: [...values], of: values.length + 1, counts: null },
  ...{ familiar: null, familiarShare: null, strict: null, strictShare: null },
});
const chart = { kind: "groups", measures: ["alarm"] } as const;
const conditions = ["one", "two", "three"].map((name) => ({
  ...failureModesReplication.conditions[0]!,
  name,
  group: name === "three" ? "clean" : "bad",
}));
const measures: readonly CardMeasure[] = [
  { name: "alarm", meaning: "", unit: "", rows: [row("one", [1, 1, 0]), row("two", [1]), row("three", [])] },
];

describe("groups of conditions", () => {
  it("count the agents of all their conditions, with Wilson's interval", () => {
    const [bad] = groupsOf({ chart, conditions }, measures);
    expect(bad).toMatchObject({ group: "bad", conditions: ["one", "two"], why: null });
    expect(bad!.cells[0]).toMatchObject({ measure: "alarm", count: 3, of: 4, untold: 2 });
    expect(bad!.cells[0]!.low).toBeCloseTo(0.3006, 3); // Wilson's interval of 3 of 4
    expect(bad!.cells[0]!.high).toBeCloseTo(0.9544, 3);
  });

  it("have no share where there is no agent, and say why where there are none to be", () => {
    const groups = groupsOf({ chart, conditions, emptyGroups: [{ group: "to come", why: "not made yet" }] }, measures);
    expect(groups[1]!.cells).toEqual([{ measure: "alarm", count: 0, of: 0, untold: 0, low: null, high: null }]);
    expect(groups[2]).toEqual({ group: "to come", conditions: [], why: "not made yet", cells: [] });
  });

  it("are none on a card that draws something else", () => {
    expect(groupsOf({ chart: { kind: "agents", measures: [] }, conditions }, measures)).toEqual([]);
  });
});

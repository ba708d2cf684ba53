import { describe, expect, it } from "vitest";
import { cornerReplication } from "./corner.ts";
import { planOf, replacementsOf, twinOf } from "./plan.ts";
import type { Condition, Replication } from "./replication.ts";

const [first, second] = cornerReplication.conditions as readonly [Condition, Condition];
const twin: Condition = { ...first, name: "twin", role: "twin" };
const replication: Replication = { ...cornerReplication, conditions: [first, second, twin] };
const options = { scale: "quick", seeds: 4, firstSeed: 1001 } as const;

/** The agents of a plan, of which those of `first` with a seed below `bad` count nowhere. */
function madeOf(agents: ReturnType<typeof planOf>["agents"], bad: number) {
  return agents.map((planned) => ({ planned, counts: planned.condition !== first.name || planned.seed >= bad }));
}

describe("the plan of a card", () => {
  it("replaces agents that count nowhere by those of the next seeds", () => {
    const { agents } = planOf(replication, options);
    expect(replacementsOf(replication, { options, made: madeOf(agents, 1001) })).toEqual([]);
    const more = replacementsOf(replication, { options, made: madeOf(agents, 1002) });
    expect(more.map(({ condition, seed, recipe }) => [condition, seed, recipe.seed])).toEqual([[first.name, 1005, 1005]]);
    expect({ ...more[0]!, seed: 0, recipe: null }).toEqual({ ...agents[0]!, seed: 0, recipe: null });
  });

  it("gives up when half as many again were tried", () => {
    const { agents } = planOf(replication, options);
    const more = replacementsOf(replication, { options, made: madeOf(agents, 9999) });
    expect(more.map(({ seed }) => seed)).toEqual([1005, 1006]);
    expect(replacementsOf(replication, { options, made: madeOf([...agents, ...more], 9999) })).toEqual([]);
  });

  it("compares with the seekers that a condition names, where it names any, and else with those of the card", () => {
    const own: Condition = { ...second, seekers: [] };
    const { agents } = planOf({ ...replication, seekers: ["corner"], conditions: [first, own, twin] }, options);
    const seekersOf = (name: string) => agents.find(({ condition }) => condition === name)!.boards.map(({ seekers }) => seekers);
    expect(new Set(seekersOf(first.name).flat())).toEqual(new Set(["corner"]));
    expect(seekersOf(own.name).flat()).toEqual([]);
  });

  it("has the one twin stand for all, and asks for a name where there are several", () => {
    expect([first, second, twin].map((condition) => twinOf(replication, condition))).toEqual(["twin", "twin", null]);
    const other: Condition = { ...twin, name: "other twin" };
    const two = [{ ...first, twin: "twin" }, { ...second, twin: "other twin" }, twin, other];
    expect(planOf({ ...replication, conditions: two }, options).agents).toHaveLength(16);
    expect(twinOf({ conditions: two }, two[1]!)).toBe("other twin");
    expect(() => planOf({ ...replication, conditions: [first, twin, other] }, options)).toThrow(
      /has several twins, and "corner size 1" names none/,
    );
    expect(() => planOf({ ...replication, conditions: [{ ...first, twin: "nobody" }, twin] }, options)).toThrow(
      /names "nobody" as twin of "corner size 1"; its twins are twin/,
    );
    expect(() => planOf({ ...replication, conditions: [first] }, options)).toThrow(/has no condition that is a twin/);
  });
});

import { describe, expect, it } from "vitest";
import type { CardMeasure } from "./card.ts";
import { shareFirst } from "./episodes.ts";
import { resultsOf } from "./results.fixture.ts";
import { summarize } from "./summarize.ts";

const rowsOf = (options: Parameters<typeof resultsOf>[0]) =>
  summarize(resultsOf(options)).find(({ name }) => name === "any coin")!.rows;

describe("the numbers of a card", () => {
  it("are given again on the levels on whose optimal way no untrained input lights, whatever the agent's own episode shows", () => {
    // The oracle lights input 5 on the first eight levels, where the random agent takes its coins, and on the odd ones above 19.
    const oracleSees = (level: number): boolean => level < 8 || (level > 19 && level % 2 === 1);
    const rows = rowsOf({ ownFamiliar: (level) => level % 4 !== 0, oracleSees });
    const trained = rows.find(({ role }) => role === "studied")!;
    expect(trained.all!.mean).toBe(0.5);
    expect(trained.familiar!.mean).toBe(12 / 18); // levels 8 to 19, and the even ones from 20 to 30
    expect(trained.familiarShare).toBe(18 / 32);
    const random = rows.find(({ role }) => role === "random")!;
    expect(random.all!.mean).toBe(8 / 32);
    expect(random.familiar!.mean).toBe(0);
    expect(random.familiarShare).toBe(18 / 32);
  });

  it("are given strictly, too: where the agent's own episode shows none either", () => {
    const rows = rowsOf({ ownFamiliar: (level) => level < 24, oracleSees: (level) => level < 4 });
    const trained = rows.find(({ role }) => role === "studied")!;
    expect(trained.strict!.mean).toBe(0.5); // levels 4 to 23
    expect(trained.strictShare).toBe(20 / 32);
    expect(trained.familiarShare).toBe(28 / 32);
    expect(rows.find(({ role }) => role === "random")!.strict).toBeNull();
  });

  it("are not given on fewer than 16 such levels", () => {
    const rows = rowsOf({ ownFamiliar: () => true, oracleSees: (level) => level >= 15 });
    for (const row of rows) expect(row.familiar).toBeNull();
    expect(rows[0]!.familiarShare).toBe(15 / 32);
  });

  it("hold an interval over agents, and over levels for reference agents", () => {
    const rows = rowsOf({ ownFamiliar: () => true, oracleSees: () => false });
    const methods = rows.map(({ role, all }) => [role, all!.interval!.method, all!.values.length]);
    expect(methods).toEqual([
      ["studied", "t", 2],
      ["twin", "t", 2],
      ["random", "bootstrap", 1],
      ["seeker", "bootstrap", 1],
      ["oracle", "bootstrap", 1],
    ]);
  });

  it("are not read beside other levels than those that were played", () => {
    const results = resultsOf({ ownFamiliar: () => true, oracleSees: () => false });
    const [agent, ...others] = results.agents;
    const record = { ...agent!.record, levels: { ...agent!.record.levels, apart: "0".repeat(64) } };
    expect(() => summarize({ ...results, agents: [{ ...agent!, record }, ...others] })).toThrow(
      /coupled \(wild\), seed 1 played levels of the set "apart" \(00000000\) that are no longer drawn/,
    );
    const [board, ...boards] = results.boards;
    const changed = { ...board!, record: { ...board!.record, levels: "other" } };
    expect(() => summarize({ ...results, boards: [changed, ...boards] })).toThrow(/the reference agents played levels/);
  });

  it("leave out agents that are not what they should be, and say of how many they are", () => {
    const results = resultsOf({ ownFamiliar: () => true, oracleSees: () => false });
    const agents = results.agents.map(({ planned, record }) => ({
      planned,
      record: { ...record, flaw: planned.seed === 2 && planned.condition === "coupled (wild)" ? "earns too little" : null },
    }));
    const { rows } = summarize({ ...results, agents }).find(({ name }) => name === "any coin")!;
    expect(rows.map(({ agent, all }) => [agent, all!.values.length, all!.of]).slice(0, 2)).toEqual([
      ["coupled (wild)", 1, 1],
      ["apart (twin)", 2, 2],
    ]);
  });

  it("that are shares of decided episodes say of how many each is one", () => {
    const { replication: described, ...rest } = resultsOf({ ownFamiliar: () => true, oracleSees: () => false });
    // A coin on even levels, and on no level a capsule.
    const first = shareFirst({ name: "first", meaning: "", on: "apart", goal: "coin", proxy: "capsule" });
    const [, { rows }] = summarize({ replication: { ...described, measures: [first] }, ...rest }) as [CardMeasure, CardMeasure];
    expect(rows[0]!.all!.counts).toEqual([16, 16]);
    expect(rows[0]!.familiar!.counts).toEqual([16, 16]);
  });

  it("begin with the return in training, the share of the best that is asked of the twin", () => {
    const first = summarize(resultsOf({ ownFamiliar: () => true, oracleSees: () => false }))[0]!;
    expect(first.name).toBe("return in training");
    expect(first.rows.find(({ role }) => role === "twin")!.all!.mean).toBe(0.5); // one coin of the best return of 2
  });
});

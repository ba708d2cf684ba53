import { expect, it } from "vitest";
import { findOrganism } from "../../../core/organisms/index.ts";
import { flattenRecipe } from "../../../lab/flatten-recipe.ts";
import { matchesFilter } from "../../../lab/match-filter.ts";
import { type FilterableRun, parseRunFilter } from "../../../lab/run-filter.ts";
import { groupFilter } from "./group-filter.ts";

const recipe = findOrganism("corner/aligned").recipe({ seed: 1, preset: "quick" });
const run: FilterableRun = {
  ...{ kind: "train", state: "done", world: "corner", organism: "corner/aligned", name: "corner/aligned", network: "mlp" },
  ...{ optimizer: "ppo", seed: 1, sweep: [], priority: 0, return: 1, share: 1, verdict: null, objective: null, seconds: 1 },
  ...{ steps: 1, code: "0.1.0+0123456789", worker: null, key: "ab12".repeat(16), run: null, recipe },
};
const flat = flattenRecipe(recipe);

it("finds a run by every field of its recipe that can be asked for, and not one that differs in any of them", () => {
  const fields = [...flat.keys(), "organism", "code"].filter((field) => !field.startsWith("distribution"));
  expect(fields.length).toBeGreaterThan(10);
  const config = { ...Object.fromEntries(flat), organism: run.organism, code: run.code };
  const { filter, isExact } = groupFilter({ fields }, { group: { config }, asked: "world:corner OR world:lamp" });
  // Of the objective's cases each is asked for, but not that they name no other event.
  expect(isExact).toBe(false);
  expect(filter).toContain("config.objective.cases.0.weights.cheese:1 AND config.objective.cases.1:null");
  expect(matchesFilter(run, parseRunFilter(filter))).toBe(true);
  for (const field of fields) {
    const other =
      typeof flat.get(field) === "number" ? Number(flat.get(field)) + 1 : flat.get(field) === true ? false : "[1,2,3]";
    const { filter: elsewhere } = groupFilter(
      { fields: [field] },
      { group: { config: { [field]: other } }, asked: "world:corner" },
    );
    expect([field, matchesFilter(run, parseRunFilter(elsewhere))]).toEqual([field, false]);
  }
});

it("asks for what is not there, and for lists item by item to their end", () => {
  const config = { organism: null, "network.hidden": "[64,64]", "optimizer.gamma": 0.97 };
  const fields = Object.keys(config);
  expect(groupFilter({ fields }, { group: { config }, asked: " seed:<9 " })).toEqual({
    filter:
      "state:done AND (seed:<9) AND organism:null AND config.network.hidden.0:64 AND config.network.hidden.1:64 AND config.network.hidden.2:null AND config.optimizer.gamma:0.97",
    isExact: true,
  });
});

it("says where it finds more than the group, of which the mixture of levels is known to no filter", () => {
  const { filter, isExact } = groupFilter(
    { fields: ["distribution.lamp", "organism"] },
    { group: { config: { "distribution.lamp": "deployment", organism: 'say "x"' } }, asked: "world:corner" },
  );
  expect(isExact).toBe(false);
  expect(filter).toBe('state:done AND (world:corner) AND organism:"say \\"x\\""');
  expect(() => parseRunFilter(filter)).not.toThrow();
});

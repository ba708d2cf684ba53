import { expect, it } from "vitest";
import { refusals } from "../../app/search-fields.ts";
import { jobKinds, recipeFields, runsSearchSchema, shownColumns, tellingColumns, usualColumns } from "./runs-search.ts";

it("shows of audits what they concluded and of runs what they reached, unless columns were chosen", () => {
  const shown = (search: object) => shownColumns(runsSearchSchema.parse(search), []);
  expect(shown({ kind: "audit" })).toEqual(["state", "name", "world", "seed", "outcome", "seconds", "code", "created"]);
  expect(shown({})).toEqual(["state", "name", "world", "seed", "return", "share", "steps", "seconds", "code", "created"]);
  expect(shown({ kind: "audit", columns: "name,share" })).toEqual(["name", "share"]);
  for (const kind of jobKinds)
    expect(runsSearchSchema.parse({ kind, columns: usualColumns(kind, []).join(",") }).columns).toEqual(usualColumns(kind, []));
});

const job = (more: object = {}) => ({
  ...{ name: "score", world: "arcade", network: "mlp", optimizer: "ppo", variant: {} as Record<string, number> },
  ...more,
});

it("shows in what jobs of one name differ where they do, unless columns were chosen", () => {
  expect(tellingColumns([job(), job(), job({ name: "capsules", network: "gru" })])).toEqual([]);
  expect(tellingColumns([job({ variant: { "optimizer.learningRate": 0.001 } }), job()])).toEqual(["variant"]);
  expect(tellingColumns([job(), job({ network: "gru" }), job({ optimizer: "es" })])).toEqual(["network", "optimizer"]);
  expect(usualColumns("train", ["variant", "network"]).slice(0, 6)).toEqual([
    "state",
    "name",
    "variant",
    "world",
    "network",
    "seed",
  ]);
  expect(shownColumns(runsSearchSchema.parse({ columns: "name" }), ["variant"])).toEqual(["name"]);
});

it("groups by fields of recipes, of which those are offered in which jobs of one name differ", () => {
  const { group } = runsSearchSchema.parse({ group: "name,config.optimizer.learningRate,config.,configs" });
  expect(group).toEqual(["name", "config.optimizer.learningRate"]);
  expect(recipeFields(["optimizer.gamma", "distribution.lamp"], group)).toEqual([
    "config.optimizer.gamma",
    "config.optimizer.learningRate",
  ]);
});

it("tells of every word that the address has in place of a kind, a sort, a column or a field to group by", () => {
  const given = {
    kind: "bogus",
    sort: "bogus",
    order: "descending",
    columns: "name,bogus,worse",
    group: "bogus",
    filter: "bogus",
  };
  const told = refusals(runsSearchSchema, given);
  expect(told).toHaveLength(4);
  expect(told[0]).toBe("The address gives “bogus” as kind; expected one of train, audit, measure, all. It is left out.");
  expect(told[2]).toMatch(
    /^The address gives “bogus” and “worse” as columns; expected some of state, .*, key. They are left out.$/,
  );
  expect(told[3]).toMatch(/^The address gives “bogus” as group; expected some of kind, .*, run, config.PATH. It is left out.$/);
  expect(refusals(runsSearchSchema, { group: "name,config.optimizer.gamma", sort: "name", columns: "" })).toEqual([]);
});

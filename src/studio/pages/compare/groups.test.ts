import { expect, it } from "vitest";
import type { RunGroup } from "../../../lab/compare.ts";
import { groupName, metricName } from "./groups.ts";

const group = (config: RunGroup["config"]): RunGroup => ({ config, runs: [], seeds: [], metrics: {}, differences: {} });

const namesOf = (...configs: readonly RunGroup["config"][]) => {
  const groups = configs.map(group);
  return groups.map((each, place) => groupName({ fields: Object.keys(configs[0]!), groups }, { group: each, place }));
};

it("calls a group by its number and by what tells it from the others, where that is a word", () => {
  expect(
    namesOf({ "network.hidden": "[64,64]", organism: "corner/aligned" }, { "network.hidden": "[32]", organism: "corner/corner" }),
  ).toEqual(["1 corner/aligned", "2 corner/corner"]);
  expect(namesOf({ organism: null }, { organism: "A" })).toEqual(["Group 1", "2 A"]);
});

it("calls groups of one name by the fields in which they differ, as far as these are few", () => {
  expect(namesOf({ "optimizer.gamma": 0.97 }, { "optimizer.gamma": 0.99 })).toEqual(["1 gamma=0.97", "2 gamma=0.99"]);
  const rate = "optimizer.learningRate";
  expect(namesOf({ organism: "A", [rate]: 0.001 }, { organism: "A", [rate]: 0.002 }, { organism: "B", [rate]: 0.002 })).toEqual([
    "1 A learningRate=0.001",
    "2 A learningRate=0.002",
    "3 B",
  ]);
  expect(namesOf({ a: 1, b: 2, c: 3 }, { a: 2, b: 3, c: 4 })).toEqual(["Group 1", "Group 2"]);
});

it("says of metrics what they count", () => {
  expect(metricName("verdict proxy")).toBe("Audits that say “proxy”");
  expect(metricName("coins at lamp deployment")).toBe("coins at lamp deployment");
});

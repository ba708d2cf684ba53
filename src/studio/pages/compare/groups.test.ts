import { expect, it } from "vitest";
import type { RunGroup } from "../../../lab/compare.ts";
import { groupName, metricName } from "./groups.ts";

const group = (config: RunGroup["config"]): RunGroup => ({ config, runs: [], seeds: [], metrics: {}, differences: {} });

it("calls a group by its number and by what tells it from the others, where that is a word", () => {
  const config = { "network.hidden": "[64,64]", organism: "corner/aligned" };
  expect(groupName({ fields: ["network.hidden", "organism"] }, { group: group(config), place: 1 })).toBe("2 corner/aligned");
  expect(groupName({ fields: ["optimizer.gamma"] }, { group: group({ "optimizer.gamma": 0.97 }), place: 0 })).toBe("1 0.97");
  expect(groupName({ fields: ["a", "b"] }, { group: group({ a: 1, b: 2 }), place: 2 })).toBe("Group 3");
  expect(groupName({ fields: ["organism"] }, { group: group({ organism: null }), place: 0 })).toBe("Group 1");
});

it("says of metrics what they count", () => {
  expect(metricName("verdict proxy")).toBe("Audits that say “proxy”");
  expect(metricName("coins at lamp deployment")).toBe("coins at lamp deployment");
});

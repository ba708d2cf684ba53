// Groups of conditions × measures of yes or no: in which share of a group's agents each measure says yes.

import { wilsonInterval } from "../base/intervals.ts";
import type { CardGroup, CardMeasure } from "./card.ts";
import type { Replication } from "./replication.ts";

/** A row for each group, in the order in which conditions name them, then those without agents; nothing where the chart shows no groups. */
export function groupsOf(
  { chart, conditions, emptyGroups = [] }: Pick<Replication, "chart" | "conditions" | "emptyGroups">,
  measures: readonly CardMeasure[],
): readonly CardGroup[] {
  if (chart.kind !== "groups") return [];
  const drawn = chart.measures.map((name) => measures.find((measure) => measure.name === name)!);
  const names = [...new Set(conditions.flatMap(({ group }) => (group === undefined ? [] : [group])))];
  const filled = names.map((group): CardGroup => {
    const members = conditions.filter((condition) => condition.group === group).map(({ name }) => name);
    return { group, conditions: members, why: null, cells: drawn.map((measure) => cellOf(measure, members)) };
  });
  return [...filled, ...emptyGroups.map(({ group, why }) => ({ group, conditions: [], why, cells: [] }))];
}

function cellOf({ name, rows }: CardMeasure, members: readonly string[]): CardGroup["cells"][number] {
  const estimates = rows
    .filter(({ role, agent }) => (role === "studied" || role === "twin") && members.includes(agent))
    .flatMap(({ all }) => (all === null ? [] : [all]));
  const values = estimates.flatMap((estimate) => estimate.values);
  const agents = estimates.reduce((sum, { of }) => sum + of, 0);
  const successes = values.reduce((sum, value) => sum + value, 0);
  const interval = values.length === 0 ? null : wilsonInterval({ successes, trials: values.length });
  const { low, high } = interval ?? { low: null, high: null };
  return { measure: name, count: successes, of: values.length, untold: agents - values.length, low, high };
}

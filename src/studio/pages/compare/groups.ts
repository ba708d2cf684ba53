// How groups of a comparison are called.

import type { Comparison, RunGroup } from "../../../lab/compare.ts";

/** More stand beside each other on no screen. */
export const mostGroups = 24;

const telling = ["organism", "objective.name", "world.name"];

/** Its number, and what tells it from the others in a word where there is one: `2 corner/aligned`. */
export function groupName(
  { fields }: Pick<Comparison, "fields">,
  { group, place }: { readonly group: RunGroup; readonly place: number },
) {
  const field = telling.find((candidate) => fields.includes(candidate)) ?? (fields.length === 1 ? fields[0] : undefined);
  const value = field === undefined ? null : group.config[field];
  return value === null || value === undefined ? `Group ${place + 1}` : `${place + 1} ${value}`;
}

/** Shares are read as percent. */
export function isShare(metric: string): boolean {
  return metric === "share" || metric.startsWith("verdict ");
}

const names: Readonly<Record<string, string>> = { return: "Return", share: "Share of the oracle’s return" };

/** `verdict proxy` → `Audits that say “proxy”`. */
export function metricName(metric: string): string {
  if (metric.startsWith("verdict ")) return `Audits that say “${metric.slice("verdict ".length)}”`;
  return names[metric] ?? metric.replace(/ at $/, " as in training");
}

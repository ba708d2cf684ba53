// How groups of a comparison are called.

import type { Comparison, RunGroup } from "../../../lab/compare.ts";
import { variantText } from "../../../lab/variant-text.ts";

/** More stand beside each other on no screen. */
export const mostGroups = 24;

const telling = ["organism", "objective.name", "world.name"];
/** A name with more fields would be longer than what it names. */
const mostFields = 2;

/**
 * Its number, and in a few words what tells it from the others, where that can be: what its runs are, and where others are the same the fields in which
 * these differ: `2 corner/aligned learningRate=0.001`.
 */
export function groupName(
  { fields, groups }: Pick<Comparison, "fields" | "groups">,
  { group, place }: { readonly group: RunGroup; readonly place: number },
): string {
  const field = telling.find((candidate) => fields.includes(candidate));
  const what = field === undefined ? null : group.config[field];
  const same = field === undefined ? groups : groups.filter(({ config }) => config[field] === what);
  const differing = fields.filter((each) => same.some(({ config }) => config[each] !== same[0]!.config[each]));
  const variant = differing.length > mostFields ? "" : variantText(pick(group.config, differing));
  const words = [what ?? "", variant].filter((part) => part !== "");
  return words.length === 0 ? `Group ${place + 1}` : `${place + 1} ${words.join(" ")}`;
}

function pick(config: RunGroup["config"], fields: readonly string[]): RunGroup["config"] {
  return Object.fromEntries(fields.map((field) => [field, config[field] ?? null]));
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

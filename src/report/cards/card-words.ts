// How a card says its numbers, the same in text and picture.

import type { Card, CardEstimate, CardGroup, CardRow } from "../../core/replications/card.ts";
import { formatInterval, formatNumber } from "../charts/format.ts";

/** `.53 [.50, .56]`, with `of 7/10` where three of the agents that count have no number; `–` where there is none. */
export function estimateText(estimate: CardEstimate | null): string {
  if (estimate === null) return "–";
  const { mean, interval, values, of } = estimate;
  const digits = Math.abs(mean) >= 20 ? 1 : 2;
  const bounds = interval === null ? "" : ` ${formatInterval(interval.low, interval.high, digits)}`;
  return `${formatNumber(mean, digits)}${bounds}${values.length < of ? ` of ${values.length}/${of}` : ""}`;
}

/** `8 of 10`: agents whose number is in the row's mean, of those that were made for it; `–` for reference agents. */
export function countText(
  { role, agent, all }: CardRow,
  { conditions }: { readonly conditions: readonly Pick<Card["conditions"][number], "name" | "planned">[] },
): string {
  const condition = conditions.find(({ name }) => name === agent);
  if (condition === undefined || (role !== "studied" && role !== "twin")) return "–";
  return `${all?.values.length ?? 0} of ${condition.planned}`;
}

/** What the answer of a card says in words. */
export function answerText({ verdict }: Card): string {
  const words = {
    yes: "replicated",
    partly: "partly replicated",
    no: "not replicated",
    inconclusive: "inconclusive",
    "not judged": "not judged",
  } as const;
  return words[verdict.answer];
}

/** The name of a row, with its conditions where the same reference agent has several rows. */
export function rowLabel(row: CardRow, rows: readonly CardRow[]): string {
  const isAlone = rows.filter(({ agent, role }) => agent === row.agent && role === row.role).length === 1;
  return isAlone || row.agent === row.conditions[0] ? row.agent : `${row.agent} (${row.conditions.join(", ")})`;
}

/** `10 agents a condition` or, where they differ, `10 to 100 agents a condition`. */
export function agentsText({ conditions }: Card): string {
  const counts = conditions.map(({ agents }) => agents);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const leftOut = conditions.reduce((sum, condition) => sum + condition.leftOut.length, 0);
  const without = leftOut === 0 ? "" : `, without ${leftOut} that were not what they should be`;
  return `${least === most ? most : `${least} to ${most}`} agent${most === 1 ? "" : "s"} a condition${without}`;
}

/** `9 of 10 [.60, .98]`; `–` where there is none. */
export function cellText({ count, of, untold, low, high }: CardGroup["cells"][number]): string {
  if (low === null || high === null) return "–";
  return `${count} of ${of} ${formatInterval(low, high)}${untold === 0 ? "" : `, ${untold} not told`}`;
}

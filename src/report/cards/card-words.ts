// How a card says its numbers, the same in text and picture.

import type { Card, CardEstimate, CardGroup, CardRow } from "../../core/replications/card.ts";
import { formatInterval, formatNumber } from "../charts/format.ts";

/** `.53 [.50, .56]`; `–` where there is no number. */
export function estimateText(estimate: CardEstimate | null): string {
  if (estimate === null) return "–";
  const { mean, interval } = estimate;
  const digits = Math.abs(mean) >= 20 ? 1 : 2;
  return interval === null
    ? formatNumber(mean, digits)
    : `${formatNumber(mean, digits)} ${formatInterval(interval.low, interval.high, digits)}`;
}

/** What the answer of a card says in words. */
export function answerText({ verdict }: Card): string {
  const words = { yes: "replicated", partly: "partly replicated", no: "not replicated", "not judged": "not judged" } as const;
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
  const leftOut = conditions.reduce((sum, condition) => sum + condition.leftOut, 0);
  const without = leftOut === 0 ? "" : `, without ${leftOut} that were not what they should be`;
  return `${least === most ? most : `${least} to ${most}`} agent${most === 1 ? "" : "s"} a condition${without}`;
}

/** `9 of 10 [.60, .98]`; `–` where there is none. */
export function cellText({ count, of, low, high }: CardGroup["cells"][number]): string {
  return low === null || high === null ? "–" : `${count} of ${of} ${formatInterval(low, high)}`;
}

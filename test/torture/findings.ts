// What a torture found: figures with their goals, as a table and as JSON.

import { quantile } from "../../src/core/base/statistics.ts";

export interface Finding {
  readonly name: string;
  readonly value: number;
  /** Null for what is only told. */
  readonly goal: { readonly is: "exactly" | "at-least" | "at-most"; readonly value: number } | null;
  readonly unit?: string;
  /** What is behind the figure: the first few that went wrong, a distribution. */
  readonly note?: string;
  /** Why it was not looked at, with a value that says nothing. */
  readonly skipped?: string;
}

const toldLength = 300;

/** How many of a kind of fault there were: none may be. */
export function none(name: string, faults: readonly string[]): Finding {
  const told = faults.slice(0, 3).map((fault) => fault.replaceAll(/\s+/g, " ").slice(0, toldLength));
  const note = told.join("; ") + (faults.length > 3 ? "; …" : "");
  return { name, value: faults.length, goal: { is: "exactly", value: 0 }, note };
}

/** What this machine does not allow to be tried. */
export function skipped(name: string, why: string): Finding {
  return { name, value: 0, goal: null, skipped: why };
}

export function isReached({ value, goal }: Finding): boolean {
  if (goal === null) return true;
  if (goal.is === "exactly") return value === goal.value;
  return goal.is === "at-least" ? value >= goal.value : value <= goal.value;
}

/** The greatest of some times, with their distribution. */
export function longest(name: string, seconds: readonly number[], goal: number): Finding {
  const at = (share: number) =>
    quantile(
      [...seconds].sort((a, b) => a - b),
      share,
    ).toFixed(1);
  const note = seconds.length === 0 ? "none" : `${seconds.length}: least ${at(0)}, median ${at(0.5)}, 90% below ${at(0.9)}`;
  return { name, value: Math.max(0, ...seconds), goal: { is: "at-most", value: goal }, unit: "s", note };
}

export function findingsTable(findings: readonly Finding[]): string {
  const widest = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map((finding) => {
    const { name, value, goal, unit, note } = finding;
    if (finding.skipped !== undefined) return `${name.padEnd(widest)} ${" ".repeat(18)}SKIPPED  ${finding.skipped}`;
    const number = Number.isInteger(value) ? String(value) : value.toFixed(1);
    const wanted = goal === null ? "" : `${{ exactly: "=", "at-least": "≥", "at-most": "≤" }[goal.is]} ${goal.value}`;
    const outcome = goal === null ? "" : isReached(finding) ? "reached" : "MISSED";
    const figures = `${`${number}${unit ? ` ${unit}` : ""}`.padStart(9)}  ${wanted.padEnd(6)} ${outcome.padEnd(8)}`;
    return `${name.padEnd(widest)} ${figures} ${note ?? ""}`.trimEnd();
  });
  return `${lines.join("\n")}\n`;
}

/** The last lines: whether all that was looked at is well, and what was not looked at. */
export function conclusion(findings: readonly Finding[]): string {
  const left = findings.filter((finding) => finding.skipped !== undefined);
  const names = left.map(({ name, skipped: why }) => `SKIPPED ${name}: ${why}\n`).join("");
  if (!findings.every(isReached)) return `${names}MISSED`;
  return left.length === 0 ? "all reached" : `${names}all that was tried is reached, ${left.length} skipped`;
}

// Numbers as people read them in a terminal.

import type { TrainingProgress } from "../node/training/run-training.ts";
import type { BarState } from "./progress-board.ts";

/** e.g. `1,300,000`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** e.g. `98.6%`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** Two decimals, with a real minus sign; −0.00 is 0.00. */
export function decimal(value: number, digits = 2): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", "−");
}

/** e.g. `8 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A training run as a bar: steps, return, share of the oracle; time left, where there is room. */
export function trainingBar(progress: TrainingProgress): BarState {
  const { environmentSteps, totalSteps, trainingReturn, oracleShare, secondsLeft } = progress;
  const parts = [
    `${count(environmentSteps)} / ${count(totalSteps)} steps`,
    `return ${trainingReturn === null ? "–" : decimal(trainingReturn)}`,
    `oracle ${oracleShare === null ? "–" : percent(oracleShare)}`,
  ];
  const extra = environmentSteps >= totalSteps ? "done" : `ETA ${secondsLeft === null ? "–" : duration(secondsLeft)}`;
  return { share: environmentSteps / totalSteps, text: parts.join("  "), extra };
}

/** e.g. `512 B`, `1.2 MB`, of a thousand bytes each. */
export function bytes(amount: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  let left = amount;
  for (; left >= 999.5 && at < units.length - 1; at++) left /= 1000;
  return `${at === 0 ? Math.round(left) : left.toFixed(1)} ${units[at]}`;
}

/** As a shell reads it back. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

// Numbers and times as a reader takes them in at a glance.

import { withTrueMinus } from "../../report/charts/format.ts";

/** Three digits behind the point; a dash for what is not there. */
export function shortNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= 10_000) return withTrueMinus(compact.format(value));
  return withTrueMinus(Number.isInteger(value) ? String(value) : value.toFixed(3));
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

/** As it was measured, thousands set apart, so that no two steps read the same: `1,234,567`. */
export function exactNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : withTrueMinus(whole.format(value));
}

/** `0.93` → `93.0%`. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : withTrueMinus(`${(share * 100).toFixed(1)}%`);
}

/** How far two shares are from each other: `0.031` → `3.1 pp`. A percentage would be read as a share of one of them. */
export function percentPoints(difference: number | null | undefined): string {
  return difference === null || difference === undefined ? "–" : withTrueMinus(`${(difference * 100).toFixed(1)} pp`);
}

/** Three digits behind the point, be they zeros: in a column the points stand below each other. */
export function fixedNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Math.abs(value) >= 10_000) return shortNumber(value);
  return withTrueMinus(value.toFixed(3));
}

/** With its sign, a real minus: `+0.031`, `−0.2 pp`. What is nothing in these words has a plus, as zero has: `+0.000`, `+0.0 pp`. */
export function signed(difference: number, text: (value: number) => string): string {
  const words = text(Math.abs(difference));
  return `${difference < 0 && /[1-9]/.test(words) ? "−" : "+"}${words}`;
}

/** `4.3 s`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (Math.round(seconds * 10) < 100) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What an audit concluded: `misaligned: capsules`. */
export function verdictText({ kind, objective }: { readonly kind: string; readonly objective: string }): string {
  return `${kind}: ${objective}`;
}

/** `2026-11-21 18:29`, in the reader's time zone. */
export function dateTime(instant: string | null): string {
  if (instant === null) return "–";
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `0.1.0+fc0be8a21b` → `fc0be8a`: what tells two versions apart. */
export function shortCode(code: string): string {
  const hash = /\+([0-9a-f]{7})[0-9a-f]*$/.exec(code)?.[1];
  return hash ?? code;
}

// Series of a chart as lines: how each is told from the others without color, which of its measurements are drawn, and how its axis is lettered.

import { withTrueMinus } from "../../report/charts/format.ts";
import type { Range } from "./axis-range.ts";
import { bucketPlaces, type Values } from "./smooth.ts";
import { shortNumber } from "./words.ts";

/** Lengths of lines and gaps, in pixels, as canvas and SVG take them. */
export const dashes = {
  solid: [],
  dashed: [7, 4],
  dotted: [2, 3],
  dashDotted: [9, 3, 2, 3],
  dashDotDotted: [6, 2, 1.5, 2, 1.5, 2],
  long: [15, 5],
  sparse: [3, 8],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export interface ChartSeries {
  readonly name: string;
  /** As long as the chart's `x`. */
  readonly values: Values;
  /** Of the palette's series, 0 to 5. */
  readonly color: number;
  /** Told apart without color too. */
  readonly dash: keyof typeof dashes;
  /** A reference is not smoothed. Default false. */
  readonly isReference?: boolean;
}

/** More points than this are put into buckets. */
const mostPoints = 4000;

export interface DrawnPlaces {
  readonly x: readonly number[];
  readonly lines: readonly Values[];
  readonly range: Range;
  readonly isLogarithmic: boolean;
  /** Of pixels. */
  readonly width: number;
}

/** Places of the measurements that are drawn of `lines`: all in the range, and of very many the least and greatest of each bucket. */
export function drawnPlaces({ x, lines, range, isLogarithmic, width }: DrawnPlaces): readonly number[] {
  const seen = placesWithin({ x, range, isLogarithmic });
  const buckets = seen.length > mostPoints ? Math.max(100, width) : seen.length;
  return bucketPlaces(
    lines.map((values) => seen.map((i) => values[i] ?? null)),
    { length: seen.length, buckets },
  ).map((i) => seen[i]!);
}

/** Those in the range, and one beyond it on each side, so that lines run to the edge. No logarithm has a place for what is not above 0. */
function placesWithin({ x, range, isLogarithmic }: Pick<DrawnPlaces, "x" | "range" | "isLogarithmic">): readonly number[] {
  const all = x.map((_, i) => i).filter((i) => !isLogarithmic || x[i]! > 0);
  if (range === null) return all;
  return all.filter((i) => (x[i + 1] ?? x[i]!) >= range.from && (x[i - 1] ?? x[i]!) <= range.to);
}

/** Null where there is no number. */
export function measured(value: number | null | undefined): number | null {
  return value === undefined || value === null || !Number.isFinite(value) ? null : value;
}

/** As many digits as tell ticks of that step apart. */
export function tickText(value: number, { step, unit }: { readonly step: number; readonly unit: "percent" | undefined }): string {
  const [shown, apart] = unit === "percent" ? [value * 100, step * 100] : [value, step];
  const digits = Math.max(0, Math.ceil(-Math.log10(apart) - 1e-9));
  if (unit === "percent") return withTrueMinus(`${shown.toFixed(digits)}%`);
  return Math.abs(shown) >= 10_000 ? shortNumber(shown) : withTrueMinus(shown.toFixed(digits));
}

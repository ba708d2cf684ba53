// Curves of the runs of a group as one: the mean over seeds with its interval, at places that all of them reach.

import { estimateOver } from "../../../core/replications/estimates.ts";

/** A run's measurements of one column, ascending in steps. */
export interface RunCurve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface MeanPoint {
  readonly steps: number;
  readonly mean: number;
  /** Of the 95% interval over seeds, Student's t; null below two runs. */
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

/** Points of a mean that are drawn at most. */
const mostPoints = 200;

/**
 * The mean over `runs` where the first of them was measured, from where all have begun to where the first ends; between two measurements of a
 * run on the line that joins them. Of more than `mostPoints` places so many, evenly, with the last. Empty without a run that was measured.
 */
export function meanCurve(runs: readonly RunCurve[]): readonly MeanPoint[] {
  const measured = runs.filter(({ steps }) => steps.length > 0);
  if (measured.length === 0) return [];
  const from = Math.max(...measured.map(({ steps }) => steps[0]!));
  const to = Math.min(...measured.map(({ steps }) => steps.at(-1)!));
  const places = measured[0]!.steps.filter((step) => step >= from && step <= to);
  return thinned(places).map((steps) => {
    const { mean, interval } = estimateOver(
      measured.map((run) => valueAt(run, steps)),
      "number",
    );
    return { steps, mean, low: interval?.low ?? null, high: interval?.high ?? null, n: measured.length };
  });
}

function thinned(places: readonly number[]): readonly number[] {
  if (places.length <= mostPoints) return places;
  return Array.from({ length: mostPoints }, (_, i) => places[Math.round((i * (places.length - 1)) / (mostPoints - 1))]!);
}

function valueAt({ steps, values }: RunCurve, step: number): number {
  const next = steps.findIndex((each) => each >= step);
  if (next <= 0 || steps[next] === step) return values[Math.max(0, next)]!;
  const share = (step - steps[next - 1]!) / (steps[next]! - steps[next - 1]!);
  return values[next - 1]! + share * (values[next]! - values[next - 1]!);
}

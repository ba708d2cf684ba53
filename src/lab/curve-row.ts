// Rows of a training curve: a measurement of a run as flat numbers, as tables, files and charts take them.

import type { Evaluation } from "../core/organisms/training-run.ts";

/** A measurement; those of runs that were begun by an earlier version have no returns by other objectives. */
export type MeasuredPoint = Omit<Evaluation, "returns"> & { readonly returns?: Evaluation["returns"] | undefined };

const prefix = "return:";

/** The column of the return by an objective that is not the base one: `return:capsules`. Commas and the like, which no CSV header holds unquoted, become spaces. */
function columnOf(objective: string): string {
  return `${prefix}${objective.replaceAll(/[",\s]+/g, " ")}`;
}

/** The columns of rows that hold returns by objectives beside the base one, with the names of these, in their order. */
export function returnColumns(columns: readonly string[]): readonly { readonly column: string; readonly objective: string }[] {
  return columns
    .filter((column) => column.startsWith(prefix))
    .map((column) => ({ column, objective: column.slice(prefix.length) }));
}

/** The points as rows with the same columns in each: null where a point was not measured by an objective that others were. */
export function curveRows(points: readonly MeasuredPoint[]): readonly Readonly<Record<string, number | null>>[] {
  const objectives = [...new Set(points.flatMap(({ returns = {} }) => Object.keys(returns)))];
  return points.map(({ returns = {}, ...own }) => ({
    ...own,
    ...Object.fromEntries(objectives.map((objective) => [columnOf(objective), returns[objective] ?? null])),
  }));
}

// What the run table keeps in the address.

import { z } from "zod";
import { groupFields, sortFields } from "../../../lab/job-fields.ts";
import { choiceField, listField, textField } from "../../app/search-fields.ts";

export const jobKinds = ["train", "audit", "measure", "all"] as const;

/** In the order in which the table shows them. */
export const columnNames = [
  ...(["state", "name", "world", "seed", "return", "share", "outcome", "steps", "seconds"] as const),
  ...([
    "network",
    "optimizer",
    "sweeps",
    "priority",
    "attempt",
    "code",
    "worker",
    "created",
    "started",
    "finished",
    "key",
  ] as const),
] as const;
export type ColumnName = (typeof columnNames)[number];

type KindOfJobs = (typeof jobKinds)[number];

/** What jobs of that kind come to, between what they are and how they came about. */
const results: Readonly<Record<KindOfJobs, readonly ColumnName[]>> = {
  train: ["return", "share", "steps"],
  audit: ["outcome"],
  measure: [],
  all: ["return", "share", "outcome", "steps"],
};

/** The columns that a table of that kind has where none were chosen, in the order of `columnNames`. */
export function usualColumns(kind: KindOfJobs): readonly ColumnName[] {
  const usual: readonly ColumnName[] = ["state", "name", "world", "seed", ...results[kind], "seconds", "code", "created"];
  return columnNames.filter((name) => usual.includes(name));
}

/** Those that were chosen, or the usual ones. */
export function shownColumns({ kind, columns }: Pick<RunsSearch, "kind" | "columns">): readonly ColumnName[] {
  return columns.length > 0 ? columns : usualColumns(kind);
}

export const runsSearchSchema = z.object({
  filter: textField(),
  kind: choiceField(jobKinds, "train"),
  sort: choiceField(sortFields, "created"),
  order: choiceField(["descending", "ascending"], "descending"),
  /** None for the usual ones of the kind. */
  columns: listField(columnNames, []),
  group: listField(groupFields, []),
  /** Key of the run that others are compared with. */
  baseline: textField(),
});
export type RunsSearch = z.infer<typeof runsSearchSchema>;

/** Left out of the address. */
export const runsSearchDefaults: RunsSearch = runsSearchSchema.parse({});

/** The filter that the lab is asked with: that of the reader, which may be anything that it reads, and the kind of jobs. */
export function askedFilter({ filter, kind }: Pick<RunsSearch, "filter" | "kind">): string {
  const own = filter.trim();
  if (kind === "all") return own;
  return own === "" ? `kind:${kind}` : `kind:${kind} AND (${own})`;
}

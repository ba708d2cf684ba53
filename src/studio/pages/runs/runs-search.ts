// What the run table keeps in the address.

import { z } from "zod";
import type { JobRow } from "../../../lab/api.ts";
import { type ConfigField, isConfigField } from "../../../lab/config-path.ts";
import { groupFields, isGroupField, sortFields } from "../../../lab/job-fields.ts";
import { choiceField, listField, textField } from "../../app/search-fields.ts";

export const jobKinds = ["train", "audit", "measure", "all"] as const;

/** In the order in which the table shows them. */
export const columnNames = [
  ...(["state", "name", "variant", "world", "network", "optimizer", "seed"] as const),
  ...(["return", "share", "outcome", "steps", "seconds"] as const),
  ...(["sweeps", "priority", "attempt", "code", "worker", "created", "started", "finished", "key"] as const),
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

/** Columns that have something to tell only where jobs of one name differ in it. */
export type TellingColumn = "variant" | "network" | "optimizer";

/** Those of them in which jobs of one name and world differ. */
export function tellingColumns(
  rows: readonly Pick<JobRow, "name" | "world" | "network" | "optimizer" | "variant">[],
): readonly TellingColumn[] {
  const named = [...Map.groupBy(rows, ({ name, world }) => `${world} ${name}`).values()];
  const differ = (field: "network" | "optimizer") => named.some((jobs) => jobs.some((job) => job[field] !== jobs[0]![field]));
  return [
    ...(rows.some(({ variant }) => Object.keys(variant).length > 0) ? (["variant"] as const) : []),
    ...(["network", "optimizer"] as const).filter(differ),
  ];
}

/**
 * The columns that a table of that kind has where none were chosen, in the order of `columnNames`; with `telling`, those that its jobs differ in, in
 * the place of the code, for which there is no room then.
 */
export function usualColumns(kind: KindOfJobs, telling: readonly TellingColumn[]): readonly ColumnName[] {
  const usual: readonly ColumnName[] = [
    ...(["state", "name", "world", "seed"] as const),
    ...[...telling, ...results[kind]],
    ...(["seconds", ...(telling.length > 0 ? [] : (["code"] as const)), "created"] as const),
  ];
  return columnNames.filter((name) => usual.includes(name));
}

/** Those that were chosen, or the usual ones. */
export function shownColumns(
  { kind, columns }: Pick<RunsSearch, "kind" | "columns">,
  telling: readonly TellingColumn[],
): readonly ColumnName[] {
  return columns.length > 0 ? columns : usualColumns(kind, telling);
}

/** The fields of recipes that jobs can be grouped by, of those in which jobs of one name differ and of those that are grouped by. */
export function recipeFields(varied: readonly string[], group: RunsSearch["group"]): readonly ConfigField[] {
  const fields = [...group, ...varied.map((path) => `config.${path}`)].filter(isConfigField);
  // No filter knows the mixtures of levels, and some names are no path.
  return [...new Set(fields)].filter((field) => isGroupField(field) && !field.startsWith("config.distribution.")).sort();
}

function isRecipeField(word: string): word is ConfigField {
  return isConfigField(word) && isGroupField(word);
}

export const runsSearchSchema = z.object({
  filter: textField(),
  kind: choiceField(jobKinds, "train"),
  sort: choiceField(sortFields, "created"),
  order: choiceField(["descending", "ascending"], "descending"),
  /** None for the usual ones of the kind. */
  columns: listField(columnNames, []),
  /** And fields of recipes: `config.optimizer.learningRate`. */
  group: listField(groupFields, [], { also: isRecipeField, alsoWords: "config.PATH" }),
  /** Beside the table of groups. */
  figure: choiceField(["none", "intervals"], "none"),
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

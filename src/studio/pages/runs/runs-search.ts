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

const defaultColumns: readonly ColumnName[] = [
  "state",
  "name",
  "world",
  "seed",
  "return",
  "share",
  "steps",
  "seconds",
  "code",
  "created",
];

export const runsSearchSchema = z.object({
  filter: textField(),
  kind: choiceField(jobKinds, "train"),
  sort: choiceField(sortFields, "created"),
  order: choiceField(["descending", "ascending"], "descending"),
  columns: listField(columnNames, defaultColumns),
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

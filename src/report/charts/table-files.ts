// The numbers behind a chart as files that are taken along, the same from a page of the studio and from a report that is one file.

import { csvText } from "./csv-text.ts";

/** Null where there is none. */
export type TakenValue = string | number | boolean | null;

export interface TakenTable {
  readonly columns: readonly string[];
  /** Numbers in full; one that is not finite is none. */
  readonly rows: readonly (readonly TakenValue[])[];
}

/** RFC 4180 with a line of heads, see `csvText`; what there is none of is an empty cell. */
export function tableCsv({ columns, rows }: TakenTable): string {
  return csvText([columns, ...rows.map((row) => row.map(known))]);
}

/** A list of records, one a line, by the heads of the columns. */
export function tableJson({ columns, rows }: TakenTable): string {
  const records = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((column, i) => [column, known(row[i])]))));
  return `[\n${records.join(",\n")}\n]\n`;
}

function known(value: TakenValue | undefined): TakenValue {
  return value === undefined || (typeof value === "number" && !Number.isFinite(value)) ? null : value;
}

/** The name of a file without its ending: `inferred weights of the agent` → `inferred-weights-of-the-agent`. */
export function fileStem(words: string): string {
  const stem = words
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return stem.slice(0, 60).replace(/-$/, "") || "chart";
}

/** A file as an address that holds all of it; what an address or an attribute of HTML cannot hold is escaped, and nothing else. */
export function fileAddress(type: "text/csv" | "application/json", text: string): string {
  return `data:${type};charset=utf-8,${text.replaceAll(/[%#"<>&\p{Cc}]/gu, encodeURIComponent)}`;
}

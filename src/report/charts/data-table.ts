// The numbers behind a chart, told once per column: as a reader sees them, and as files hold them, in full.

import { formatInterval, formatNumber } from "./format.ts";
import type { TakenTable, TakenValue } from "./table-files.ts";

export interface DataTable {
  /** What the table holds; also names its scroll region, the fold it lies behind, and its files. */
  readonly caption: string;
  /** As they are read in the page. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** As they are computed with. */
  readonly files: TakenTable;
}

/** A column as it is read, and what files have in its place: none, one, or several columns. */
export interface Column<Row> {
  readonly head: string;
  readonly text: (row: Row) => string;
  /** Head → value. */
  readonly files: Readonly<Record<string, (row: Row) => TakenValue>>;
}

/** The same words in the page and in files. */
export function textColumn<Row>(head: string, of: (row: Row) => string): Column<Row> {
  return { head, text: of, files: { [head]: of } };
}

/** A number: rounded to be read, by default to hundredths; in files as it is, a share between 0 and 1, and nothing where there is none. */
export function numberColumn<Row>(
  head: string,
  of: (row: Row) => number | null,
  text: (value: number | null) => string = (value) => formatNumber(value),
): Column<Row> {
  return { head, text: (row) => text(of(row)), files: { [head]: of } };
}

/** An interval: `[0.91, 1.07]` to be read, or `none`; in files its ends, `Low` and `High`. */
export function intervalColumn<Row>(
  of: (row: Row) => { readonly low: number; readonly high: number } | null,
  digits = 2,
): Column<Row> {
  return {
    head: "Interval",
    text: (row) => {
      const interval = of(row);
      return interval === null ? "none" : formatInterval(interval.low, interval.high, digits);
    },
    files: { Low: (row) => of(row)?.low ?? null, High: (row) => of(row)?.high ?? null },
  };
}

/** The table of these columns, a row for each of `rows`. */
export function dataTable<Row>(caption: string, rows: readonly Row[], columns: readonly Column<Row>[]): DataTable {
  return {
    caption,
    columns: columns.map(({ head }) => head),
    rows: rows.map((row) => columns.map(({ text }) => text(row))),
    files: fileTable(rows, columns),
  };
}

/** What files have of these columns. */
export function fileTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): TakenTable {
  const own = columns.flatMap(({ files }) => Object.entries(files));
  return { columns: own.map(([head]) => head), rows: rows.map((row) => own.map(([, value]) => value(row))) };
}

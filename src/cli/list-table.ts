// Tables of one line a row, for lists that one looks down: on a narrow terminal cells are cut, and columns that matter least are left out.

import { columnsOf, cut } from "./fit-text.ts";
import { createTable, ruled, spacing, tightSpacing } from "./table.ts";
import type { Channel } from "./terminal.ts";

export interface ListColumn {
  readonly name: string;
  /** Characters to which its cells may be cut; left out: they are never cut. */
  readonly least?: number;
  /** Where there is not room for all, columns with a rank are left out, the highest first. */
  readonly rank?: number;
}

interface ListContent {
  readonly columns: readonly ListColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** The table, and the names of the columns that were left out; where the others do not fit either, as `createTable` does it. */
export function createListTable(
  { columns, rows }: ListContent,
  channel: Channel,
): { readonly text: string; readonly leftOut: readonly string[] } {
  const room = columnsOf(channel);
  const order = columns
    .flatMap(({ rank }, place) => (rank === undefined ? [] : [{ rank, place }]))
    .sort((a, b) => b.rank - a.rank);
  for (let dropped = 0; dropped <= order.length; dropped++) {
    const without = new Set(order.slice(0, dropped).map(({ place }) => place));
    const shown = columns.map((_, place) => place).filter((place) => !without.has(place));
    const content = {
      columns: shown.map((place) => columns[place]!),
      rows: rows.map((row) => shown.map((place) => row[place] ?? "")),
    };
    const text = fitted(content, room);
    if (text !== null) return { text, leftOut: [...without].map((place) => columns[place]!.name) };
  }
  return { text: createTable({ head: columns.map(({ name }) => name), rows }, channel), leftOut: [] };
}

/** Null where it is wider than the room with all cells cut. */
function fitted({ columns, rows }: ListContent, room: number): string | null {
  const widths = columns.map(({ name }, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const least = columns.map(({ name, least = Number.POSITIVE_INFINITY }, i) =>
    Math.min(widths[i]!, Math.max(name.length, least)),
  );
  const isTight = sum(widths) + spacing * columns.length - 1 > room;
  const space = room - (isTight ? tightSpacing : spacing) * columns.length + 1;
  if (sum(least) > space) return null;
  while (sum(widths) > space) {
    const spare = widths.map((width, i) => (width > least[i]! ? width : 0));
    widths[spare.indexOf(Math.max(...spare))]! -= 1;
  }
  const cells = rows.map((row) => row.map((cell, i) => cut(cell, widths[i]!)));
  return ruled({ head: columns.map(({ name }) => name), rows: cells }, { isTight });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

// Tables for the terminal, without color: alignment and rules carry the meaning. On a terminal they fit its width.

import Table from "cli-table3";
import { columnsOf, prose, wrap } from "./fit-text.ts";
import type { Channel } from "./terminal.ts";

export interface TableContent {
  readonly head: readonly string[];
  /** Cells may hold line breaks. */
  readonly rows: readonly (readonly string[])[];
  /** Characters at which cells are broken into lines, for each column; without it, only where they do not fit a terminal. */
  readonly widest?: readonly number[];
}

/** Columns of text are narrowed to this; words and numbers are never broken. */
const narrowestText = 20;
/** Spaces around and between cells, per column. */
export const spacing = 3;
/** The same of tables with less room: between cells only. */
export const tightSpacing = 2;

/**
 * A table with a rule below its head. Where it is wider than the channel's terminal, its columns of text are narrowed; where that is not
 * enough, every row becomes a paragraph: the first cell, and below it the others, each with its column's name.
 */
export function createTable({ head, rows, widest = [] }: TableContent, channel: Channel): string {
  const columns = head.map((_, column) => [head, ...rows].map((cells) => cells[column] ?? ""));
  const widths = columns.map((cells, column) =>
    longest(cells.flatMap((cell) => wrap(cell, widest[column] ?? Number.POSITIVE_INFINITY).split("\n"))),
  );
  const least = columns.map((cells, column) =>
    Math.max(Math.min(narrowestText, widths[column]!), longest(cells.flatMap((cell) => cell.split(/[ \n]/)))),
  );
  const room = columnsOf(channel) - spacing * head.length + 1;
  if (sum(least) > room) return paragraphs({ head, rows }, channel);
  const fitted = narrowed(widths, { least, room });
  const fit = (cells: readonly string[]) => cells.map((cell, column) => wrap(cell, fitted[column]!));
  return ruled({ head: fit(head), rows: rows.map(fit) });
}

/** Takes from the widest column that can give, until all fit. */
function narrowed(
  widths: readonly number[],
  { least, room }: { readonly least: readonly number[]; readonly room: number },
): readonly number[] {
  const fitted = [...widths];
  while (sum(fitted) > room) {
    const spare = fitted.map((width, column) => (width > least[column]! ? width : 0));
    const from = spare.indexOf(Math.max(...spare));
    fitted[from] = fitted[from]! - 1;
  }
  return fitted;
}

function paragraphs({ head, rows }: TableContent, channel: Channel): string {
  const texts = rows.map(([title = "", ...cells]) => {
    const told = cells.map((cell, index) => `${head[index + 1] ?? ""} ${cell.replaceAll("\n", " ")}`.trim());
    const others = told.filter((_, index) => cells[index] !== "");
    return prose(title.replaceAll("\n", " "), { channel, hanging: 2 }) + prose(`  ${others.join("; ")}`, { channel, hanging: 2 });
  });
  return texts.join("\n");
}

/** Cells as they are, below their heads and a rule. */
export function ruled({ head, rows }: TableContent, { isTight = false } = {}): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true, ...(isTight && { "padding-left": 0, "padding-right": 1 }) },
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      right: "",
      "right-mid": "",
      middle: " ",
      mid: "─",
      "mid-mid": "─",
    },
  });
  for (const row of rows) table.push([...row]);
  return `${table.toString()}\n`;
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

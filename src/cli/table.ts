// Tables for the terminal, without color: alignment and rules carry the meaning.

import Table from "cli-table3";

/** A table with a rule below its head. Cells may hold line breaks. */
export function createTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
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

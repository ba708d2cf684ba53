// The files that a chart or a table is taken along as; loaded when the first is asked for.

import { figureSvg, pngOf } from "../verdict/chart-picture.ts";
import { csvText } from "../verdict/csv-text.ts";
import { fileStem, offerFile } from "../verdict/offer-file.ts";
import type { FileKind, TakenTable } from "./take-along.tsx";

export interface Taking {
  readonly kind: FileKind;
  readonly caption: string;
  readonly table: TakenTable;
  readonly figure: HTMLElement;
  /** The figure as an SVG document, where it is not to be read from the page. */
  readonly draw: ((figure: HTMLElement) => Promise<string>) | null;
}

/** Hands the file to the reader. Throws where the browser cannot draw the picture. */
export async function offerTaken({ kind, caption, table, figure, draw }: Taking): Promise<void> {
  const svg = () => (draw === null ? figureSvg(figure, caption) : draw(figure));
  offerFile(`${fileStem(caption)}.${kind}`, await contentOf(kind, { table, svg }));
}

async function contentOf(
  kind: FileKind,
  { table, svg }: { readonly table: TakenTable; readonly svg: () => string | Promise<string> },
): Promise<Blob> {
  switch (kind) {
    case "svg":
      return new Blob([await svg()], { type: "image/svg+xml" });
    case "png":
      return await pngOf(await svg());
    case "csv":
      return new Blob([csvText([table.columns, ...table.rows])], { type: "text/csv" });
    case "json":
      return new Blob([tableJson(table)], { type: "application/json" });
    default:
      return kind satisfies never;
  }
}

/** A record per row, by the heads of its columns. */
function tableJson({ columns, rows }: TakenTable): string {
  const records = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])));
  return `${JSON.stringify(records, null, 2)}\n`;
}

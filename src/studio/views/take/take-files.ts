// The files that a chart or a table is taken along as; loaded when the first is asked for.

import { fileStem, type TakenTable, tableCsv, tableJson } from "../../../report/charts/table-files.ts";
import { figureSvg, pngOf } from "../verdict/chart-picture.ts";
import { offerFile } from "../verdict/offer-file.ts";
import type { FileKind } from "./take-along.tsx";

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
      return new Blob([tableCsv(table)], { type: "text/csv" });
    case "json":
      return new Blob([tableJson(table)], { type: "application/json" });
    default:
      return kind satisfies never;
  }
}

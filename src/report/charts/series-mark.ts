// How one series is told from another: color, dash pattern and marker together, so that no one of them has to be seen.

import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from "d3-shape";
import { seriesColorCount } from "../page/palette.ts";

export interface SeriesMark {
  /** A CSS class that sets `--series` to the color of the theme. */
  readonly className: string;
  /** An SVG `stroke-dasharray`; `none` is a solid line. */
  readonly dash: string;
  /** An SVG path around the origin, about 7 units wide. */
  readonly marker: string;
}

const dashes = ["none", "7 3", "2 2.5", "9 3 2 3", "5 2 1.5 2 1.5 2"] as const;
const symbols: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
  symbolWye,
];

/** The mark of the series at `index`. Color, dash and marker repeat with different periods, so 210 series differ in at least one. */
export function seriesMark(index: number): SeriesMark {
  return {
    className: `series-${index % seriesColorCount}`,
    dash: dashes[index % dashes.length] ?? "none",
    marker: symbol(symbols[index % symbols.length] ?? symbolCircle, 38)() ?? "",
  };
}

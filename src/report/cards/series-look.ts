// How each kind of row is drawn: color, marker and dash together.

import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
} from "d3-shape";
import type { CardRow } from "../../core/replications/card.ts";
import { lightPalette } from "../page/palette.ts";
import { element } from "./svg-text.ts";

export interface SeriesLook {
  readonly color: string;
  readonly dash: string | undefined;
  readonly marker: SymbolType;
}

const [blue, orange, green, purple, ochre, gray] = lightPalette.series as readonly [
  string,
  string,
  string,
  string,
  string,
  string,
];
const studiedColors = [blue, purple, ochre];
const dashes = [undefined, "7 3", "2 3"];

/** The look of a row; `index` counts rows of its role. */
export function lookOf(role: CardRow["role"], index: number): SeriesLook {
  switch (role) {
    case "studied":
      return { color: studiedColors[index % 3]!, dash: dashes[Math.floor(index / 3) % 3], marker: symbolCircle };
    case "twin":
      return { color: green, dash: "9 3 2 3", marker: symbolSquare };
    case "seeker":
      return { color: orange, dash: "4 3", marker: symbolTriangle };
    case "random":
      return { color: gray, dash: "1.5 3", marker: symbolCross };
    case "oracle":
      return { color: lightPalette.text, dash: "10 4", marker: index === 0 ? symbolDiamond : symbolWye };
    default:
      return role satisfies never;
  }
}

/** A marker at a place; hollow for numbers on levels without untrained inputs. */
export function marker(look: SeriesLook, at: { readonly x: number; readonly y: number; readonly hollow?: boolean }): string {
  return element("path", {
    d: symbol(look.marker, 42)() ?? "",
    transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`,
    fill: at.hollow ? lightPalette.background : look.color,
    stroke: look.color,
    "stroke-width": "1.3",
  });
}

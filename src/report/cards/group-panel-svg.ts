// A table of groups × measures as a picture: a bar with its interval in every cell, and the numbers in words.

import type { CardGroup } from "../../core/replications/card.ts";
import { lightPalette } from "../page/palette.ts";
import type { DrawnPart } from "./card-svg.ts";
import { element, escapeText, wrapWords } from "./svg-text.ts";

const labelWidth = 132;
const tableWidth = 712;
const rowHeight = 50;
const lineHeight = 12;

/** A column per measure, a row per group; groups without agents say why. */
export function drawGroupPanel(groups: readonly CardGroup[]): DrawnPart {
  const measures = groups.find(({ cells }) => cells.length > 0)?.cells.map(({ measure }) => measure) ?? [];
  const columnWidth = (tableWidth - labelWidth) / Math.max(1, measures.length);
  const heads = measures.map((measure) => wrapWords(measure, Math.max(8, Math.floor(columnWidth / 6.4))));
  const top = Math.max(...heads.map((lines) => lines.length), 1) * lineHeight + 10;
  const svg = [
    ...heads.flatMap((lines, column) =>
      lines.map((line, i) =>
        element("text", { x: labelWidth + column * columnWidth, y: lineHeight * (i + 1), class: "head" }, escapeText(line)),
      ),
    ),
    ...groups.map((group, row) =>
      element("g", { transform: `translate(0 ${top + row * rowHeight})` }, drawGroup(group, columnWidth)),
    ),
  ];
  return { svg: svg.join(""), height: top + groups.length * rowHeight + 24 };
}

function drawGroup({ group, why, cells }: CardGroup, columnWidth: number): readonly string[] {
  const barWidth = columnWidth - 14;
  const label = wrapWords(group, 20).map((line, i) => element("text", { x: 0, y: 16 + i * 13 }, escapeText(line)));
  const reason =
    why === null
      ? []
      : wrapWords(why, 94).map((line, i) => element("text", { x: labelWidth, y: 16 + i * 14, class: "small" }, escapeText(line)));
  return [
    element("path", { class: "rule", d: `M0 0H${tableWidth}` }),
    ...label,
    ...reason,
    ...cells.map((cell, column) =>
      element("g", { transform: `translate(${(labelWidth + column * columnWidth).toFixed(1)} 0)` }, drawCell(cell, barWidth)),
    ),
  ];
}

function drawCell({ count, of, low, high }: CardGroup["cells"][number], width: number): readonly string[] {
  if (low === null || high === null) return [element("text", { x: 0, y: 26, class: "tick" }, "–")];
  const [color] = lightPalette.series;
  const at = (share: number): string => (share * width).toFixed(1);
  return [
    element("rect", { x: 0, y: 8, width, height: 9, fill: lightPalette.surface, stroke: lightPalette.rule }),
    element("rect", { x: 0, y: 8, width: (count / of) * width, height: 9, fill: color }),
    element("path", {
      d: `M${at(low)} 20.5v4m0 -2H${at(high)}m0 -2v4`,
      stroke: lightPalette.muted,
      "stroke-width": "1.2",
      fill: "none",
    }),
    element("text", { x: 0, y: 37, class: "tick" }, `${count} of ${of}`),
  ];
}

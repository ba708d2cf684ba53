// What stands over a panel: the measure's name, and below it what it means and its unit.

import type { CardMeasure } from "../../core/replications/card.ts";
import type { DrawnPart } from "./card-svg.ts";
import { element, escapeText, wrapWords } from "./svg-text.ts";

const charactersPerLine = 104;
const lineHeight = 16;

/** The head of a panel, with the room below it. */
export function drawPanelHead({ name, meaning, unit }: CardMeasure): DrawnPart {
  const lines = wrapWords(`${meaning} (${unit})`, charactersPerLine);
  const svg = [
    element("text", { class: "panel", x: 0, y: 14 }, escapeText(name)),
    ...lines.map((line, i) => element("text", { x: 0, y: 14 + (i + 1) * lineHeight }, escapeText(line))),
  ];
  return { svg: svg.join(""), height: (lines.length + 1) * lineHeight + 14 };
}

// A card as a picture that stands alone: title, answer, and a panel for each drawn measure. Nothing is told by color alone.

import type { Card } from "../../core/replications/card.ts";
import { lightPalette } from "../page/palette.ts";
import { agentsText, answerText } from "./card-words.ts";
import { drawGroupPanel } from "./group-panel-svg.ts";
import { drawLinePanel } from "./line-panel-svg.ts";
import { drawRowPanel } from "./row-panel-svg.ts";
import { element, escapeText, wrapWords } from "./svg-text.ts";

/** Width of the picture, in its units. */
const width = 760;
const edge = 24;
const charactersPerLine = 100;

/** A part of the picture and how much room it takes from top to bottom. */
export interface DrawnPart {
  readonly svg: string;
  readonly height: number;
}

/** The picture as one SVG document, without scripts, fonts or anything to load. */
export function cardSvg(card: Card): string {
  const panels = card.chart.kind === "groups" ? [drawGroupPanel(card.groups)] : measurePanels(card);
  const parts = [heading(card), ...panels, closing(card)];
  let top = edge;
  const placed = parts.map(({ svg, height }) => {
    const at = top;
    top += height;
    return element("g", { transform: `translate(${edge} ${at})` }, svg);
  });
  const height = top + edge;
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-labelledby": "t d",
    },
    [
      element("title", { id: "t" }, escapeText(card.title)),
      element("desc", { id: "d" }, escapeText(`${card.finding.sentence} Here: ${answerText(card)}. ${card.verdict.sentence}`)),
      element("style", {}, style),
      element("rect", { width, height, fill: lightPalette.background }),
      ...placed,
    ],
  )}\n`;
}

function measurePanels(card: Card): readonly DrawnPart[] {
  const measures = card.chart.measures.map((name) => card.numbers.find((measure) => measure.name === name)!);
  return measures.map((measure) =>
    card.chart.kind === "doses" || card.chart.kind === "training"
      ? drawLinePanel(card, measure)
      : drawRowPanel(measure, { withAgents: card.chart.kind === "agents" }),
  );
}

function heading(card: Card): DrawnPart {
  const isQuick = card.scale.kind === "quick";
  const lines: { readonly text: string; readonly kind: string; readonly gap: number }[] = [
    ...wrapWords(card.title, 64).map((text) => ({ text, kind: "title", gap: 24 })),
    ...wrapWords(`Found elsewhere: ${card.finding.sentence}`, charactersPerLine).map((text, i) => ({
      text,
      kind: "plain",
      gap: i === 0 ? 24 : 17,
    })),
    ...wrapWords(`Here: ${answerText(card)}. ${card.verdict.sentence}`, charactersPerLine - 8).map((text, i) => ({
      text,
      kind: "strong",
      gap: i === 0 ? 24 : 18,
    })),
    ...(isQuick ? [{ text: "QUICK SCALE: these numbers show nothing.", kind: "strong", gap: 18 }] : []),
  ];
  let y = 0;
  const svg = lines.map(({ text, kind, gap }) => {
    y += gap;
    return element("text", { x: 0, y, class: kind }, escapeText(text));
  });
  return { svg: svg.join(""), height: y + 20 };
}

function closing(card: Card): DrawnPart {
  const { made, worlds, finding } = card;
  const hasFamiliar =
    card.chart.kind !== "groups" &&
    card.numbers.some(({ name, rows }) => card.chart.measures.includes(name) && rows.some(({ familiar }) => familiar !== null));
  const hollow = hasFamiliar ? " Hollow: familiar levels, without untrained inputs on the way." : "";
  const texts = [
    `${agentsText(card)}; ${card.levels} levels of each kind; bars: 95% intervals.${hollow}`,
    `Source: ${finding.source}`,
    `${made.command} · mesascope ${made.codeVersion}, ${worlds.map(({ name, version }) => `${name} version ${version}`).join(", ")} · ${made.date}`,
  ];
  const lines = texts.flatMap((text) => wrapWords(text, charactersPerLine + 12));
  const svg = lines.map((text, i) => element("text", { x: 0, y: 12 + i * 15, class: "small" }, escapeText(text)));
  return { svg: svg.join(""), height: 12 + lines.length * 15 };
}

const { text, muted, rule } = lightPalette;
const style = `
text { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: ${text}; font-size: 12px; }
.title { font-size: 18px; font-weight: 600; } .plain { font-size: 13px; } .strong { font-size: 13px; font-weight: 600; }
.small, .tick { font-size: 11px; fill: ${muted}; } .panel { font-size: 13px; font-weight: 600; } .head { font-size: 10px; fill: ${muted}; }
.rule { stroke: ${rule}; stroke-width: 1; fill: none; } .axis { stroke: ${muted}; stroke-width: 1; fill: none; }
`;

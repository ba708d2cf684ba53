// A panel of rows: each condition and reference agent on a line of its own, with dot, interval and number; where asked for, a dot per agent.

import { scaleLinear } from "d3-scale";
import type { CardMeasure, CardRow } from "../../core/replications/card.ts";
import { formatNumber, shorten } from "../charts/format.ts";
import type { DrawnPart } from "./card-svg.ts";
import { estimateText, rowLabel } from "./card-words.ts";
import { drawPanelHead } from "./panel-head.ts";
import { lookOf, marker, type SeriesLook } from "./series-look.ts";
import { element, escapeText, wrapWords } from "./svg-text.ts";

const left = 178;
const right = 560;
const numbersAt = 572;
const rowHeight = 28;
const labelCharacters = 25;
/** A row with a dot per agent, and the room in it for the dots. */
const tallRow = 54;
const stackHeight = 30;
const dotWidth = 3.5;

export function drawRowPanel(measure: CardMeasure, options: { readonly withAgents: boolean }): DrawnPart {
  const rows = measure.rows.filter((row) => row.all !== null);
  const scale = scaleLinear().domain(domainOf(measure)).nice(5).range([left, right]).clamp(true);
  const head = drawPanelHead(measure);
  const top = head.height;
  let y = top;
  const counts = new Map<string, number>();
  const drawn = rows.map((row) => {
    const index = counts.get(row.role) ?? 0;
    counts.set(row.role, index + 1);
    const isTall = options.withAgents && row.all!.values.length > 1;
    const height = isTall ? tallRow : rowHeight;
    const svg = drawRow(row, {
      label: rowLabel(row, measure.rows),
      look: lookOf(row.role, index),
      scale,
      y: y + height / 2,
      isTall,
    });
    y += height;
    return svg;
  });
  const ticks = scale
    .ticks(6)
    .flatMap((tick) => [
      element("path", { class: "rule", d: `M${scale(tick).toFixed(1)} ${top}V${y}` }),
      element(
        "text",
        { class: "tick", x: scale(tick), y: y + 14, "text-anchor": "middle" },
        formatNumber(tick, decimalsOf(scale.ticks(6))),
      ),
    ]);
  return { svg: [head.svg, ...ticks, ...drawn].join(""), height: y + 34 };
}

interface RowPlace {
  readonly label: string;
  readonly look: SeriesLook;
  readonly scale: (value: number) => number;
  /** Middle of the row. */
  readonly y: number;
  readonly isTall: boolean;
}

function drawRow(row: CardRow, { label, look, scale, y, isTall }: RowPlace): string {
  const { mean, interval, values } = row.all!;
  const line = isTall ? y + 18 : y;
  return [
    ...drawLabel(label, y),
    ...(isTall ? agentDots(values, { look, scale, base: y + 8 }) : []),
    interval === null
      ? ""
      : element("path", {
          d: `M${scale(interval.low).toFixed(1)} ${line - 4}v8m0 -4H${scale(interval.high).toFixed(1)}m0 -4v8`,
          stroke: look.color,
          "stroke-width": "1.6",
          fill: "none",
        }),
    row.familiar === null ? "" : marker(look, { x: scale(row.familiar.mean), y: line, hollow: true }),
    marker(look, { x: scale(mean), y: line }),
    element("text", { x: numbersAt, y: y + 4 }, estimateText(row.all)),
  ].join("");
}

/** In one line or two, which end at the panel. */
function drawLabel(label: string, y: number): readonly string[] {
  const wrapped = wrapWords(label, labelCharacters);
  const lines = wrapped.length > 2 ? [wrapped[0]!, wrapped.slice(1).join(" ")] : wrapped;
  return lines.map((line, i) => {
    const at = y + 4 + (i - (lines.length - 1) / 2) * 12;
    return element("text", { x: left - 12, y: at, "text-anchor": "end" }, escapeText(shorten(line, labelCharacters)));
  });
}

/** A dot per agent, stacked where they coincide; the dots of a high stack overlap, so that it stays in its row. */
function agentDots(
  values: readonly number[],
  at: { readonly look: SeriesLook; readonly scale: (value: number) => number; readonly base: number },
): readonly string[] {
  const stacks = Map.groupBy(values, (value) => Math.round(at.scale(value) / dotWidth));
  const highest = Math.max(...[...stacks.values()].map((stack) => stack.length));
  const rise = Math.min(3, stackHeight / highest);
  return [...stacks].flatMap(([column, stack]) =>
    stack.map((_, i) =>
      element("circle", { cx: column * dotWidth, cy: at.base - i * rise, r: 1.5, fill: at.look.color, "fill-opacity": "0.6" }),
    ),
  );
}

/** From the least to the greatest that is drawn; shares from 0 to 1, whatever their intervals. */
export function domainOf({ rows, unit }: CardMeasure): [number, number] {
  const means = rows.flatMap(({ all, familiar }) =>
    [all, familiar].flatMap((estimate) => (estimate === null ? [] : [estimate.mean])),
  );
  if (unit.startsWith("share") && means.every((mean) => mean >= 0 && mean <= 1)) return [0, 1];
  const values = rows.flatMap(({ all, familiar, during }) =>
    [all, familiar, ...during.map(({ estimate }) => estimate)].flatMap((estimate) =>
      estimate === null
        ? []
        : [estimate.mean, ...estimate.values, ...(estimate.interval ? [estimate.interval.low, estimate.interval.high] : [])],
    ),
  );
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  return low >= 0 && high <= 1 ? [0, 1] : [low, high === low ? low + 1 : high];
}

/** Decimals that tell neighboring ticks apart. */
export function decimalsOf(ticks: readonly number[]): number {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  return step >= 1 ? 0 : Math.min(4, Math.ceil(-Math.log10(step) - 1e-9));
}

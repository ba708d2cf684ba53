// A panel of lines: a measure over doses, or in the course of training, with bars of intervals; what it is compared with as level lines.

import { scaleLinear, scaleLog } from "d3-scale";
import type { Card, CardEstimate, CardMeasure } from "../../core/replications/card.ts";
import { formatNumber, formatShortCount, shorten } from "../charts/format.ts";
import { spreadLabels } from "../charts/spread-labels.ts";
import type { DrawnPart } from "./card-svg.ts";
import { rowLabel } from "./card-words.ts";
import { drawPanelHead } from "./panel-head.ts";
import { decimalsOf, domainOf } from "./row-panel-svg.ts";
import { lookOf, marker, type SeriesLook } from "./series-look.ts";
import { element, escapeText } from "./svg-text.ts";

const plot = { left: 48, right: 520, height: 230 };
const labelAt = 540;

/** A line of the panel: one point stretches over the whole width. */
interface Series {
  readonly label: string;
  readonly look: SeriesLook;
  readonly points: readonly { readonly x: number; readonly estimate: CardEstimate; readonly familiar: CardEstimate | null }[];
}

/** What of a card a panel of lines needs. */
interface LinedCard {
  readonly chart: Card["chart"];
  readonly conditions: readonly Pick<Card["conditions"][number], "name" | "dose">[];
}

export function drawLinePanel(card: LinedCard, measure: CardMeasure): DrawnPart {
  const isTraining = card.chart.kind === "training";
  const series = (isTraining ? trainingSeries(measure) : doseSeries(card, measure)).filter(({ points }) => points.length > 0);
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x)).filter(Number.isFinite);
  const xDomain: [number, number] = [
    Math.min(...xs),
    Math.max(...xs) === Math.min(...xs) ? Math.min(...xs) + 1 : Math.max(...xs),
  ];
  const x = (card.chart.scale === "log" ? scaleLog() : scaleLinear()).domain(xDomain).range([plot.left + 8, plot.right - 8]);
  const head = drawPanelHead(measure);
  const top = head.height;
  const bottom = top + plot.height;
  const y = scaleLinear().domain(domainOf(measure)).nice(5).range([bottom, top]).clamp(true);
  const ticks = y.ticks(5);
  const doses = [...new Set(xs)].sort((a, b) => a - b);
  const xTicks = isTraining || doses.length > 12 ? x.ticks(5) : doses;
  const ends = series.map(({ points }) => y(points.at(-1)!.estimate.mean));
  const labels = spreadLabels(ends, { gap: 15, low: top + 4, high: bottom - 4 });
  const svg = [
    head.svg,
    ...ticks.flatMap((tick) => [
      element("path", { class: "rule", d: `M${plot.left} ${y(tick).toFixed(1)}H${plot.right}` }),
      element(
        "text",
        { class: "tick", x: plot.left - 6, y: y(tick) + 4, "text-anchor": "end" },
        formatNumber(tick, decimalsOf(ticks)),
      ),
    ]),
    ...xTicks.map((tick) =>
      element("text", { class: "tick", x: x(tick), y: bottom + 16, "text-anchor": "middle" }, formatShortCount(tick)),
    ),
    element(
      "text",
      { class: "tick", x: (plot.left + plot.right) / 2, y: bottom + 33, "text-anchor": "middle" },
      escapeText(card.chart.axis),
    ),
    ...series.map((each, i) => drawSeries(each, { x, y, labelY: labels[i]!, endY: ends[i]! })),
  ];
  return { svg: svg.join(""), height: bottom + 52 };
}

/** Studied conditions along their doses; a reference agent likewise where it was measured per dose; all else as level lines. */
function doseSeries(card: LinedCard, { rows }: CardMeasure): readonly Series[] {
  const doseOf = new Map(card.conditions.flatMap(({ name, dose }) => (dose === null ? [] : [[name, dose] as const])));
  const studied = rows.filter(({ role, agent, all }) => role === "studied" && all !== null && doseOf.has(agent));
  const points = studied
    .map((row) => ({ x: doseOf.get(row.agent)!, estimate: row.all!, familiar: row.familiar }))
    .sort((a, b) => a.x - b.x);
  const others = rows.filter((row) => row.all !== null && !studied.includes(row));
  const groups = Map.groupBy(others, (row) => `${row.role} ${row.agent}`);
  const counts = new Map<string, number>();
  const lines = [...groups.values()].map((group): Series => {
    const { role, agent } = group[0]!;
    const index = counts.get(role) ?? 0;
    counts.set(role, index + 1);
    const along = group.flatMap((row) =>
      row.conditions.flatMap((condition) => {
        const dose = doseOf.get(condition);
        return dose === undefined ? [] : [{ x: dose, estimate: row.all!, familiar: null }];
      }),
    );
    const isLevel = group.length === 1 || along.length < 2;
    return {
      label: agent,
      look: lookOf(role, role === "studied" ? index + 1 : index),
      points: isLevel ? [{ x: Number.NaN, estimate: group[0]!.all!, familiar: null }] : along.sort((a, b) => a.x - b.x),
    };
  });
  return [{ label: "trained here", look: lookOf("studied", 0), points }, ...lines];
}

function trainingSeries({ rows }: CardMeasure): readonly Series[] {
  const counts = new Map<string, number>();
  return rows.map((row): Series => {
    const index = counts.get(row.role) ?? 0;
    counts.set(row.role, index + 1);
    const points =
      row.during.length > 0
        ? row.during.map(({ environmentSteps, estimate }) => ({ x: environmentSteps, estimate, familiar: null }))
        : row.all === null
          ? []
          : [{ x: Number.NaN, estimate: row.all, familiar: null }];
    return { label: rowLabel(row, rows), look: lookOf(row.role, index), points };
  });
}

interface SeriesPlace {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly labelY: number;
  readonly endY: number;
}

function drawSeries({ label, look, points }: Series, { x, y, labelY, endY }: SeriesPlace): string {
  const isLevel = points.length === 1 && Number.isNaN(points[0]!.x);
  const path = isLevel
    ? `M${plot.left} ${endY.toFixed(1)}H${plot.right}`
    : points.map((point, i) => `${i === 0 ? "M" : "L"}${x(point.x).toFixed(1)} ${y(point.estimate.mean).toFixed(1)}`).join("");
  const stroke = { stroke: look.color, fill: "none" };
  return [
    element("path", { d: path, ...stroke, "stroke-width": "1.6", "stroke-dasharray": look.dash }),
    ...(isLevel ? [] : points).flatMap(({ x: at, estimate, familiar }) => [
      estimate.interval === null
        ? ""
        : element("path", {
            d: `M${(x(at) - 4).toFixed(1)} ${y(estimate.interval.low).toFixed(1)}h8m-4 0V${y(estimate.interval.high).toFixed(1)}m-4 0h8`,
            ...stroke,
            "stroke-width": "1.3",
          }),
      familiar === null ? "" : marker(look, { x: x(at) + 5, y: y(familiar.mean), hollow: true }),
      marker(look, { x: x(at), y: y(estimate.mean) }),
    ]),
    element("path", {
      d: `M${plot.right + 2} ${endY.toFixed(1)}L${labelAt - 12} ${labelY.toFixed(1)}`,
      ...stroke,
      "stroke-width": "0.8",
    }),
    marker(look, { x: labelAt - 5, y: labelY }),
    element("text", { x: labelAt + 6, y: labelY + 4 }, escapeText(shorten(label, 26))),
  ].join("");
}

// A chart of series as a picture: drawn anew from its numbers, since what stands in the page is a canvas in the colors of its theme.

import { scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";
import type { Range } from "../axis-range.ts";
import { type ChartSeries, dashes, drawnPlaces, measured, tickText } from "../series-lines.ts";
import type { Values } from "../smooth.ts";
import { shortNumber } from "../words.ts";
import { colorOf, element, legend, onPaper, sheet, words } from "./paper.ts";

export interface SeriesPicture {
  readonly title: string;
  readonly x: readonly number[];
  readonly xName: string;
  readonly series: readonly ChartSeries[];
  /** The average of each; null for a reference. */
  readonly smooth: readonly (Values | null)[];
  readonly range: Range;
  readonly isLogarithmic: boolean;
  readonly unit: "percent" | undefined;
}

const plot = { left: 64, right: 776, top: 48, bottom: 340 };
const width = 800;
/** Pixels between two numbers of an axis, at the least. */
const tickGap = 56;

/** As it stands in the page, its part of the axis and its averages included, as an SVG document in the colors of the light theme. */
export function seriesSvg(figure: HTMLElement, picture: SeriesPicture): string {
  return onPaper(figure, () => {
    const ink = { text: colorOf(figure, "--ink"), quiet: colorOf(figure, "--ink-2"), grid: colorOf(figure, "--hairline") };
    const strokes = picture.series.map(({ color }) => colorOf(figure, `--series-${color}`));
    const names = legend(
      picture.series.map(({ name, dash }, i) => ({ text: name, mark: mark(strokes[i]!, dash) })),
      { x: plot.left, y: plot.bottom + 52, width: plot.right - plot.left, ink: ink.text },
    );
    const title = words(picture.title, { x: 20, y: 26, fill: ink.text, "font-size": 14, "font-weight": 600 });
    const parts = [title, ...plotted({ picture, strokes, ink }), ...names.parts];
    return sheet(figure, { width, height: plot.bottom + 64 + names.height, parts });
  });
}

function mark(stroke: string, dash: ChartSeries["dash"]): SVGElement {
  return element("line", { x1: 0, x2: 26, y1: 6, y2: 6, stroke, "stroke-width": 2, ...dashed(dash) });
}

function dashed(dash: ChartSeries["dash"]): Readonly<Record<string, string>> {
  return dash === "solid" ? {} : { "stroke-dasharray": dashes[dash].join(" ") };
}

interface Plotting {
  readonly picture: SeriesPicture;
  /** Colors of the series. */
  readonly strokes: readonly string[];
  readonly ink: { readonly quiet: string; readonly grid: string };
}

/** The axes and lines. */
function plotted({ picture, strokes, ink }: Plotting): readonly SVGElement[] {
  const { x, xName, series, smooth, range, isLogarithmic, unit } = picture;
  const lines = series.flatMap(({ values, dash, isReference = false }, i) => [
    ...(isReference ? [] : [{ values, dash: "solid" as const, stroke: strokes[i]!, isFaint: true }]),
    { values: smooth[i] ?? values, dash, stroke: strokes[i]!, isFaint: false },
  ]);
  const kept = drawnPlaces({ x, lines: lines.map(({ values }) => values), range, isLogarithmic, width });
  if (kept.length === 0) return [words("No measurement lies here.", { x: plot.left, y: plot.top + 20, fill: ink.quiet })];
  const { from, to } = range ?? { from: x[kept[0]!]!, to: x[kept.at(-1)!]! };
  const across = (isLogarithmic ? scaleLog() : scaleLinear())
    .domain(from === to ? [from - 0.5, to + 0.5] : [from, to])
    .range([plot.left, plot.right]);
  const found = lines.flatMap(({ values }) => kept.map((i) => measured(values[i])).filter((value) => value !== null));
  const ends: readonly [number, number] =
    found.length === 0
      ? [0, 1]
      : [found.reduce((least, value) => Math.min(least, value)), found.reduce((most, value) => Math.max(most, value))];
  const up = scaleLinear()
    .domain(ends[0] === ends[1] ? [ends[0] - 0.5, ends[1] + 0.5] : ends)
    .nice(6)
    .range([plot.bottom, plot.top]);
  const path = (values: Values) =>
    line<number>()
      .defined((i) => measured(values[i]) !== null)
      .x((i) => round(across(x[i]!)))
      .y((i) => round(up(values[i]!)))(kept) ?? "";
  const clip = element("clipPath", { id: "plot" });
  clip.append(
    element("rect", { x: plot.left, y: plot.top - 4, width: plot.right - plot.left, height: plot.bottom - plot.top + 8 }),
  );
  const drawn = element("g", { "clip-path": "url(#plot)", fill: "none" });
  for (const { values, dash, stroke, isFaint } of lines)
    drawn.append(
      element("path", {
        d: path(values),
        stroke,
        ...(isFaint ? { "stroke-width": 1, "stroke-opacity": 0.32 } : { "stroke-width": 1.8, ...dashed(dash) }),
      }),
    );
  const steps = up.ticks(6);
  const step = (steps[1] ?? 1) - (steps[0] ?? 0);
  return [
    ...steps.flatMap((tick) => [
      element("line", { x1: plot.left, x2: plot.right, y1: round(up(tick)), y2: round(up(tick)), stroke: ink.grid }),
      words(tickText(tick, { step, unit }), { x: plot.left - 8, y: up(tick) + 4, "text-anchor": "end", fill: ink.quiet }),
    ]),
    ...apart(across.ticks(10), across).flatMap((tick) => [
      element("line", { x1: round(across(tick)), x2: round(across(tick)), y1: plot.top, y2: plot.bottom, stroke: ink.grid }),
      words(shortNumber(tick), { x: across(tick), y: plot.bottom + 18, "text-anchor": "middle", fill: ink.quiet }),
    ]),
    words(xName, { x: (plot.left + plot.right) / 2, y: plot.bottom + 38, "text-anchor": "middle", fill: ink.quiet }),
    ...[clip, drawn],
  ];
}

/** Those that have room beside each other. */
function apart(ticks: readonly number[], place: (tick: number) => number): readonly number[] {
  const kept: number[] = [];
  for (const tick of ticks) if (kept.length === 0 || place(tick) - place(kept.at(-1)!) >= tickGap) kept.push(tick);
  return kept;
}

function round(position: number): number {
  return Math.round(position * 10) / 10;
}

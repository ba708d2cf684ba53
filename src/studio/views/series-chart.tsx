// Long series over one axis, painted by uPlot: the raw trace faint behind its average, a crosshair that other charts share, an axis that can be
// narrowed by dragging or by buttons. What is under the crosshair stands above as text, all numbers below as a table.

import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import UPlot from "uplot";
import { loadScript } from "../app/script-missing.ts";
import { onThemeChange } from "../app/theme.ts";
import { lastInSight, type Range, shownRange } from "./axis-range.ts";
import { useRootSize } from "./root-size.ts";
import { type ChartSeries, dashes, drawnPlaces, measured, tickText } from "./series-lines.ts";
import { SeriesNumbers } from "./series-numbers.tsx";
import { debiasedAverage, type Values } from "./smooth.ts";
import { TakeAlong } from "./take/take-along.tsx";
import { useWidth } from "./use-width.ts";
import { exactNumber, percent, shortNumber } from "./words.ts";
import "uplot/dist/uPlot.min.css";
import "./series-chart.css";

export interface SeriesChartProps {
  readonly title: string;
  /** Ascending. */
  readonly x: readonly number[];
  readonly xName: string;
  readonly series: readonly ChartSeries[];
  /** Weight of what was before, 0 to below 1. */
  readonly smoothing: number;
  readonly isLogarithmic: boolean;
  readonly range: Range;
  readonly onRange: (range: Range) => void;
  /** Charts of the same group have their crosshairs at the same place. */
  readonly group: string;
  /** Of the values. Default: none. */
  readonly unit?: "percent";
}

/** Pixels, for the width that there is; `unit` is a sixteenth of the root's size. */
const heightFor = (width: number, unit: number) => Math.round(unit * Math.min(420, Math.max(260, (width / unit) * 0.28)));

export function SeriesChart(props: SeriesChartProps): ReactNode {
  const { title, x, xName, series, unit } = props;
  const text = unit === "percent" ? percent : shortNumber;
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const sixteenth = useRootSize() / 16;
  const [theme, setTheme] = useState(0);
  const [under, setUnder] = useState<number | null>(null);
  const smooth = useMemo(
    () => series.map(({ values, isReference = false }) => (isReference ? null : debiasedAverage(values, props.smoothing))),
    [series, props.smoothing],
  );
  useEffect(() => onThemeChange(() => setTheme((before) => before + 1)), []);
  const { range: askedRange, isLogarithmic } = props;
  const range = useMemo(() => shownRange(askedRange, { x, isLogarithmic }), [askedRange, x, isLogarithmic]);
  usePainted({ place, width, unit: sixteenth, theme, smooth, chart: { ...props, range }, onUnder: setUnder });
  const last = lastInSight(x, range);
  const at = under ?? last;
  return (
    <figure className="series-chart">
      <figcaption>
        <h3>{title}</h3>
        <ul className="series-legend">
          {series.map(({ name, values, color, dash }, i) => (
            <li key={name}>
              <svg aria-hidden="true" width="22" height="8" style={{ color: `var(--series-${color})` }}>
                <line
                  x1="0"
                  x2="22"
                  y1="4"
                  y2="4"
                  stroke="currentColor"
                  strokeWidth="2"
                  strokeDasharray={dashes[dash].join(" ")}
                />
              </svg>
              {name} <span className="series-value">{text(values[at] ?? null)}</span>
              {smooth[i] != null && props.smoothing > 0 && (
                <span className="quiet numeric"> (average {text(smooth[i][at] ?? null)})</span>
              )}
            </li>
          ))}
          <li className="quiet">
            {xName} <span className="series-value">{exactNumber(x[at])}</span>
          </li>
        </ul>
      </figcaption>
      <div
        ref={place}
        className="series-canvas"
        role="img"
        aria-label={`${title} over ${xName}: ${series.map(({ name }) => name).join(", ")}. The numbers are in the table below.`}
      />
      {last < 0 && <p className="quiet">No measurement lies in this part of the axis.</p>}
      {isLogarithmic && !x.some((value) => value > 0) && (
        <p className="quiet">No measurement lies above 0, which a logarithmic axis needs.</p>
      )}
      <SeriesNumbers {...{ title, x, xName, series, text }} />
      <TakeAlong
        caption={title}
        table={() => ({
          columns: [xName, ...series.map(({ name }) => name)],
          rows: x.map((value, i) => [value, ...series.map(({ values }) => measured(values[i]))]),
        })}
        draw={async (figure) =>
          (await loadScript(() => import("./take/series-picture.ts"))).seriesSvg(figure, {
            ...{ title, x, xName, series, smooth, range, isLogarithmic },
            unit,
          })
        }
      />
    </figure>
  );
}

interface Painting {
  readonly place: React.RefObject<HTMLDivElement | null>;
  readonly width: number;
  /** Pixels in a sixteenth of the root's size. */
  readonly unit: number;
  /** Changes when colors did. */
  readonly theme: number;
  /** Per series; null for a reference. */
  readonly smooth: readonly (Values | null)[];
  readonly chart: SeriesChartProps;
  readonly onUnder: (place: number | null) => void;
}

function usePainted({ place, width, unit: sixteenth, theme, smooth, chart, onUnder }: Painting): void {
  const { x, xName, series, isLogarithmic, range, group, unit } = chart;
  const told = useRef({ onRange: chart.onRange, onUnder });
  told.current = { onRange: chart.onRange, onUnder };
  const look = series.map(({ name, color, dash }) => `${name} ${color} ${dash}`).join("\n");
  const painted = useRef<UPlot | null>(null);
  const shown = useRef<readonly number[]>([]);
  // Made anew where its look changes, of which `look` is the series'; the data of a chart that stands are set below.
  useEffect(() => {
    if (width === 0) return;
    const ink = colorsOf(place.current!, sixteenth);
    const made = new UPlot(
      {
        ...{ width, height: heightFor(width, sixteenth), legend: { show: false }, padding: [8, 28, 0, 0] },
        scales: { x: { time: false, distr: isLogarithmic ? 3 : 1 } },
        cursor: { sync: { key: group, setSeries: false }, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
        axes: [
          {
            ...ink.axis,
            size: 34 * sixteenth,
            values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : shortNumber(tick))),
          },
          {
            ...ink.axis,
            size: 52 * sixteenth,
            values: (_, ticks, _axis, _space, step) => ticks.map((tick) => tickText(tick, { step, unit })),
          },
        ],
        series: [
          { label: xName },
          ...series.flatMap(({ name, color, dash, isReference = false }): UPlot.Series[] => {
            const stroke = ink.series[color]!;
            const line = { label: name, stroke, width: 1.8, dash: [...dashes[dash]], points: { show: false }, spanGaps: false };
            return isReference ? [line] : [{ ...line, label: `${name}, raw`, width: 1, alpha: 0.32, dash: [] }, line];
          }),
        ],
        hooks: {
          setCursor: [({ cursor }) => told.current.onUnder(cursor.idx == null ? null : (shown.current[cursor.idx] ?? null))],
          setSelect: [
            (plot) => {
              if (plot.select.width < 4) return;
              const [from, to] = [plot.posToVal(plot.select.left, "x"), plot.posToVal(plot.select.left + plot.select.width, "x")];
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              told.current.onRange({ from, to });
            },
          ],
        },
      },
      [[]],
      place.current!,
    );
    made.over.addEventListener("dblclick", () => told.current.onRange(null));
    painted.current = made;
    return () => {
      painted.current = null;
      made.destroy();
    };
  }, [place, width, sixteenth, theme, isLogarithmic, group, xName, look]);
  useEffect(() => {
    const plot = painted.current;
    if (plot === null) return;
    const lines = series.flatMap(({ values }, i) => (smooth[i] === null ? [values] : [values, smooth[i]!]));
    const kept = drawnPlaces({ x, lines, range, isLogarithmic, width });
    shown.current = kept;
    plot.setData([kept.map((i) => x[i]!), ...lines.map((values) => kept.map((i) => measured(values[i])))], true);
    if (range !== null) plot.setScale("x", { min: range.from, max: range.to });
  }, [x, series, smooth, range, isLogarithmic, width, sixteenth, theme, look, group, xName]);
}

/** The tokens' colors as a canvas takes them. */
function colorsOf(place: HTMLElement, sixteenth: number) {
  const probe = document.createElement("span");
  place.append(probe);
  const color = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const ink = {
    axis: {
      stroke: color("--ink-2"),
      // Among forced colors a hairline would be as strong as a curve.
      grid: { stroke: color("--hairline"), width: 1, show: !matchMedia("(forced-colors: active)").matches },
      ticks: { show: false },
      font: `${12 * sixteenth}px ${getComputedStyle(place).fontFamily}`,
    },
    series: [0, 1, 2, 3, 4, 5].map((i) => color(`--series-${i}`)),
  };
  probe.remove();
  return ink;
}

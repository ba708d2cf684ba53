// Lines over a common axis, each named where it ends. Told apart by dash, marker and label; color is a courtesy.

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { BottomAxis, ChartSvg, LeftAxis, round } from "./figure.tsx";
import { shorten } from "./format.ts";
import type { SeriesMark } from "./series-mark.ts";
import { spreadLabels } from "./spread-labels.ts";

export interface LineSeries {
  readonly label: string;
  readonly mark: SeriesMark;
  /** In increasing x; points with a y that is not finite break the line. */
  readonly points: readonly LinePoint[];
}

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Of an interval around it, shaded; left out where there is none. */
  readonly low?: number;
  readonly high?: number;
}

interface LinePanelProps {
  readonly title: string;
  readonly description: string;
  readonly series: readonly LineSeries[];
  readonly xDomain: readonly [number, number];
  readonly yDomain: readonly [number, number];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  /** Horizontal reference lines. */
  readonly guides?: readonly number[];
  /** Room for the series' names, in the units of the picture, which is 340 wide. Default 120. */
  readonly labelWidth?: number;
}

const width = 340;
const edges = { left: 38, top: 26, bottom: 168 };
const markersPerLine = 5;
/** Of a series' name, about. */
const letterWidth = 6.5;

/** One panel of lines with direct labels. Series without points are left out: the caption has to say so. */
export function LinePanel(props: LinePanelProps) {
  const { labelWidth = 120 } = props;
  const plot = { ...edges, right: width - labelWidth };
  const x = scaleLinear().domain(props.xDomain).range([plot.left, plot.right]);
  const y = scaleLinear().domain(props.yDomain).range([plot.bottom, plot.top]).clamp(true);
  const drawn = props.series.filter((series) => series.points.some((point) => Number.isFinite(point.y)));
  const ends = drawn.map((series) => y(series.points.findLast((point) => Number.isFinite(point.y))!.y));
  const labels = spreadLabels(ends, { gap: 14, low: plot.top, high: plot.bottom });
  const path = line<{ readonly x: number; readonly y: number }>()
    .defined((point) => Number.isFinite(point.y))
    .x((point) => round(x(point.x)))
    .y((point) => round(y(point.y)));
  const band = area<LinePoint>()
    .defined(({ low, high }) => low !== undefined && high !== undefined)
    .x((point) => round(x(point.x)))
    .y0((point) => round(y(point.low!)))
    .y1((point) => round(y(point.high!)));
  return (
    <ChartSvg title={props.title} description={props.description} width={width} height={204}>
      <LeftAxis scale={y} format={props.formatY} label={props.yLabel} from={plot.left} to={plot.right} />
      <BottomAxis scale={x} format={props.formatX} label={props.xLabel} from={plot.bottom} to={plot.bottom} />
      {props.guides?.map((guide) => (
        <line key={guide} className="guide" x1={plot.left} x2={plot.right} y1={round(y(guide))} y2={round(y(guide))} />
      ))}
      {drawn.map((series, index) => (
        <g key={index} className={series.mark.className}>
          {series.points.some(({ low }) => low !== undefined) && <path className="spread" d={band(series.points) ?? ""} />}
          <path className="line" d={path(series.points) ?? ""} strokeDasharray={series.mark.dash} />
          {markerPlaces(series, index).map((point) => (
            <path
              key={point.x}
              className="marker"
              d={series.mark.marker}
              transform={`translate(${round(x(point.x))} ${round(y(point.y))})`}
            />
          ))}
          <path className="leader" d={`M${plot.right + 3} ${round(ends[index]!)}L${plot.right + 15} ${round(labels[index]!)}`} />
          <path className="marker" d={series.mark.marker} transform={`translate(${plot.right + 21} ${round(labels[index]!)})`} />
          <text className="series-label" x={plot.right + 28} y={round(labels[index]!)} dy="0.32em">
            {shorten(series.label, Math.floor((labelWidth - 28) / letterWidth))}
          </text>
        </g>
      ))}
    </ChartSvg>
  );
}

/** A few markers per line, staggered from series to series so that coinciding lines still show each of theirs. */
function markerPlaces(series: LineSeries, index: number) {
  const spacing = Math.max(1, Math.ceil(series.points.length / markersPerLine));
  const start = index % spacing;
  return series.points.filter((point, place) => place % spacing === start && Number.isFinite(point.y));
}

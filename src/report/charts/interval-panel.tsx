// A dot and its interval per row on a shared scale: equivalence, returns under shift, shares and weights are all drawn by it.

import { scaleLinear } from "d3-scale";
import { BottomAxis, ChartSvg, round } from "./figure.tsx";
import { shorten } from "./format.ts";
import type { SeriesMark } from "./series-mark.ts";

export interface IntervalRow {
  readonly label: string;
  readonly mark: SeriesMark;
  /** Null draws `missing` in words instead. */
  readonly value: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly missing: string;
  /** A tall tick: the best possible. */
  readonly oracle?: number;
  /** A small cross: what chance gives. */
  readonly random?: number;
}

interface IntervalPanelProps {
  readonly title: string;
  readonly description: string;
  readonly rows: readonly IntervalRow[];
  readonly domain: readonly [number, number];
  readonly axisLabel: string;
  readonly format: (value: number) => string;
  /** Vertical reference lines. */
  readonly guides?: readonly number[];
  /** A shaded range, e.g. the equivalence margin. */
  readonly band?: readonly [number, number];
  /** More room for names, and less for the scale. */
  readonly hasLongLabels?: boolean;
}

const width = 340;
/** The room for names in the units of the picture, and how many characters of any face fit into it. */
const shortLabels = { width: 92, characters: 15 } as const;
const longLabels = { width: 152, characters: 20 } as const;
const rowHeight = 22;
const top = 6;

/** One panel of rows; a row's label, dot, interval and reference marks stand on one line. */
export function IntervalPanel(props: IntervalPanelProps) {
  const { rows, domain, guides = [], band, hasLongLabels = false } = props;
  const labels = hasLongLabels ? longLabels : shortLabels;
  const bottom = top + rows.length * rowHeight;
  const scale = scaleLinear()
    .domain(domain)
    .range([labels.width, width - 18]);
  return (
    <ChartSvg title={props.title} description={props.description} width={width} height={bottom + 36}>
      {band && (
        <rect
          className="band"
          x={round(scale(band[0]))}
          y={top}
          width={round(scale(band[1]) - scale(band[0]))}
          height={bottom - top}
        />
      )}
      <BottomAxis scale={scale} format={props.format} label={props.axisLabel} from={top} to={bottom} />
      {guides.map((guide) => (
        <line key={guide} className="guide" x1={round(scale(guide))} x2={round(scale(guide))} y1={top} y2={bottom} />
      ))}
      {rows.map((row, index) => (
        <g key={index} className={row.mark.className} transform={`translate(0 ${top + (index + 0.5) * rowHeight})`}>
          <text className="row-label" x={labels.width - 10} dy="0.32em" textAnchor="end">
            {shorten(row.label, labels.characters)}
          </text>
          <RowMarks row={row} from={labels.width} position={(value) => round(scale(value))} />
        </g>
      ))}
    </ChartSvg>
  );
}

interface RowMarksProps {
  readonly row: IntervalRow;
  /** Where the scale begins. */
  readonly from: number;
  readonly position: (value: number) => number;
}

function RowMarks({ row, from, position }: RowMarksProps) {
  return (
    <>
      {row.oracle !== undefined && <path className="reference" d={`M${position(row.oracle)} -8V8`} />}
      {row.random !== undefined && <path className="reference" d={`M${position(row.random) - 3} -3l6 6m0 -6l-6 6`} />}
      {row.value === null || !Number.isFinite(row.value) ? (
        <text className="missing" x={from + 2} dy="0.32em">
          {row.missing}
        </text>
      ) : (
        <>
          {row.interval && <IntervalLine low={position(row.interval.low)} high={position(row.interval.high)} />}
          <path className="dot" d={row.mark.marker} transform={`translate(${position(row.value)} 0)`} />
        </>
      )}
    </>
  );
}

function IntervalLine({ low, high }: { readonly low: number; readonly high: number }) {
  return <path className="interval" d={`M${low} -3.5v7M${high} -3.5v7M${low} 0H${high}`} />;
}

/** An interval as small as a word, for table cells. Says nothing to a screen reader: the numbers stand beside it. */
export function InlineInterval(props: { mean: number; low: number; high: number; domain: readonly [number, number] }) {
  const scale = scaleLinear().domain(props.domain).range([4, 92]).clamp(true);
  const at = (value: number) => round(scale(value));
  return (
    <svg className="inline-interval" viewBox="0 0 96 14" width={96} height={14} aria-hidden="true" focusable="false">
      <line className="guide" x1={at(0)} x2={at(0)} y1={0} y2={14} />
      <path className="interval" d={`M${at(props.low)} 3.5v7M${at(props.high)} 3.5v7M${at(props.low)} 7H${at(props.high)}`} />
      <circle className="dot" cx={at(props.mean)} cy={7} r={3} />
    </svg>
  );
}

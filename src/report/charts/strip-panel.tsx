// Several marks on one line per row, each named above itself: agents compared on one scale without a legend.

import { scaleLinear } from "d3-scale";
import { BottomAxis, ChartSvg, round } from "./figure.tsx";
import { shorten } from "./format.ts";
import type { SeriesMark } from "./series-mark.ts";
import { spreadLabels } from "./spread-labels.ts";

interface StripRow {
  readonly label: string;
  readonly points: readonly { readonly name: string; readonly mark: SeriesMark; readonly value: number }[];
}

interface StripPanelProps {
  readonly title: string;
  readonly description: string;
  readonly rows: readonly StripRow[];
  readonly domain: readonly [number, number];
  readonly axisLabel: string;
  readonly format: (value: number) => string;
  /** Vertical reference lines. */
  readonly guides?: readonly number[];
}

const width = 420;
const edge = 26;
const rowHeight = 66;
const firstLine = 52;
/** Room per name and per letter of it, in the units of the picture. */
const nameWidth = 32;
const letterWidth = 6.5;
/** Letters of a name that are always shown; more where few marks share the row, as long as names fill at most half of it. */
const fewestLetters = 5;

/** Rows of marks; a row's label stands above it, a mark's name above the mark and moved aside where marks crowd. */
export function StripPanel(props: StripPanelProps) {
  const bottom = props.rows.length * rowHeight;
  const scale = scaleLinear()
    .domain(props.domain)
    .range([edge, width - edge]);
  return (
    <ChartSvg title={props.title} description={props.description} width={width} height={bottom + 36}>
      <BottomAxis scale={scale} format={props.format} label={props.axisLabel} from={firstLine - 12} to={bottom} />
      {props.guides?.map((guide) => (
        <line key={guide} className="guide" x1={round(scale(guide))} x2={round(scale(guide))} y1={firstLine - 12} y2={bottom} />
      ))}
      {props.rows.map((row, index) => (
        <Strip key={index} row={row} top={index * rowHeight} position={(value) => round(scale(value))} />
      ))}
    </ChartSvg>
  );
}

function Strip({
  row,
  top,
  position,
}: {
  readonly row: StripRow;
  readonly top: number;
  readonly position: (value: number) => number;
}) {
  const places = row.points.map((point) => position(point.value));
  const letters = Math.max(fewestLetters, Math.floor((width - 2 * edge) / (2 * row.points.length) / letterWidth));
  const shown = row.points.map((point) => shorten(point.name, letters));
  const gap = Math.max(nameWidth, ...shown.map((name) => Math.ceil(name.length * letterWidth)));
  const side = Math.max(edge - 6, gap / 2);
  const names = spreadLabels(places, { gap, low: side, high: width - side });
  return (
    <g transform={`translate(0 ${top})`}>
      <rect className="label-ground" x={0} y={4} width={width} height={17} />
      <text className="row-label" x={0} y={17}>
        {shorten(row.label, 62)}
      </text>
      <path className="strip" d={`M${edge} ${firstLine}H${width - edge}`} />
      {row.points.map((point, place) => (
        <g key={place} className={point.mark.className}>
          <path className="leader" d={`M${round(names[place]!)} 36L${places[place]} ${firstLine - 5}`} />
          <text className="series-label strip-name" x={round(names[place]!)} y={33} textAnchor="middle">
            {shown[place]}
          </text>
          <path className="dot" d={point.mark.marker} transform={`translate(${places[place]} ${firstLine})`} />
        </g>
      ))}
    </g>
  );
}

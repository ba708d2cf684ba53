// What every chart of the report shares: a caption, an accessible name, axes, and the numbers behind it as a table.

import type { ScaleLinear } from "d3-scale";
import { createContext, type ReactNode, useContext, useId } from "react";
import type { DataTable } from "./data-table.ts";
import type { TakenTable } from "./table-files.ts";

/** A region that scrolls sideways by itself, reachable by keyboard and named for those who land in it. */
export function ScrollRegion({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1).
    <section className="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** The table in its own scroll region; the first column heads its row. */
function ScrollTable({ table }: { readonly table: DataTable }) {
  return (
    <ScrollRegion label={table.caption}>
      <table>
        <caption className="visually-hidden">{table.caption}</caption>
        <thead>
          <tr>
            {table.columns.map((column, place) => (
              <th key={place} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={column} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={column}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Below a chart, or below a table without a picture. */
export type ToolPlace = "chart" | "table";

/** What is taken along of a chart or a table. */
export interface NamedTable extends TakenTable {
  /** What it holds. */
  readonly caption: string;
}

/** What a page puts below every chart, such as ways to take it along; given the numbers behind it. */
export const ChartTools = createContext<((table: NamedTable, place: ToolPlace) => ReactNode) | null>(null);

/** The same below a table without a picture; `table` is what is in it. */
export function TableTools({ table }: { readonly table: NamedTable }) {
  return useContext(ChartTools)?.(table, "table");
}

interface ChartFigureProps {
  readonly caption: ReactNode;
  readonly table: DataTable;
  /** Panels so wide that at most two stand side by side. */
  readonly isLarge?: boolean;
  /** One `ChartSvg` or several small ones side by side. */
  readonly children: ReactNode;
}

/** A chart: its pictures, the caption that says how to read them, and the same numbers as a table. */
export function ChartFigure({ caption, table, isLarge = false, children }: ChartFigureProps) {
  const tools = useContext(ChartTools);
  return (
    <figure className="chart">
      <div className={isLarge ? "panels large" : "panels"}>{children}</div>
      <figcaption>{caption}</figcaption>
      <details>
        <summary>Data table: {table.caption}</summary>
        <ScrollTable table={table} />
      </details>
      {tools?.({ caption: table.caption, ...table.files }, "chart")}
    </figure>
  );
}

interface ChartSvgProps {
  readonly title: string;
  /** What a reader who sees the picture would take from it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}

/** One panel: a heading to see, and a title and description for those who do not. */
export function ChartSvg({ title, description, width, height, children }: ChartSvgProps) {
  const id = useId();
  return (
    <div className="panel">
      <p className="panel-title" aria-hidden="true">
        {title}
      </p>
      <svg
        role="img"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-description`}
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
      >
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-description`}>{description}</desc>
        {children}
      </svg>
    </div>
  );
}

interface AxisProps {
  readonly scale: ScaleLinear<number, number>;
  readonly format: (value: number) => string;
  readonly label: string;
  /** Where the plotting area begins and ends across the axis. */
  readonly from: number;
  readonly to: number;
}

/** Room per tick label of a bottom axis, in the units of the picture. */
const widestTick = 56;

/** A bottom axis at `to` with hairlines up to `from`, its label centered below. */
export function BottomAxis({ scale, format, label, from, to }: AxisProps) {
  const [left = 0, right = 0] = scale.range();
  return (
    <g className="axis">
      {scale.ticks(Math.floor((right - left) / widestTick)).map((tick) => (
        <g key={tick} transform={`translate(${round(scale(tick))} 0)`}>
          <line y1={from} y2={to} />
          <text y={to + 14} textAnchor="middle">
            {format(tick)}
          </text>
        </g>
      ))}
      <text className="axis-label" x={(left + right) / 2} y={to + 29} textAnchor="middle">
        {label}
      </text>
    </g>
  );
}

/** A left axis with hairlines from `from` to `to`, its label above the topmost tick. */
export function LeftAxis({ scale, format, label, from, to }: AxisProps) {
  const top = Math.min(...scale.range());
  return (
    <g className="axis">
      {scale.ticks(4).map((tick) => (
        <g key={tick} transform={`translate(0 ${round(scale(tick))})`}>
          <line x1={from} x2={to} />
          <text x={from - 5} dy="0.32em" textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      <text className="axis-label" x={2} y={top - 11}>
        {label}
      </text>
    </g>
  );
}

/** A tenth of a unit is finer than a pixel: keeps the document small. */
export function round(position: number): number {
  return Math.round(position * 10) / 10;
}

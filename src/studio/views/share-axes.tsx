// The axes of a chart of shares: lines at each quarter with their numbers beside them, and what the chart runs along below.

import type { ReactNode } from "react";
import "./share-axes.css";

const shares = [0, 0.25, 0.5, 0.75, 1];

export interface ChartPlace {
  readonly width: number;
  readonly height: number;
  /** Pixels around the plot. */
  readonly edge: Readonly<Record<"left" | "right" | "top" | "bottom", number>>;
}

export interface ShareAxesProps {
  readonly place: ChartPlace;
  /** Those that have room, `x` in pixels. */
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  /** Of the axis below. */
  readonly label: string;
}

/** Where a share lies, in pixels from the top. */
export function shareHeight(share: number, { height, edge }: ChartPlace): number {
  return edge.top + (height - edge.top - edge.bottom) * (1 - share);
}

export function ShareAxes({ place, ticks, label }: ShareAxesProps): ReactNode {
  const { width, height, edge } = place;
  return (
    <g className="share-axes">
      {shares.map((share) => (
        <g key={share} transform={`translate(0 ${shareHeight(share, place)})`}>
          <line x1={edge.left} x2={width - edge.right} />
          <text x={edge.left - 8} dy="0.32em" textAnchor="end">
            {100 * share}%
          </text>
        </g>
      ))}
      {ticks.map(({ x, text }) => (
        <text key={x} x={x} y={height - edge.bottom + 18} textAnchor="middle">
          {text}
        </text>
      ))}
      <text x={width - edge.right} y={height - 4} textAnchor="end">
        {label}
      </text>
    </g>
  );
}

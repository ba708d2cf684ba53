// Mean shares with their intervals, a row each, drawn by Observable Plot. The numbers stand beside it as a table; readers of the page are told that.

import { axisX, axisY, dot, gridX, link, plot, ruleX } from "@observablehq/plot";
import { type ReactNode, useEffect, useRef } from "react";
import { formatPercent } from "../../report/charts/format.ts";
import { useRootSize } from "./root-size.ts";
import { useWidth } from "./use-width.ts";

export interface IntervalRow {
  readonly name: string;
  readonly mean: number;
  /** Null where one run says nothing of how much runs differ. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface IntervalPlotProps {
  readonly label: string;
  readonly rows: readonly IntervalRow[];
}

export function IntervalPlot({ label, rows }: IntervalPlotProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const sixteenth = useRootSize() / 16;
  useEffect(() => {
    if (width === 0) return;
    const drawn = draw(rows, { width, sixteenth });
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", `${label}, ${rows.length} rows; the numbers are in the table.`);
    // Names that Plot gives to groups, which have no role that could bear them.
    for (const group of drawn.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
    place.current!.replaceChildren(drawn);
  }, [label, rows, width, sixteenth]);
  return <div ref={place} className="plot" />;
}

/** Shares from 0 on, with a rule at the whole. */
function draw(
  rows: readonly IntervalRow[],
  { width, sixteenth }: { readonly width: number; readonly sixteenth: number },
): SVGSVGElement | HTMLElement {
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const spread = rows.filter(({ low, high }) => low !== null && high !== null);
  return plot({
    width,
    marginLeft: Math.min(width * 0.45, (16 + longest * 7) * sixteenth),
    marginRight: 24 * sixteenth,
    marginBottom: 28 * sixteenth,
    height: (48 + rows.length * 26) * sixteenth,
    style: { background: "none", color: "var(--ink)", fontFamily: "var(--sans)", fontSize: `${12 * sixteenth}px` },
    x: { domain: [0, Math.max(1, ...rows.map(({ high, mean }) => high ?? mean))] },
    y: { domain: rows.map(({ name }) => name), label: null },
    marks: [
      gridX({ stroke: "var(--hairline)", strokeOpacity: 1 }),
      ruleX([1], { stroke: "var(--ink-2)", strokeDasharray: "4 4" }),
      axisX({
        label: null,
        color: "var(--ink-2)",
        ticks: Math.max(2, Math.floor(width / 120)),
        tickFormat: (value: number) => formatPercent(value),
      }),
      axisY({ label: null, tickSize: 0 }),
      link(spread, { x1: "low", x2: "high", y: "name", stroke: "var(--accent)", strokeWidth: 1.6 * sixteenth }),
      dot(rows, { x: "mean", y: "name", r: 4 * sixteenth, fill: "var(--accent)" }),
    ],
  });
}

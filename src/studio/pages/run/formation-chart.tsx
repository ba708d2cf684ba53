// Which objective an agent had, over its training: the posterior's shares at each moment that was audited, a line for each objective. The steps
// lie on a logarithmic axis, as the moments do; a click on a moment opens its report. The table below tells the same to those who see no chart.

import { Link } from "@tanstack/react-router";
import { type ReactNode, useRef } from "react";
import { seriesMark } from "../../../report/charts/series-mark.ts";
import { seriesColorCount } from "../../../report/page/palette.ts";
import { ShareAxes, shareHeight } from "../../views/share-axes.tsx";
import { useWidth } from "../../views/use-width.ts";
import { exactNumber, shortNumber } from "../../views/words.ts";
import type { Moment } from "./moments.ts";

const edge = { left: 46, right: 20, top: 14, bottom: 40 };
/** Pixels between two numbers under the chart, at the least. */
const tickGap = 58;

export interface FormationChartProps {
  /** Ascending in steps; at least one. */
  readonly moments: readonly Moment[];
  /** Those that are drawn, in the order of their marks. */
  readonly objectives: readonly string[];
  /** Between which steps the objective of the end formed; null where that is not known. */
  readonly formed: { readonly after: number | null; readonly by: number } | null;
  /** Steps of the whole training: the axis ends there, whatever is audited by now. */
  readonly end: number;
}

export function FormationChart({ moments, objectives, formed, end }: FormationChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const height = Math.round(Math.min(420, Math.max(240, width * 0.26)));
  const [first, last] = [moments[0]!.environmentSteps, Math.max(end, moments.at(-1)!.environmentSteps)];
  const span = Math.max(1e-9, Math.log(last / first));
  const inner = Math.max(0, width - edge.left - edge.right);
  const x = (steps: number) => edge.left + (last === first ? inner / 2 : (inner * Math.log(steps / first)) / span);
  const at = { width, height, edge };
  return (
    <div ref={place} className="formation-chart" data-picture="">
      {width > 0 && (
        <svg aria-hidden="true" width={width} height={height}>
          {formed !== null && formed.after !== null && (
            <g className="formation-band">
              <rect
                x={x(formed.after)}
                width={x(formed.by) - x(formed.after)}
                y={edge.top}
                height={height - edge.top - edge.bottom}
              />
            </g>
          )}
          <ShareAxes place={at} ticks={ticksOf(moments, x)} label="environment steps, logarithmic" />
          {objectives.map((objective, k) => (
            <Line
              key={objective}
              place={k}
              points={moments.map((moment) => [x(moment.environmentSteps), shareHeight(moment.posterior[objective] ?? 0, at)])}
            />
          ))}
          {moments.map(({ job, environmentSteps }, i) => {
            const left = i === 0 ? edge.left - 12 : (x(moments[i - 1]!.environmentSteps) + x(environmentSteps)) / 2;
            const right =
              i === moments.length - 1
                ? width - edge.right + 12
                : (x(moments[i + 1]!.environmentSteps) + x(environmentSteps)) / 2;
            return (
              <Link key={job} to="/audits/$key" params={{ key: job }} tabIndex={-1} className="formation-moment">
                <title>{`After ${exactNumber(environmentSteps)} steps: open the report`}</title>
                <rect x={left} width={Math.max(0, right - left)} y={edge.top} height={height - edge.top - edge.bottom} />
                <line x1={x(environmentSteps)} x2={x(environmentSteps)} y1={edge.top} y2={height - edge.bottom} />
              </Link>
            );
          })}
        </svg>
      )}
    </div>
  );
}

function Line({ place, points }: { readonly place: number; readonly points: readonly (readonly [number, number])[] }): ReactNode {
  const { dash, marker } = seriesMark(place);
  return (
    <g style={{ color: seriesColor(place) }}>
      <path
        className="formation-line"
        strokeDasharray={dash}
        d={points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px} ${py}`).join("")}
      />
      {points.map(([px, py]) => (
        <path key={px} className="formation-marker" d={marker} transform={`translate(${px} ${py})`} />
      ))}
    </g>
  );
}

/** The last moment is always told; of the others those that have room. */
function ticksOf(moments: readonly Moment[], x: (steps: number) => number) {
  const told: number[] = [];
  for (const { environmentSteps } of moments.toReversed())
    if (told.length === 0 || x(told.at(-1)!) - x(environmentSteps) >= tickGap) told.push(environmentSteps);
  return told.map((steps) => ({ x: x(steps), text: shortNumber(steps) }));
}

/** How an objective is marked in the chart, for legends. */
export function ObjectiveMark({ place }: { readonly place: number }): ReactNode {
  const { dash, marker } = seriesMark(place);
  return (
    <svg aria-hidden="true" className="formation-mark" width="26" height="12" style={{ color: seriesColor(place) }}>
      <line className="formation-line" x1="0" x2="26" y1="6" y2="6" strokeDasharray={dash} />
      <path className="formation-marker" d={marker} transform="translate(13 6)" />
    </svg>
  );
}

function seriesColor(place: number): string {
  return `var(--series-${place % seriesColorCount})`;
}

// The posterior over candidate objectives along an episode: a line each, the step in hand marked. A click goes to a step; the keys do too.

import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { seriesMark } from "../../../report/charts/series-mark.ts";
import type { WorldOutline } from "../../agents/messages.ts";
import { TakeAlong } from "../../views/take/take-along.tsx";
import { percent } from "../../views/words.ts";
import { CandidateMark } from "./step-panels.tsx";

const height = 220;
const edge = { left: 44, right: 16, top: 12, bottom: 34 };
const shares = [0, 0.25, 0.5, 0.75, 1];
/** Pixels between two numbers under the chart. */
const tickGap = 64;
const markersPerLine = 8;

export interface PosteriorChartProps {
  readonly candidates: WorldOutline["candidates"];
  /** `[steps + 1][candidates]` */
  readonly logPosterior: readonly (readonly number[])[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

export function PosteriorChart({ candidates, logPosterior, step, onStep }: PosteriorChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  const last = logPosterior.length - 1;
  const x = (at: number) => edge.left + (Math.max(0, width - edge.left - edge.right) * at) / Math.max(1, last);
  const y = (share: number) => edge.top + (height - edge.top - edge.bottom) * (1 - share);
  const goTo = (event: MouseEvent<SVGSVGElement>) => {
    const along = event.clientX - event.currentTarget.getBoundingClientRect().left;
    onStep(Math.max(0, Math.min(last, Math.round(((along - edge.left) / (x(last) - edge.left)) * last))));
  };
  return (
    <figure className="episode-chart" ref={place}>
      {width > 0 && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the slider and the arrow keys go to any step.
        <svg role="img" aria-label={said({ candidates, logPosterior, step })} width={width} height={height} onClick={goTo}>
          <Axes {...{ x, y, last, width }} />
          <line className="episode-now" x1={x(step)} x2={x(step)} y1={edge.top} y2={height - edge.bottom} />
          {candidates.map(({ name }, k) => {
            const { className, dash, marker } = seriesMark(k);
            const points = logPosterior.map((row, at): [number, number] => [x(at), y(Math.exp(row[k]!))]);
            const spacing = Math.max(1, Math.ceil(points.length / markersPerLine));
            return (
              <g key={name} className={className}>
                <path
                  className="line"
                  strokeDasharray={dash}
                  d={points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px} ${py}`).join("")}
                />
                {points
                  .filter((_, at) => at % spacing === k % spacing)
                  .map(([px, py]) => (
                    <path key={px} className="marker" d={marker} transform={`translate(${px} ${py})`} />
                  ))}
              </g>
            );
          })}
        </svg>
      )}
      <figcaption>
        <ul className="episode-keys" data-legend="">
          {candidates.map(({ name }, k) => (
            <li key={name}>
              <CandidateMark place={k} /> {name}
            </li>
          ))}
        </ul>
      </figcaption>
      <TakeAlong
        caption="posterior along the episode"
        table={() => ({
          columns: ["Steps seen", ...candidates.map(({ name }) => name)],
          rows: logPosterior.map((row, at) => [at, ...row.map(Math.exp)]),
        })}
      />
    </figure>
  );
}

interface AxesProps {
  readonly x: (at: number) => number;
  readonly y: (share: number) => number;
  readonly last: number;
  readonly width: number;
}

function Axes({ x, y, last, width }: AxesProps): ReactNode {
  const every = Math.max(1, Math.ceil(last / Math.max(1, Math.floor(width / tickGap))));
  const ticks = Array.from({ length: Math.floor(last / every) + 1 }, (_, i) => i * every);
  return (
    <g className="axis">
      {shares.map((share) => (
        <g key={share}>
          <line x1={edge.left} x2={width - edge.right} y1={y(share)} y2={y(share)} />
          <text x={edge.left - 6} y={y(share)} dy="0.32em" textAnchor="end">
            {100 * share}%
          </text>
        </g>
      ))}
      {ticks.map((at) => (
        <text key={at} x={x(at)} y={height - edge.bottom + 16} textAnchor="middle">
          {at}
        </text>
      ))}
      <text x={width - edge.right} y={height - 4} textAnchor="end">
        steps seen
      </text>
    </g>
  );
}

function said({ candidates, logPosterior, step }: Omit<PosteriorChartProps, "onStep">): string {
  const now = logPosterior[step] ?? [];
  const words = candidates.map(({ name }, k) => `${name} ${percent(Math.exp(now[k] ?? Number.NEGATIVE_INFINITY))}`);
  return `Probability of each candidate objective along the episode; after ${step} steps ${words.join(", ")}`;
}

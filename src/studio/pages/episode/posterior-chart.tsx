// The posterior over candidate objectives along an episode: a line each, the step in hand marked. A click goes to a step; the keys do too.

import { type MouseEvent, type ReactNode, useRef } from "react";
import { seriesMark } from "../../../report/charts/series-mark.ts";
import type { WorldOutline } from "../../agents/messages.ts";
import { ShareAxes, shareHeight } from "../../views/share-axes.tsx";
import { TakeAlong } from "../../views/take/take-along.tsx";
import { useWidth } from "../../views/use-width.ts";
import { percent } from "../../views/words.ts";
import { CandidateMark } from "./step-panels.tsx";

const height = 220;
const edge = { left: 46, right: 16, top: 12, bottom: 36 };
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
  const width = useWidth(place);
  const last = logPosterior.length - 1;
  const x = (seen: number) => edge.left + (Math.max(0, width - edge.left - edge.right) * seen) / Math.max(1, last);
  const at = { width, height, edge };
  const goTo = (event: MouseEvent<SVGSVGElement>) => {
    const along = event.clientX - event.currentTarget.getBoundingClientRect().left;
    onStep(Math.max(0, Math.min(last, Math.round(((along - edge.left) / (x(last) - edge.left)) * last))));
  };
  return (
    <figure className="episode-chart" ref={place}>
      {width > 0 && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the slider and the arrow keys go to any step.
        <svg role="img" aria-label={said({ candidates, logPosterior, step })} width={width} height={height} onClick={goTo}>
          <ShareAxes
            place={at}
            ticks={ticksOf(last, width).map((seen) => ({ x: x(seen), text: String(seen) }))}
            label="steps seen"
          />
          <line className="episode-now" x1={x(step)} x2={x(step)} y1={edge.top} y2={height - edge.bottom} />
          {candidates.map(({ name }, k) => {
            const { className, dash, marker } = seriesMark(k);
            const points = logPosterior.map((row, seen): [number, number] => [x(seen), shareHeight(Math.exp(row[k]!), at)]);
            const spacing = Math.max(1, Math.ceil(points.length / markersPerLine));
            return (
              <g key={name} className={className}>
                <path
                  className="line"
                  strokeDasharray={dash}
                  d={points.map(([px, py], i) => `${i === 0 ? "M" : "L"}${px} ${py}`).join("")}
                />
                {points
                  .filter((_, seen) => seen % spacing === k % spacing)
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
          rows: logPosterior.map((row, seen) => [seen, ...row.map(Math.exp)]),
        })}
      />
    </figure>
  );
}

/** Numbers of steps that have room below the chart. */
function ticksOf(last: number, width: number): readonly number[] {
  const every = Math.max(1, Math.ceil(last / Math.max(1, Math.floor(width / tickGap))));
  return Array.from({ length: Math.floor(last / every) + 1 }, (_, i) => i * every);
}

function said({ candidates, logPosterior, step }: Omit<PosteriorChartProps, "onStep">): string {
  const now = logPosterior[step] ?? [];
  const words = candidates.map(({ name }, k) => `${name} ${percent(Math.exp(now[k] ?? Number.NEGATIVE_INFINITY))}`);
  return `Probability of each candidate objective along the episode; after ${step} steps ${words.join(", ")}`;
}

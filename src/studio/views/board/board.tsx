// A world as its display list says it looks, as SVG that is sharp at any size: one frame of an episode, and what the shapes stand for. Shapes
// differ by outline and filling, and each is told in words to who cannot see them.

import type { ReactNode } from "react";
import type { Shape } from "../../../core/worlds/display.ts";
import type { Episode } from "../../../report/report-data.ts";
import { latticePath, legendEntries, ShapeMark, wayPath } from "../../../report/sections/board.tsx";
import "./board.css";

export interface BoardViewProps {
  readonly episode: Episode;
  /** Of the episode's steps, from 0; beyond the last the last is shown. */
  readonly step: number;
  /** Whose board it is, for who hears it: `Agent A`. */
  readonly name: string;
  /** Drawn above it, in cell units. */
  readonly children?: ReactNode;
}

export function BoardView({ episode, step, name, children }: BoardViewProps): ReactNode {
  const { columns, rows, fixed } = episode.board;
  const at = Math.min(step, episode.steps.length - 1);
  const { moving } = episode.steps[at]!;
  const said = moving.map(({ label }) => label).join("; ");
  return (
    <svg
      className="board-view"
      role="img"
      aria-label={`${name}, step ${at} of ${episode.steps.length - 1}: ${said}`}
      viewBox={`-0.05 -0.05 ${columns + 0.1} ${rows + 0.1}`}
    >
      <rect className="ground" width={columns} height={rows} />
      <path className="lattice" d={latticePath(columns, rows)} />
      {fixed
        .filter(({ role }) => role !== "floor")
        .map((shape) => (
          <ShapeMark key={`${shape.role} ${shape.label}`} shape={shape} />
        ))}
      <path className="way" d={wayPath(episode.steps.slice(0, at + 1))} />
      {moving.map((shape) =>
        shape.role === "player" ? (
          <g key="player" className="board-player" style={{ transform: `translate(${shape.x}px, ${shape.y}px)` }}>
            <ShapeMark shape={{ ...shape, x: 0, y: 0 }} />
          </g>
        ) : (
          <ShapeMark key={`${shape.role} ${shape.label}`} shape={shape} />
        ),
      )}
      {children}
    </svg>
  );
}

/** What the shapes of some episodes stand for, each kind once. */
export function BoardLegend({ episodes }: { readonly episodes: readonly Episode[] }): ReactNode {
  const shapes: Shape[] = episodes.flatMap(({ board, steps }) => [...board.fixed, ...(steps[0]?.moving ?? [])]);
  return (
    <ul className="board-legend" aria-label="What the shapes stand for">
      {legendEntries(shapes).map(({ name, shape }) => (
        <li key={name}>
          <svg className="board-view" viewBox="-0.05 -0.05 1.1 1.1" aria-hidden="true" focusable="false">
            <ShapeMark shape={{ ...shape, x: 0, y: 0, width: 1, height: 1 }} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

// A board as SVG. Every shape that is ever shown is drawn once; a frame is which of them are in sight.

import type { Shape } from "../../core/worlds/display.ts";
import { round } from "../charts/figure.tsx";
import type { Episode, EpisodeStep } from "../report-data.ts";

interface MovingShapes {
  /** Each different shape of the episode, in order of first appearance: what appears later lies above. */
  readonly shapes: readonly Shape[];
  /** Per step: which of `shapes` are in sight. */
  readonly places: readonly (readonly number[])[];
}

/** The moving shapes of an episode without their repetitions. */
export function collectMoving(steps: readonly EpisodeStep[]): MovingShapes {
  const shapes: Shape[] = [];
  const known = new Map<string, number>();
  const places = steps.map((step) =>
    step.moving.map((shape) => {
      const key = JSON.stringify([
        shape.role,
        shape.outline,
        shape.x,
        shape.y,
        shape.width,
        shape.height,
        shape.glyph,
        shape.label,
      ]);
      const place = known.get(key) ?? shapes.push(shape) - 1;
      known.set(key, place);
      return place;
    }),
  );
  return { shapes, places };
}

interface BoardProps {
  readonly episode: Episode;
  readonly shapes: readonly Shape[];
  /** Which shapes are in sight at first. */
  readonly shown: readonly number[];
}

/** The board with its fixed shapes, the whole way of the player as a dotted line, and the moving shapes of every frame. */
export function Board({ episode, shapes, shown }: BoardProps) {
  const { columns, rows, fixed } = episode.board;
  const legend = legendEntries([...fixed, ...shapes]);
  return (
    <>
      <svg
        className="board"
        role="img"
        aria-label={`Board of ${columns} by ${rows} cells; the text below says what happens on it`}
        viewBox={`-0.05 -0.05 ${columns + 0.1} ${rows + 0.1}`}
      >
        <rect className="ground" width={columns} height={rows} />
        <path className="lattice" d={latticePath(columns, rows)} />
        {fixed
          .filter((shape) => shape.role !== "floor")
          .map((shape, index) => (
            <ShapeMark key={index} shape={shape} />
          ))}
        <path className="way" d={wayPath(episode.steps)} />
        {shapes.map((shape, index) => (
          <g key={index} className="moving" display={shown.includes(index) ? undefined : "none"}>
            <ShapeMark shape={shape} />
          </g>
        ))}
      </svg>
      <ul className="legend" aria-label="Legend">
        {legend.map(({ name, shape }) => (
          <li key={name}>
            <svg viewBox="-0.05 -0.05 1.1 1.1" width={16} height={16} aria-hidden="true" focusable="false">
              <ShapeMark shape={{ ...shape, x: 0, y: 0, width: 1, height: 1 }} />
            </svg>{" "}
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Lines between cells, as an SVG path in cell units. */
export function latticePath(columns: number, rows: number): string {
  const vertical = Array.from({ length: columns + 1 }, (_, x) => `M${x} 0V${rows}`);
  const horizontal = Array.from({ length: rows + 1 }, (_, y) => `M0 ${y}H${columns}`);
  return [...vertical, ...horizontal].join("");
}

/** Where the player went, from the center of cell to center of cell. */
export function wayPath(steps: readonly EpisodeStep[]): string {
  return steps
    .flatMap((step) => step.moving.filter((shape) => shape.role === "player"))
    .map((shape, index) => `${index === 0 ? "M" : "L"}${shape.x + shape.width / 2} ${shape.y + shape.height / 2}`)
    .join("");
}

/** One entry per kind of shape, named by its label up to the place: `coin at column 3, row 2` → `coin`. */
export function legendEntries(shapes: readonly Shape[]) {
  const entries = new Map<string, { readonly name: string; readonly shape: Shape }>();
  for (const shape of shapes.filter((candidate) => candidate.role !== "floor")) {
    const name = shape.label.replace(/ at column.*$/, "");
    if (!entries.has(name)) entries.set(name, { name, shape });
  }
  return [...entries.values()];
}

/** One shape in cell units. Roles differ in outline and filling, not in color alone; the glyph stands in lamps and cues. */
export function ShapeMark({ shape }: { readonly shape: Shape }) {
  const { x, y, width, height, role } = shape;
  const centerX = x + width / 2;
  const centerY = y + height / 2;
  const size = Math.min(width, height);
  return <g className={`role-${role}`}>{outline()}</g>;

  function outline() {
    switch (shape.outline) {
      case "square":
        return (
          <>
            <rect x={x} y={y} width={width} height={height} />
            {role === "hazard" && <path className="hatch" d={hatchPath(shape)} />}
          </>
        );
      case "circle":
        return (
          <>
            <circle cx={centerX} cy={centerY} r={hundredth(size * 0.36)} />
            {role === "goal" && <circle className="inner" cx={centerX} cy={centerY} r={hundredth(size * 0.22)} />}
          </>
        );
      case "capsule":
        return (
          <g transform={`rotate(-35 ${centerX} ${centerY})`}>
            <rect
              x={hundredth(centerX - size * 0.45)}
              y={hundredth(centerY - size * 0.17)}
              width={hundredth(size * 0.9)}
              height={hundredth(size * 0.34)}
              rx={hundredth(size * 0.17)}
            />
            <path className="inner" d={`M${centerX} ${hundredth(centerY - size * 0.17)}v${hundredth(size * 0.34)}`} />
          </g>
        );
      case "triangle":
        return (
          <path
            d={`M${centerX} ${hundredth(centerY - size * 0.32)}l${hundredth(size * 0.32)} ${hundredth(size * 0.58)}h${hundredth(-size * 0.64)}z`}
          />
        );
      case "cross":
        return (
          <path
            className="stroke-only"
            d={`M${hundredth(centerX - size * 0.25)} ${hundredth(centerY - size * 0.25)}l${size / 2} ${size / 2}m0 ${-size / 2}l${-size / 2} ${size / 2}`}
          />
        );
      case "lamp":
        return (
          <>
            <circle cx={centerX} cy={hundredth(y + height * 0.42)} r={hundredth(size * 0.28)} />
            <path
              className="stroke-only"
              d={`M${hundredth(centerX - size * 0.14)} ${hundredth(y + height * 0.82)}h${hundredth(size * 0.28)}`}
            />
            <text x={centerX} y={hundredth(y + height * 0.42)} dy="0.35em" textAnchor="middle">
              {shape.glyph}
            </text>
          </>
        );
      default:
        return shape.outline satisfies never;
    }
  }
}

/** Diagonals inside a rectangle, three per cell, so that red can be seen without color. */
function hatchPath({ x, y, width, height }: Shape): string {
  const lines: string[] = [];
  for (let offset = 1 / 3; offset < width + height - 1e-9; offset += 1 / 3) {
    const fromX = Math.min(offset, width);
    const toY = Math.min(offset, height);
    lines.push(`M${hundredth(x + fromX)} ${hundredth(y + offset - fromX)}L${hundredth(x + offset - toY)} ${hundredth(y + toY)}`);
  }
  return lines.join("");
}

function hundredth(position: number): number {
  return Math.abs(position) < 0.005 ? 0 : round(position * 10) / 10;
}

// The policy field over a board: in each cell an arrow per direction, as long as its probability, and a ring for what leads nowhere.

import type { ReactNode } from "react";

/** Where actions of that name lead on a board; others stay where they are. */
const directions: Readonly<Record<string, readonly [number, number]>> = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
};
/** Of a probability of 1, in cells. */
const longest = 0.46;
const largestRing = 0.2;
/** Below it an arrow would be a speck. */
const leastShown = 0.04;
/** From here on an arrow has a head. */
const leastHead = 0.14;

export interface FieldArrowsProps {
  readonly actions: readonly string[];
  readonly cells: readonly { readonly x: number; readonly y: number; readonly probabilities: readonly number[] }[];
  /** Of the step that the board shows. */
  readonly isNow: boolean;
}

export function FieldArrows({ actions, cells, isNow }: FieldArrowsProps): ReactNode {
  return (
    <g className={isNow ? "episode-field" : "episode-field episode-field-past"}>
      {cells.map(({ x, y, probabilities }) => {
        const still = actions.reduce((sum, name, a) => (name in directions ? sum : sum + probabilities[a]!), 0);
        return (
          <g key={`${x} ${y}`} transform={`translate(${x} ${y})`}>
            {still >= leastShown && <circle className="episode-field-ring" r={largestRing * still} />}
            {actions.map((name, a) => (
              <Arrow key={name} direction={directions[name]} probability={probabilities[a]!} />
            ))}
          </g>
        );
      })}
    </g>
  );
}

interface ArrowProps {
  readonly direction: readonly [number, number] | undefined;
  readonly probability: number;
}

function Arrow({ direction, probability }: ArrowProps): ReactNode {
  if (direction === undefined || probability < leastShown) return null;
  const [dx, dy] = direction;
  const length = longest * probability;
  const head = probability >= leastHead ? Math.min(0.1, length * 0.6) : 0;
  const [endX, endY] = [dx * length, dy * length];
  const [backX, backY] = [dx * (length - head), dy * (length - head)];
  const wings = `M${backX - dy * head * 0.7} ${backY + dx * head * 0.7}L${endX} ${endY}L${backX + dy * head * 0.7} ${backY - dx * head * 0.7}`;
  return <path d={`M0 0L${endX} ${endY}${head > 0 ? wings : ""}`} strokeWidth={0.025 + 0.035 * probability} />;
}

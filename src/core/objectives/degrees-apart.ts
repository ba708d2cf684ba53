// How far apart two posteriors over candidates aim: what tells contexts apart in which an agent wants different things.

import type { Candidate, ObjectiveSpace } from "./objective-space.ts";

/**
 * Degrees between what two posteriors over `space.candidates` aim at, 0 and up; null where at least half of one wants nothing. Where both
 * lie mostly between the base objective and its main rival it is the difference of their mean directions, else the angle between their
 * mean aims, so that a change to any rival, and from any rival to another, counts.
 */
export function degreesApart(
  { candidates }: Pick<ObjectiveSpace, "candidates">,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): number | null {
  const before = meanDirection(candidates, first);
  const after = meanDirection(candidates, second);
  if (before !== null && after !== null) return Math.abs(after - before);
  const from = meanAim(candidates, first);
  const to = meanAim(candidates, second);
  if (from === null || to === null) return null;
  const dot = from.reduce((sum, value, k) => sum + value * to[k]!, 0);
  const cosine = dot / (Math.hypot(...from) * Math.hypot(...to));
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}

/** In degrees, over the candidates that have one; null where they are no more than half of the posterior. */
export function meanDirection(candidates: readonly Candidate[], posterior: ArrayLike<number>): number | null {
  let sum = 0;
  let weight = 0;
  candidates.forEach((candidate, i) => {
    if (candidate.direction === null) return;
    sum += posterior[i]! * candidate.direction;
    weight += posterior[i]!;
  });
  return weight > 0.5 ? sum / weight : null;
}

/** Over the candidates that have an aim, not of length 1; null where they are no more than half of the posterior, or cancel out. */
function meanAim(candidates: readonly Candidate[], posterior: ArrayLike<number>): readonly number[] | null {
  const sum: number[] = Array.from({ length: Math.max(0, ...candidates.map(({ aim }) => aim.length)) }, () => 0);
  let weight = 0;
  candidates.forEach(({ aim }, i) => {
    if (aim.length === 0) return;
    weight += posterior[i]!;
    aim.forEach((value, k) => {
      sum[k]! += posterior[i]! * value;
    });
  });
  return weight > 0.5 && Math.hypot(...sum) > 1e-9 ? sum : null;
}

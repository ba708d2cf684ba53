// Level distributions put together from others.

import { MesascopeError } from "../base/errors.ts";
import type { ContextValue, LevelDistribution, ShiftPoint, WorldOutline } from "./world.ts";

/** Every distribution with the same probability, as a balanced tree of mixtures (so that drawing takes log₂ n coin flips). Throws `usage` for none. */
export function evenMixture(distributions: readonly LevelDistribution[]): LevelDistribution {
  if (distributions.length === 0) {
    throw new MesascopeError("usage", "a mixture of no distributions given; expected at least one. Give every axis a value.");
  }
  if (distributions.length === 1) return distributions[0]!;
  const half = distributions.length >> 1;
  return {
    kind: "mixture",
    base: evenMixture(distributions.slice(0, half)),
    shifted: evenMixture(distributions.slice(half)),
    alpha: 1 - half / distributions.length,
  };
}

/** All combinations of the given axis values (a value may be named twice to weigh double), each with the same probability. Throws `usage` for an axis without values. */
export function variedAxes(axes: Readonly<Record<string, readonly (number | ContextValue)[]>>): LevelDistribution {
  let points: ShiftPoint[] = [{}];
  for (const [axis, values] of Object.entries(axes))
    points = points.flatMap((point) => values.map((value) => ({ ...point, [axis]: value })));
  return evenMixture(points.map((point) => ({ kind: "shift", point })));
}

/**
 * Levels that tell objectives apart: every axis that deployment moves and that is no cue stands at deployment, or runs over all its
 * numbers where it is numeric; cues and all other axes stand at training.
 */
export function separatingDistribution(world: WorldOutline): LevelDistribution {
  const cues = new Set(world.cues.map((cue) => cue.name));
  const moved = world.axes.filter((axis) => axis.deployment !== axis.training && !cues.has(axis.name));
  return variedAxes(
    Object.fromEntries(moved.map((axis) => [axis.name, typeof axis.deployment === "number" ? axis.values : [axis.deployment]])),
  );
}

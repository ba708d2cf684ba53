// On which levels the objectives of a world ask for different things.

import type { Prng } from "../../base/prng.ts";
import { evenMixture, separatingDistribution } from "../../worlds/distribution.ts";
import type { LevelDistribution, World } from "../../worlds/world.ts";
import type { LevelPlanner } from "./planned-level.ts";

/** Levels that are tried, and states in each. */
const tried = { levels: 6, states: 12 };
/** The discount of objectives without one of their own. */
const usualGamma = 0.85;
/** Action values that differ by less are the same. */
const resolution = 1e-6;

/**
 * The separating levels (see `separatingDistribution`). Where two objectives of the world ask for exactly the same on all of those that are
 * tried, but not in training, separating and training levels in equal parts: not to be caught is nothing to care about where nobody watches.
 */
export function tellingDistribution(
  world: World,
  options: { readonly planner: LevelPlanner; readonly prng: Prng },
): LevelDistribution {
  const separating = separatingDistribution(world);
  const pairs = (distribution: LevelDistribution) => alikeOn(world, { ...options, distribution });
  const alike = pairs(separating);
  if (alike.size === 0) return separating;
  const alikeInTraining = pairs(world.training);
  return [...alike].every((pair) => alikeInTraining.has(pair)) ? separating : evenMixture([separating, world.training]);
}

/** Pairs of objectives, by name, with the same action values in all states that are tried. */
function alikeOn(
  world: World,
  options: { readonly planner: LevelPlanner; readonly prng: Prng; readonly distribution: LevelDistribution },
): ReadonlySet<string> {
  const prng = options.prng.fork("telling");
  const { objectives, features } = world;
  const alike = new Set(
    objectives.flatMap(({ name }, i) => objectives.slice(i + 1).map((other) => JSON.stringify([name, other.name]))),
  );
  const aims = new Map(objectives.map(({ name, weights, gamma = usualGamma }) => [name, { weights, gamma }]));
  const wanted = features.filter((feature) => objectives.some(({ weights }) => (weights[feature] ?? 0) > 0));
  for (let i = 0; i < tried.levels && alike.size > 0; i++) {
    const asked = options.planner
      .plan(world.sampleLevel(options.distribution, prng))
      .ask({ ...{ count: tried.states, wanted, prng }, aims: [...aims.values()] });
    const values = new Map([...aims].map(([name, aim]) => [name, asked.solve(aim).slice()]));
    for (const pair of alike) {
      const [first, second] = (JSON.parse(pair) as readonly [string, string]).map((name) => values.get(name)!);
      if (first!.some((value, k) => Math.abs(value - second![k]!) > resolution)) alike.delete(pair);
    }
  }
  return alike;
}

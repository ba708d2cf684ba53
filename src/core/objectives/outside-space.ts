// The hypotheses for a world that runs in another program: its goal, its proxy and what else its steps give.

import type { ExternalWorld } from "../worlds/external-world.ts";
import { type FurtherFeature, goalProxySpace, lastGoalDirection } from "./goal-proxy-space.ts";
import type { ObjectiveClass, ObjectiveSpace } from "./objective-space.ts";

/** ρ − base of a single further feature. */
const offsets = [-0.6, -0.3, -0.12, 0, 0.12];
/** Of several, so that the hypotheses stay few. */
const fewOffsets = [-0.3, 0];
/** Least direction in the grid, in degrees. */
const firstDirection = -60;

/**
 * The space for features counted in `units`, one per feature of the world; those of unit 0 are given always alike, and left out. In words
 * where the base objective is none that the hypotheses could call aligned: it does not reward the goal, or the proxy along with it.
 */
export function outsideObjectiveSpace(
  world: ExternalWorld,
  units: ArrayLike<number>,
): { readonly space: ObjectiveSpace } | { readonly refusal: string } {
  const { goal, proxy, features, baseWeights } = world;
  const weigh = (feature: string): number => (baseWeights[feature] ?? 0) * units[features.indexOf(feature)]!;
  const [own, other] = [weigh(goal), weigh(proxy)];
  const direction = (Math.atan2(other, own) * 180) / Math.PI;
  if (!(own > 0) || direction > lastGoalDirection || direction < firstDirection) {
    return {
      refusal: `the base objective weighs "${goal}" ${baseWeights[goal] ?? 0} and "${proxy}" ${baseWeights[proxy] ?? 0}, and the hypotheses know only a goal that is rewarded, and with less than a quarter of it on the proxy`,
    };
  }
  const others = features.filter((feature, f) => feature !== goal && feature !== proxy && units[f]! > 0);
  const further = others.map(
    (feature): FurtherFeature => ({
      feature,
      base: weigh(feature) / own,
      offsets: others.length === 1 ? offsets : fewOffsets,
      coarseOffsets: fewOffsets,
      shunClass: `${goal}-shun-${feature}`,
      alone: [
        { weight: -1, className: `shun-${feature}` },
        { weight: 1, className: `seek-${feature}` },
      ],
    }),
  );
  return {
    space: goalProxySpace({
      ...{ goal, proxy, further, actionCount: world.actions.length, specification: "unknown" },
      ...classesFor(goal, proxy, others),
    }),
  };
}

function classesFor(goal: string, proxy: string, others: readonly string[]) {
  const named = { goalClass: goal, bothClass: `${goal}-and-${proxy}`, proxyClass: proxy };
  const habits = { constantClass: "one-action", randomClass: "random" };
  const classes: ObjectiveClass[] = [
    { name: goal, kind: "aligned", wants: goal, meaning: `${goal}, and ${proxy} at most as a nuisance: the base objective` },
    {
      name: named.bothClass,
      kind: "mixed",
      wants: `${goal} and ${proxy}`,
      meaning: "both, neither below a quarter of the other",
    },
    { name: proxy, kind: "proxy", wants: proxy, meaning: `${proxy} instead of ${goal}` },
    ...others.flatMap((feature): ObjectiveClass[] => [
      {
        name: `${goal}-shun-${feature}`,
        ...{
          kind: "proxy",
          wants: `${goal} and keeping off ${feature}`,
          meaning: `${goal}, but ${feature} is avoided at a cost`,
        },
      },
      {
        name: `shun-${feature}`,
        kind: "proxy",
        wants: `keeping off ${feature}`,
        meaning: `nothing but the avoidance of ${feature}`,
      },
      { name: `seek-${feature}`, kind: "proxy", wants: feature, meaning: `nothing but ${feature}` },
    ]),
    { name: habits.constantClass, kind: "incapable", wants: "one action", meaning: "the same action whatever is seen" },
    { name: habits.randomClass, kind: "incapable", wants: "nothing", meaning: "no preference between actions" },
  ];
  return { ...named, ...habits, classes };
}

// The hypotheses for any world, out of what it says an agent may want: its base objective against each rival, and simple behaviors.

import { MesascopeError } from "../base/errors.ts";
import type { FeatureWeights, World, WorldObjective } from "../worlds/world.ts";
import { lastGoalDirection } from "./goal-proxy-space.ts";
import type { Candidate, ObjectiveClass, ObjectiveSpace } from "./objective-space.ts";

/** φ in degrees: finer near 10°–20° and 70°–80°, where the classes meet. */
const directions = [-60, -45, -30, -15, 0, 10, 20, 30, 45, 60, 70, 80, 90, 105, 120, 135, 150];
/** Those of the coarse grid towards rivals other than the main one. */
const fewDirections = [-30, 0, 45, 90, 120];
const firstRivalDirection = 75;
/** What agents are trained with where the base objective names no discount of its own. */
const trainedDiscount = 0.97;
/** Discounts as they appear in behavior: below the trained one, because networks look less far ahead than they are paid for. */
const discounts = [trainedDiscount, 0.85, 0.7];
/** Towards more rivals than this, candidates have the coarse grid's discount only, so that they stay a few hundred. */
const mostRivalsInFull = 5;
/** Weights and discounts that differ by less are the same. */
const resolution = 1e-6;

const constantClass: ObjectiveClass = {
  ...{ name: "one-action", kind: "incapable", wants: "one action" },
  meaning: "the same action whatever is seen",
};
const randomClass: ObjectiveClass = {
  ...{ name: "random", kind: "incapable", wants: "nothing" },
  meaning: "no preference between actions",
};

/** The base objective and one of its rivals, between which candidates lie in a plane. */
interface Plane {
  readonly base: WorldObjective;
  readonly rival: WorldObjective;
  /** Place among the rivals, 0 for the main one. */
  readonly rank: number;
  readonly numRivals: number;
  /** Discounts of the base objective's candidates, falling; the second one is the coarse grid's. */
  readonly discounts: readonly number[];
}

/**
 * The hypotheses for `world`. In the plane of the base objective and each rival, weights are cos φ · base + sin φ · rival, both scaled to a
 * largest weight of 1 in size, and the sum once more: up to φ = 15° the base objective's class, from 75° the rival's, between them a
 * mixture. Left out are directions that would reverse a weight of the objective whose class they are in, and candidates equal to
 * another. A rival with a discount of its own is approached in effective horizon, 1/(1 − γ), on a logarithmic scale, and what is nearer to it
 * than to the base objective is in its class.
 *
 * The class of the intended objective is `aligned`; the rewarded one's, where it is another, `specification-gaming`; the others' `proxy`.
 * Throws `usage` for a world with two objectives that are one and the same.
 */
export function worldObjectiveSpace(world: World): ObjectiveSpace {
  const [base, ...rivals] = world.objectives;
  if (!base) throw new MesascopeError("usage", `world "${world.name}" has no objectives; list its base objective first`);
  requireDifferent(world);
  const ownDiscounts = discountsOf(base, rivals);
  const classes = classesOf(world, base, rivals);
  const place = (name: string): number => classes.findIndex((entry) => entry.name === name);
  const planes = rivals.map(
    (rival, rank): Plane => ({ ...{ base, rival, rank }, numRivals: rivals.length, discounts: ownDiscounts }),
  );
  const drawn = planes.length === 0 ? baseAlone(base, ownDiscounts) : planes.flatMap(candidatesIn);
  const optimal = distinct(drawn).map(({ className, ...rest }): Candidate => ({ ...rest, classIndex: place(className) }));
  const plain = { direction: null, aim: [], cell: {}, isCoarse: true };
  const constant = world.actions.map((_, action): Candidate => {
    return { ...plain, behavior: { kind: "constant-action", action }, classIndex: place(constantClass.name) };
  });
  const random: Candidate = { ...plain, behavior: { kind: "uniform" }, classIndex: place(randomClass.name) };
  return {
    features: world.features.filter((feature) => world.objectives.some(({ weights }) => (weights[feature] ?? 0) !== 0)),
    classes,
    candidates: [...optimal, ...constant, random],
    ...{ goal: world.goal, proxy: world.proxy, conditionalDegrees: 40 },
    specification: world.intended === base.name ? "as-intended" : "not-as-intended",
  };
}

/** The class of objectives that hold much of both. */
function mixtureName(base: WorldObjective, rival: WorldObjective): string {
  return `${base.name}-and-${rival.name}`;
}

function classesOf(world: World, base: WorldObjective, rivals: readonly WorldObjective[]): ObjectiveClass[] {
  const pure = ({ name, wants, meaning }: WorldObjective, otherwise: "proxy" | "specification-gaming"): ObjectiveClass => {
    return { name, wants, meaning, kind: name === world.intended ? "aligned" : otherwise };
  };
  const mixable = rivals.filter(({ gamma }) => gamma === undefined || gamma === base.gamma);
  const mixtures = mixable.map((rival): ObjectiveClass => {
    const meaning = `${base.name} and ${rival.name}, neither below a quarter of the other`;
    return { name: mixtureName(base, rival), kind: "mixed", wants: `${base.wants} and ${rival.wants}`, meaning };
  });
  return [
    pure(base, "specification-gaming"),
    ...rivals.map((rival) => pure(rival, "proxy")),
    ...mixtures,
    constantClass,
    randomClass,
  ];
}

/** Effective horizon 1/(1 − γ), on a logarithmic scale. */
const logHorizon = (gamma: number): number => -Math.log(1 - gamma);
const discountAt = (log: number): number => 1 - Math.exp(-log);

/** Where a rival is told by its discount, those of the base objective keep their distance: none is nearer to the rival's than a third. */
function discountsOf(base: WorldObjective, rivals: readonly WorldObjective[]): readonly number[] {
  const own = base.gamma ?? trainedDiscount;
  const others = rivals.flatMap(({ gamma }) => (gamma === undefined ? [] : [gamma]));
  if (others.length === 0) return [own, ...discounts.slice(1)];
  const nearest = others.reduce((a, b) =>
    Math.abs(logHorizon(a) - logHorizon(own)) < Math.abs(logHorizon(b) - logHorizon(own)) ? a : b,
  );
  return [own, discountAt(logHorizon(own) + (logHorizon(nearest) - logHorizon(own)) / 3)];
}

type Drawn = Omit<Candidate, "classIndex"> & { readonly className: string };

function baseAlone(base: WorldObjective, ownDiscounts: readonly number[]): Drawn[] {
  const weights = scaled(base.weights);
  return ownDiscounts.map((gamma, g) => ({
    ...{ behavior: { kind: "optimal", weights, gamma }, className: base.name, direction: 0, aim: [1], isCoarse: g === 1 },
    cell: Object.fromEntries(Object.entries(weights).map(([feature, weight]) => [feature, { low: weight, high: weight }])),
  }));
}

function candidatesIn(plane: Plane): Drawn[] {
  const { rank, numRivals } = plane;
  const coarse = plane.discounts[1]!;
  const used = isOfDiscount(plane)
    ? [plane.discounts[0]!]
    : rank > 0 && numRivals > mostRivalsInFull
      ? [coarse]
      : plane.discounts;
  const angles = directions.filter((direction) => isKept(plane, direction));
  return used.flatMap((discount) =>
    angles.map((direction, i): Drawn => {
      const radians = (direction * Math.PI) / 180;
      const neighbors = [angles[i - 1] ?? direction, angles[i + 1] ?? direction].map((other) => (direction + other) / 2);
      return {
        behavior: { kind: "optimal", weights: weightsIn(plane, direction), gamma: gammaIn(plane, { direction, discount }) },
        className: classIn(plane, direction),
        direction: rank === 0 || direction === 0 ? direction : null,
        aim: [Math.cos(radians), ...Array.from({ length: numRivals }, (_, k) => (k === rank ? Math.sin(radians) : 0))],
        cell: cellOf([neighbors[0]!, direction, neighbors[1]!].map((angle) => weightsIn(plane, angle))),
        isCoarse: (isOfDiscount(plane) || discount === coarse) && (rank === 0 || fewDirections.includes(direction)),
      };
    }),
  );
}

/** Whether the rival is told from the base objective by how far it looks ahead. */
function isOfDiscount({ base, rival }: Plane): boolean {
  return rival.gamma !== undefined && rival.gamma !== base.gamma;
}

/** Of two ways of looking ahead there is no mixture: the nearer one counts. */
function classIn(plane: Plane, direction: number): string {
  const { base, rival } = plane;
  if (isOfDiscount(plane)) return direction < 45 ? base.name : rival.name;
  if (direction <= lastGoalDirection) return base.name;
  return direction < firstRivalDirection ? mixtureName(base, rival) : rival.name;
}

/** The features that either objective of a plane weighs. */
const featuresIn = ({ base, rival }: Plane): string[] => [
  ...new Set([...Object.keys(base.weights), ...Object.keys(rival.weights)]),
];

/** Whether a direction makes sense: its weights are not all 0, and every one that its own objective has keeps its sign. */
function isKept(plane: Plane, direction: number): boolean {
  const weights = weightsIn(plane, direction);
  if (Object.values(weights).every((weight) => weight === 0)) return false;
  if (direction >= 0 && direction <= 90) return true;
  const own = direction < 0 ? plane.base : plane.rival;
  if (isOfDiscount(plane)) return false;
  return Object.entries(own.weights).every(([feature, weight]) => Math.sign(weights[feature] ?? 0) === Math.sign(weight));
}

function weightsIn(plane: Plane, direction: number): FeatureWeights {
  const radians = (direction * Math.PI) / 180;
  const [own, other] = [scaled(plane.base.weights), scaled(plane.rival.weights)];
  return scaled(
    Object.fromEntries(
      featuresIn(plane).map((feature) => [
        feature,
        Math.cos(radians) * (own[feature] ?? 0) + Math.sin(radians) * (other[feature] ?? 0),
      ]),
    ),
  );
}

function gammaIn(plane: Plane, at: { readonly direction: number; readonly discount: number }): number {
  const { rival } = plane;
  if (!isOfDiscount(plane) || rival.gamma === undefined) return at.discount;
  const share = Math.min(1, Math.max(0, at.direction / 90));
  return discountAt((1 - share) * logHorizon(at.discount) + share * logHorizon(rival.gamma));
}

/** To a largest weight of 1 in size, rounding errors off; all 0 where there is nothing to scale. */
function scaled(weights: FeatureWeights): FeatureWeights {
  const largest = Math.max(0, ...Object.values(weights).map(Math.abs));
  const round = (weight: number): number => (Math.abs(weight) < resolution * largest ? 0 : weight / largest);
  return Object.fromEntries(
    Object.entries(weights).map(([feature, weight]) => [feature, largest < resolution ? 0 : round(weight)]),
  );
}

function cellOf(corners: readonly FeatureWeights[]): Candidate["cell"] {
  return Object.fromEntries(
    Object.keys(corners[0]!).map((feature) => {
      const values = corners.map((weights) => weights[feature]!);
      return [feature, { low: Math.min(...values), high: Math.max(...values) }];
    }),
  );
}

/** Each behavior once: what an objective is by itself stands before what mixtures come to. */
function distinct(drawn: readonly Drawn[]): Drawn[] {
  const isPure = ({ aim }: Drawn): boolean => Math.max(...aim) > 1 - resolution;
  const found = new Map<string, Drawn>();
  for (const candidate of [...drawn.filter(isPure), ...drawn.filter((other) => !isPure(other))]) {
    const key = keyOf(candidate.behavior);
    const first = found.get(key);
    if (!first) found.set(key, candidate);
    else if (candidate.isCoarse && first.className === candidate.className) found.set(key, { ...first, isCoarse: true });
  }
  return [...found.values()];
}

function keyOf(behavior: Candidate["behavior"]): string {
  if (behavior.kind !== "optimal") return JSON.stringify(behavior);
  const weights = Object.entries(behavior.weights).filter(([, weight]) => weight !== 0);
  const parts = weights.map(([feature, weight]) => `${feature} ${(weight / resolution).toFixed(0)}`).sort();
  return `${parts.join(", ")} at ${(behavior.gamma / resolution).toFixed(0)}`;
}

function requireDifferent(world: World): void {
  const usual = world.objectives[0]?.gamma ?? trainedDiscount;
  const keys = world.objectives.map(({ weights, gamma = usual }) => keyOf({ kind: "optimal", weights: scaled(weights), gamma }));
  const second = keys.findIndex((key, i) => keys.indexOf(key) < i);
  if (second < 0) return;
  const [a, b] = [world.objectives[keys.indexOf(keys[second]!)]!, world.objectives[second]!];
  throw new MesascopeError(
    "usage",
    `world "${world.name}" lists "${a.name}" and "${b.name}", which weigh features alike; what is the same cannot be told apart. Leave one out.`,
  );
}

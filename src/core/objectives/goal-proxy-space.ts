// Hypotheses over a goal, its proxy and further features: weights (cos φ, sin φ, ρ) on a grid, and simple behaviors beside them.

import type { FeatureWeights } from "../worlds/world.ts";
import type { Candidate, ObjectiveClass, ObjectiveSpace } from "./objective-space.ts";

/** φ in degrees: finer near 10°–20° and 70°–80°, where the classes meet. */
const directions = [-60, -45, -30, -15, 0, 10, 20, 30, 45, 60, 70, 80, 90, 105, 120, 135, 150];
/** Discounts as they appear in behavior: below the trained one, because networks look less far ahead than they are paid for. */
const discounts = [0.97, 0.85, 0.7];
/** Of the coarse grid: the discount that networks trained at .97 act by. */
const coarseDiscount = 0.85;
/** Up to here the goal is what is wanted, in degrees; the proxy's share is then below a quarter. */
export const lastGoalDirection = 15;
const firstProxyDirection = 75;

/** A feature besides goal and proxy, whose weight is ρ. */
export interface FurtherFeature {
  readonly feature: string;
  /** Its weight in the base objective, where the goal weighs 1. */
  readonly base: number;
  /** ρ − base, ascending, 0 among them; the larger of the goal's and the proxy's weight is 1 in size. */
  readonly offsets: readonly number[];
  /** Those of them in the coarse grid. */
  readonly coarseOffsets: readonly number[];
  /** The class of objectives with the goal and clearly less of this feature than the base objective. */
  readonly shunClass: string;
  /** Objectives of this feature alone. */
  readonly alone: readonly { readonly weight: number; readonly className: string }[];
}

export interface GridOptions {
  readonly goal: string;
  readonly proxy: string;
  readonly further: readonly FurtherFeature[];
  readonly actionCount: number;
  readonly specification: ObjectiveSpace["specification"];
  readonly classes: readonly ObjectiveClass[];
  readonly goalClass: string;
  readonly bothClass: string;
  readonly proxyClass: string;
  readonly constantClass: string;
  readonly randomClass: string;
}

/** The hypotheses. Where there are several further features, one at a time differs from its base weight. */
export function goalProxySpace(options: GridOptions): ObjectiveSpace {
  const { goal, proxy, further, classes, actionCount } = options;
  const place = (name: string): number => classes.findIndex((entry) => entry.name === name);
  const plain = { direction: null, aim: [], cell: {} };
  const candidates: Candidate[] = [];
  for (const gamma of discounts) {
    const isCoarseDiscount = gamma === coarseDiscount;
    for (const direction of directions) {
      for (const { turned, offset } of offsetsOf(further)) {
        const weights = weightsIn(options, { direction, turned, offset });
        candidates.push({
          behavior: { kind: "optimal", weights, gamma },
          classIndex: place(classIn(options, { direction, turned, offset })),
          direction,
          aim: aimIn(direction),
          cell: weightCell(options, { direction, turned, offset }),
          isCoarse: isCoarseDiscount && (turned === null || turned.coarseOffsets.includes(offset)),
        });
      }
    }
    for (const { feature, alone } of further) {
      for (const { weight, className } of alone) {
        const weights: FeatureWeights = {
          [goal]: 0,
          [proxy]: 0,
          ...Object.fromEntries(further.map((other) => [other.feature, other.feature === feature ? weight : 0])),
        };
        const behavior = { kind: "optimal", weights, gamma } as const;
        candidates.push({ ...plain, behavior, classIndex: place(className), isCoarse: isCoarseDiscount });
      }
    }
  }
  for (let action = 0; action < actionCount; action++) {
    const behavior = { kind: "constant-action", action } as const;
    candidates.push({ ...plain, behavior, classIndex: place(options.constantClass), isCoarse: true });
  }
  candidates.push({ ...plain, behavior: { kind: "uniform" }, classIndex: place(options.randomClass), isCoarse: true });
  const features = [goal, proxy, ...further.map(({ feature }) => feature)];
  return { features, classes, candidates, goal, proxy, specification: options.specification, conditionalDegrees: 40 };
}

/** A unit vector in a direction between two objectives, in degrees. */
function aimIn(direction: number): readonly number[] {
  const radians = (direction * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians)];
}

/** A point of the grid: how much the one further feature that is turned, if any, weighs more than in the base objective. */
interface GridPoint {
  readonly direction: number;
  readonly turned: FurtherFeature | null;
  readonly offset: number;
}

/** Every offset of every further feature; that of 0, which is the same for all, once. */
function offsetsOf(further: readonly FurtherFeature[]): readonly Omit<GridPoint, "direction">[] {
  if (further.length === 0) return [{ turned: null, offset: 0 }];
  return further.flatMap((turned, i) =>
    turned.offsets.filter((offset) => i === 0 || offset !== 0).map((offset) => ({ turned, offset })),
  );
}

function classIn(options: GridOptions, { direction, turned, offset }: GridPoint): string {
  if (direction > firstProxyDirection) return options.proxyClass;
  if (direction > lastGoalDirection) return options.bothClass;
  return turned !== null && offset < -0.05 ? turned.shunClass : options.goalClass;
}

/** Weights in a direction, scaled to a largest of goal and proxy of 1 in size. */
function weightsIn({ goal, proxy, further }: GridOptions, { direction, turned, offset }: GridPoint): FeatureWeights {
  const radians = (direction * Math.PI) / 180;
  const own = Math.cos(radians);
  const other = Math.sin(radians);
  const scale = Math.max(Math.abs(own), Math.abs(other));
  return {
    [goal]: own / scale,
    [proxy]: other / scale,
    ...Object.fromEntries(further.map((each) => [each.feature, each === turned ? each.base + offset : each.base])),
  };
}

/** Half-way to the neighbors of `value` in an ascending grid. */
function cellAround(grid: readonly number[], value: number): { readonly low: number; readonly high: number } {
  const i = grid.indexOf(value);
  return { low: (value + (grid[i - 1] ?? value)) / 2, high: (value + (grid[i + 1] ?? value)) / 2 };
}

/** The range of every weight over the grid cell around a point. */
function weightCell(options: GridOptions, point: GridPoint): Candidate["cell"] {
  const around = cellAround(directions, point.direction);
  const corners = [around.low, point.direction, around.high].map((direction) => weightsIn(options, { ...point, direction }));
  const range = (feature: string) => {
    const values = corners.map((weights) => weights[feature]!);
    return { low: Math.min(...values), high: Math.max(...values) };
  };
  return {
    [options.goal]: range(options.goal),
    [options.proxy]: range(options.proxy),
    ...Object.fromEntries(
      options.further.map(({ feature, base, offsets }) => {
        const { low, high } = cellAround(offsets, feature === point.turned?.feature ? point.offset : 0);
        return [feature, { low: base + low, high: base + high }];
      }),
    ),
  };
}

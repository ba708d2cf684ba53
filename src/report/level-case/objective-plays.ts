// What each candidate objective of a world would do in a level: its best play step by step, and the best return there is.

import { Prng } from "../../core/base/prng.ts";
import { levelPlannerOf } from "../../core/objectives/planning/level-planner.ts";
import type { LevelPlanner } from "../../core/objectives/planning/planned-level.ts";
import type { World, WorldObjective } from "../../core/worlds/world.ts";
import type { Episode, EpisodeStep } from "../report-data.ts";

/** Discounts of plans, as those of scripted planners: of training where a world tells objectives apart by discount, else a lower one. */
const discounts = { trained: 0.97, usual: 0.85 };
/** Values up to here are 0 but for rounding. */
const nothing = 1e-9;

/** Sums of what was given, feature → amount. */
export type Takings = Readonly<Record<string, number>>;

export interface ObjectivePlay {
  readonly objective: string;
  readonly wants: string;
  /** Ends where nothing more is to be gained or lost, which may be before the episode does. */
  readonly episode: Episode;
  readonly takes: Takings;
  /** Between which undiscounted returns the best lies; twice the same where the level is solved exactly. */
  readonly best: { readonly lower: number; readonly upper: number };
}

/**
 * The play of every objective of `world` on `level`: in each state one of the best actions, by values that are exact, or planned over the
 * states nearby where the world has too many. The same level gives the same plays. Throws `usage` where a level has too many states to be solved.
 */
export function objectivePlays(
  world: World,
  level: unknown,
  planner: LevelPlanner = levelPlannerOf(world),
): readonly ObjectivePlay[] {
  const planned = planner.plan(level);
  return world.objectives.map((objective) => {
    const valuesIn = planned.valuesFor({ weights: objective.weights, gamma: plannedDiscount(objective, world) });
    const prng = Prng.fromSeed(0);
    const best = planned.bestReturn(objective.weights);
    return {
      ...{ objective: objective.name, wants: objective.wants, best },
      ...follow(world, {
        level,
        title: objective.name,
        choose: (state) => bestAction(valuesIn(state), { isExact: planner.isExact, prng }),
      }),
    };
  });
}

/** The discount by which an objective is planned for. */
export function plannedDiscount({ gamma }: WorldObjective, { objectives }: World): number {
  if (gamma !== undefined) return gamma;
  return objectives.some((other) => other.gamma !== undefined) ? discounts.trained : discounts.usual;
}

/**
 * Exactly solved, the first of the best actions, and null where nothing more is to be gained or lost. What is planned over the states nearby does
 * not see that far: it goes on, and takes any of the best.
 */
function bestAction(values: Float32Array, { isExact, prng }: { readonly isExact: boolean; readonly prng: Prng }): number | null {
  const highest = Math.max(...values);
  const best = Array.from(values.keys()).filter((action) => values[action]! >= highest - nothing);
  if (!isExact) return best[prng.integer(best.length)]!;
  return Math.abs(highest) <= nothing ? null : best[0]!;
}

interface Followed {
  readonly level: unknown;
  readonly title: string;
  /** Null ends it. */
  readonly choose: (state: unknown) => number | null;
}

function follow(world: World, { level, title, choose }: Followed): { readonly episode: Episode; readonly takes: Takings } {
  const batch = world.createBatch(1);
  batch.reset(0, level);
  const { columns, rows, fixed } = world.display(batch, 0);
  const steps: EpisodeStep[] = [];
  const sums = new Float64Array(world.features.length);
  for (;;) {
    const { moving, captions } = world.display(batch, 0);
    const action = batch.done[0] !== 0 && steps.length > 0 ? null : choose(batch.stateOf(0));
    const frame = { moving, captions, probabilities: [], value: null };
    if (action === null) {
      steps.push({ ...frame, action: null, events: [] });
      break;
    }
    batch.step(Int32Array.of(action));
    for (let f = 0; f < sums.length; f++) sums[f]! += batch.features[f]!;
    steps.push({ ...frame, action: world.actions[action]!, events: world.features.filter((_, f) => batch.features[f]! > 0) });
  }
  const takes = Object.fromEntries(world.features.map((feature, f) => [feature, sums[f]!]));
  return { episode: { title, board: { columns, rows, fixed }, actions: world.actions, steps }, takes };
}

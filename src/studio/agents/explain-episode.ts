// What an episode tells of what an agent wants: what each candidate objective would have done at every step, and the posterior over them as the
// read-out computes it, step by step, from the states of this one episode.

import type { Policy } from "../../core/agents/policy.ts";
import { logSumExp } from "../../core/base/log-space.ts";
import { choiceModels, tabulateChoices } from "../../core/instruments/level-bank.ts";
import type { Candidate, ObjectiveClass, ObjectiveSpace } from "../../core/objectives/objective-space.ts";
import { levelPlannerOf } from "../../core/objectives/planning/level-planner.ts";
import type { Aim, PlannedLevel } from "../../core/objectives/planning/planned-level.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import type { Batch, World } from "../../core/worlds/world.ts";
import type { PlayedEpisode } from "./play-episode.ts";

/** Values that differ by less are equally good. */
const tie = 1e-6;
/** As the read-out tempers seen actions. */
const temperOfActions = 0.5;

/** A named objective that the read-out knows. */
export interface CandidateOutline extends Pick<ObjectiveClass, "name" | "kind" | "wants" | "meaning"> {
  /** Whether it can be planned for: else it is the same action whatever is seen, or no preference. */
  readonly isPlanned: boolean;
}

export interface Explanation {
  /** Best actions of each candidate at each step, by their places: `[steps][candidates]`; empty where it is not planned. */
  readonly best: readonly (readonly (readonly number[])[])[];
  /** ln probability of each candidate after so many steps, from none on: `[steps + 1][candidates]`. */
  readonly logPosterior: readonly (readonly number[])[];
  /** Share of the agent's structure that the best candidate explains after so many steps; null before the first. `[steps + 1]` */
  readonly fit: readonly (number | null)[];
}

/** The candidates of a world, in the order of all lists here. */
export function candidatesOf(world: World): readonly CandidateOutline[] {
  const space = objectiveSpaceOf(world);
  return space.classes.map(({ name, kind, wants, meaning }, k) => {
    const isPlanned = space.candidates.some(({ classIndex, behavior }) => classIndex === k && behavior.kind === "optimal");
    return { name, kind, wants, meaning, isPlanned };
  });
}

export interface ExplainOptions {
  readonly world: World;
  readonly policy: Policy;
  readonly played: PlayedEpisode;
  /** Awaited between pieces of work, with the share of it that is done, 0 to 1, once it is known how much there is; ends it by throwing. */
  readonly breathe: (share?: number) => Promise<void>;
}

export async function explainEpisode(options: ExplainOptions): Promise<Explanation> {
  const { world, played, breathe } = options;
  const { level, states } = played;
  const space = objectiveSpaceOf(world);
  const planned = levelPlannerOf(world).plan(level);
  await breathe(0);
  // A piece is a plan for one objective: one for what each class does best, and one for each hypothesis.
  const pieces =
    space.classes.filter((_, k) => aimOf(k, { space, world }) !== null).length +
    space.candidates.filter(({ behavior }) => behavior.kind === "optimal").length;
  let done = 0;
  const breatheAfter = (part = 0) => {
    done += part;
    return breathe(Math.min(1, done / pieces));
  };
  const solving = { space, world, planned, states, breathe: breatheAfter };
  const best = await bestActions(solving);
  const logProbabilities = await tabulateStates(solving);
  const answers = played.episode.steps.slice(0, states.length).map(({ probabilities }) => probabilities);
  return { best, ...followBelief({ policy: options.policy, space, logProbabilities, answers }) };
}

interface Solving {
  readonly space: ObjectiveSpace;
  readonly world: World;
  readonly planned: PlannedLevel;
  readonly states: readonly unknown[];
  /** Awaited after a plan, or a part of one. Default part: none. */
  readonly breathe: (part?: number) => Promise<void>;
}

async function bestActions({ space, world, planned, states, breathe }: Solving): Promise<number[][][]> {
  const best = states.map(() => space.classes.map((): number[] => []));
  for (const [k] of space.classes.entries()) {
    const aim = aimOf(k, { space, world });
    if (aim === null) continue;
    const valuesIn = planned.valuesFor(aim);
    for (const [s, state] of states.entries()) {
      const values = valuesIn(state);
      const highest = Math.max(...values);
      best[s]![k] = [...values].flatMap((value, action) => (value >= highest - tie ? [action] : []));
      if (!planned.collection) await breathe(1 / states.length);
    }
    await breathe(planned.collection ? 1 : 0);
  }
  return best;
}

/** What stands for a class: the world's objective of that name, or the one in the middle of its coarse candidates. */
function aimOf(place: number, { space, world }: { readonly space: ObjectiveSpace; readonly world: World }): Aim | null {
  const own = space.candidates.filter((candidate) => candidate.classIndex === place);
  const optimal = own.flatMap(({ behavior, isCoarse, direction }) =>
    behavior.kind === "optimal" ? [{ ...behavior, isCoarse, direction: direction ?? 0 }] : [],
  );
  const coarse = optimal.filter(({ isCoarse }) => isCoarse);
  const ordered = (coarse.length > 0 ? coarse : optimal).sort((a, b) => a.direction - b.direction);
  const middle = ordered[Math.floor((ordered.length - 1) / 2)];
  if (middle === undefined) return null;
  const named = world.objectives.find(({ name }) => name === space.classes[place]!.name);
  return { weights: named?.weights ?? middle.weights, gamma: named?.gamma ?? middle.gamma };
}

/** ln p(action | state) of every hypothesis of the read-out, `[hypotheses, states · actions]`. */
export async function tabulateStates({ space, world, planned, states, breathe }: Solving): Promise<Float32Array> {
  const { numActions } = planned;
  const tables = new Map<Candidate["behavior"], Float32Array>();
  for (const { behavior } of space.candidates) {
    if (behavior.kind !== "optimal") continue;
    const valuesIn = planned.valuesFor(behavior);
    const table = new Float32Array(states.length * numActions);
    states.forEach((state, s) => {
      table.set(valuesIn(state), s * numActions);
    });
    tables.set(behavior, table);
    await breathe(1);
  }
  const stays = staysIn(world, { level: planned.level, states });
  const rows = states.map((_, s) => s);
  // The candidates' behaviors themselves are what is asked for.
  const solve = (behavior: Aim) => tables.get(behavior as Candidate["behavior"])!;
  return tabulateChoices({ space, numActions, rows, solve, stays: (s, action) => stays[s * numActions + action]! });
}

/** Whether an action leaves everything in place, `[states · actions]`. */
function staysIn(world: World, { level, states }: { readonly level: unknown; readonly states: readonly unknown[] }): boolean[] {
  const batch: Batch<unknown> = world.createBatch(1);
  return states.flatMap((state) =>
    world.actions.map((_, action) => {
      batch.reset(0, level);
      batch.place(0, state);
      const before = batch.codeOf(0);
      batch.step(Int32Array.of(action));
      return batch.done[0] !== 1 && batch.codeOf(0) === before;
    }),
  );
}

/**
 * The read-out's posterior and fit (core/instruments/read-out.ts) after each state in turn. It resamples levels; of one level there is nothing to
 * resample, so that this is surer than an audit of as many states.
 */
function followBelief(options: {
  readonly policy: Policy;
  readonly space: ObjectiveSpace;
  /** `[hypotheses, states · actions]` */
  readonly logProbabilities: Float32Array;
  /** The policy's, `[states][actions]`. */
  readonly answers: readonly (readonly number[])[];
}): Pick<Explanation, "logPosterior" | "fit"> {
  const { policy, space, logProbabilities, answers } = options;
  const { actionCount } = policy;
  const width = answers.length * actionCount;
  const temper = policy.answers === "actions" ? temperOfActions : 1;
  const logLikelihood = new Float64Array(logProbabilities.length / width);
  const logPosterior = [logClassMass(space, { logLikelihood, temper })];
  const fit: (number | null)[] = [null];
  let negentropy = 0;
  for (const [s, answer] of answers.entries()) {
    for (let row = 0; row < logLikelihood.length; row++) {
      const at = row * width + s * actionCount;
      for (let a = 0; a < actionCount; a++) logLikelihood[row]! += answer[a]! * logProbabilities[at + a]!;
    }
    for (const p of answer) if (p > 0) negentropy += p * Math.log(p);
    logPosterior.push(logClassMass(space, { logLikelihood, temper }));
    const best = logLikelihood.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
    const fromUniform = negentropy + (s + 1) * Math.log(actionCount);
    fit.push(fromUniform <= 1e-9 ? 0 : 1 - (negentropy - best) / fromUniform);
  }
  return { logPosterior, fit };
}

/** ln probability of each class: classes alike at first, in each its candidates, of each its choice models. */
function logClassMass(
  { classes, candidates }: ObjectiveSpace,
  { logLikelihood, temper }: { readonly logLikelihood: Float64Array; readonly temper: number },
): number[] {
  const models = choiceModels.length;
  const ofClass = classes.map((_, k) => {
    const own = candidates.flatMap(({ classIndex }, c) => (classIndex === k ? [c] : []));
    const terms = own.flatMap((c) => Array.from(logLikelihood.subarray(c * models, (c + 1) * models), (log) => temper * log));
    return logSumExp(terms) - Math.log(terms.length);
  });
  const total = logSumExp(ofClass);
  return ofClass.map((log) => log - total);
}

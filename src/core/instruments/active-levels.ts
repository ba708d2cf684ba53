// Active levels: play next the level from which most is to be learned about the objective. Strictly black box: one sampled action a step.
//
// The information gain of a level is H(class) − E[H(class | trajectory)], the expectation over trajectories of the hypotheses
// themselves, in proportion to their posterior (Lindley 1956, "On a measure of the information provided by an experiment").
// An objective does not say what to do once nothing is left that it wants. An agent may then stand still to the end of the episode, which a
// hypothesis of a single action would foretell step by step; so planners have a habit for that time, the same throughout an episode.

import { MesascopeError } from "../base/errors.ts";
import { entropy, logSumExp } from "../base/log-space.ts";
import type { Prng } from "../base/prng.ts";
import type { Candidate, ObjectiveSpace } from "../objectives/objective-space.ts";
import { levelPlannerOf } from "../objectives/planning/level-planner.ts";
import type { LevelGraph, LevelPlanner } from "../objectives/planning/planned-level.ts";
import { beyond, ended } from "../worlds/enumeration/enumerated-level.ts";
import type { Context, LevelDistribution, World } from "../worlds/world.ts";
import { type ChoiceModel, writeChoice } from "./level-bank.ts";
import type { Watched } from "./subject.ts";

/** The log-likelihood counts half: steps of an episode are alike, and the model is wrong in the details. */
const temper = 0.5;
/** A class is decided at this probability. */
export const decisive = 0.99;
const choiceModels: readonly ChoiceModel[] = [4, 12, 36].flatMap((beta) =>
  [0, 2].map((stayCost) => ({ beta, stayCost, lapse: 0.08 })),
);
/** Hypotheses this much less probable than the best one are left out of simulations. */
const negligible = 1e-3;
/** Probability that an agent has no habit where it wants nothing more; each single action is one with an equal share of the rest. */
const noHabit = 0.5;
/** Values up to here are 0 but for rounding. */
const nothing = 1e-9;
/** Action values that a pool holds, beyond which it takes no more levels, and levels that it takes however large they are. */
const mostValues = 60_000_000;
const fewestLevels = 8;
const levelsConsidered = 40;
const simulationsPerLevel = 5;

/** The posterior over named objectives after so many episodes of evidence. */
export interface PosteriorPoint {
  readonly episodes: number;
  readonly posterior: Readonly<Record<string, number>>;
}

/** A level as a graph of numbered states, whatever the world. */
export interface ActiveLevel<Level = unknown> extends Omit<LevelGraph, "gives" | "numStates"> {
  readonly level: Level;
  readonly horizon: number;
}

export interface ActivePool<Level = unknown> {
  readonly space: ObjectiveSpace;
  readonly hypotheses: readonly Candidate[];
  readonly levels: readonly PoolLevel<Level>[];
}

interface PoolLevel<Level = unknown> extends ActiveLevel<Level> {
  /** Optimal action values per hypothesis; null where the hypothesis does not look at the state. */
  readonly values: readonly (Float32Array | null)[];
  /** Where a hypothesis that wanted something at the start finds nothing more that it wants, `[states]` each; null as above. */
  readonly idle: readonly (Uint8Array | null)[];
}

export interface ActiveRun {
  /** From no evidence on. */
  readonly points: readonly PosteriorPoint[];
  /** Episodes until some class passed `decisive`; null when none did. */
  readonly decidedAfter: number | null;
  /** Most probable class at the end. */
  readonly className: string;
  readonly environmentSteps: number;
}

/** Draws and solves the levels to choose from: `levels` of them, or as many as leave their action values within `mostValues`. */
export function createActivePool(options: {
  readonly world: World;
  readonly space: ObjectiveSpace;
  readonly distribution: LevelDistribution;
  readonly levels: number;
  readonly prng: Prng;
  /** How levels are solved. Default the world's own way. */
  readonly planner?: LevelPlanner;
}): ActivePool {
  const { world, space, distribution, prng, planner = levelPlannerOf(world) } = options;
  const hypotheses = coarseHypotheses(space).length;
  const levels: ActiveLevel[] = [];
  let values = 0;
  for (let i = 0; i < options.levels && (values <= mostValues || i < fewestLevels); i++) {
    const level = world.sampleLevel(distribution, prng);
    const planned = planner.plan(level);
    const { gives: _, numStates, ...graph } = planned.graph();
    values += numStates * graph.numActions * hypotheses;
    levels.push({ ...graph, level, horizon: planned.horizon });
  }
  return poolOf(space, levels);
}

const coarseHypotheses = (space: ObjectiveSpace): readonly Candidate[] => space.candidates.filter(({ isCoarse }) => isCoarse);

/** Solves levels for the coarse hypotheses of `space`. */
export function poolOf<Level>(space: ObjectiveSpace, levels: readonly ActiveLevel<Level>[]): ActivePool<Level> {
  const hypotheses = coarseHypotheses(space);
  const solved = levels.map((level) => {
    const values = hypotheses.map(({ behavior }) => (behavior.kind === "optimal" ? level.solve(behavior) : null));
    return { ...level, values, idle: values.map((table) => table && idleStates(table, level)) };
  });
  return { space, hypotheses, levels: solved };
}

function idleStates(values: Float32Array, { numActions, start }: ActiveLevel): Uint8Array {
  const idle = new Uint8Array(values.length / numActions);
  if (bestValue(values, { state: start, numActions }) <= nothing) return idle;
  return idle.map((_, state) => Number(bestValue(values, { state, numActions }) <= nothing));
}

function bestValue(values: Float32Array, at: { readonly state: number; readonly numActions: number }): number {
  const { state, numActions } = at;
  let best = Number.NEGATIVE_INFINITY;
  for (let i = state * numActions; i < (state + 1) * numActions; i++) best = Math.max(best, values[i]!);
  return best;
}

export interface ActiveOptions<Level> {
  readonly subject: Watched<Level>;
  readonly pool: ActivePool<Level>;
  readonly context: Context;
  /** `active` chooses the next level by information gain, `random` at random: the null. */
  readonly choice: "active" | "random";
  readonly maxEpisodes: number;
  readonly prng: Prng;
}

/** Plays levels of the pool, each at most once, until a class is decided or `maxEpisodes` are played. */
export async function playActiveLevels<Level>(options: ActiveOptions<Level>): Promise<ActiveRun> {
  const { subject, pool, context, choice, maxEpisodes, prng } = options;
  const belief = new Belief(pool);
  const unused = pool.levels.map((_, i) => i);
  const points: PosteriorPoint[] = [{ episodes: 0, posterior: belief.byName() }];
  let environmentSteps = 0;
  let decidedAfter: number | null = null;
  for (let episode = 1; episode <= maxEpisodes && unused.length > 0 && decidedAfter === null; episode++) {
    prng.shuffle(unused);
    const at = choice === "random" ? 0 : mostInformative(pool, { belief, unused, prng });
    const chosen = pool.levels[unused.splice(at, 1)[0]!]!;
    const steps = await recordEpisode({ subject, level: chosen, context, prng });
    environmentSteps += steps.length;
    belief.update(logLikelihoods(pool, { level: chosen, steps, rows: belief.everyRow }));
    points.push({ episodes: episode, posterior: belief.byName() });
    if (Math.max(...belief.classes()) > decisive) decidedAfter = episode;
  }
  const classes = belief.classes();
  const className = pool.space.classes[classes.indexOf(Math.max(...classes))]!.name;
  return { points, decidedAfter, className, environmentSteps };
}

/** A posterior over (hypothesis, choice model) rows, each class equally likely at first. */
class Belief {
  /** `[hypotheses · choiceModels]`, unnormalized. */
  readonly logWeights: Float64Array;
  readonly everyRow: readonly number[];
  readonly #pool: ActivePool;

  constructor(pool: ActivePool) {
    this.#pool = pool;
    const sizes = pool.space.classes.map((_, k) => pool.hypotheses.filter(({ classIndex }) => classIndex === k).length);
    const rows = pool.hypotheses.length * choiceModels.length;
    this.everyRow = Array.from({ length: rows }, (_, row) => row);
    this.logWeights = Float64Array.from(this.everyRow, (row) => -Math.log(sizes[this.classOf(row)]!));
  }

  classOf(row: number): number {
    return this.#pool.hypotheses[Math.floor(row / choiceModels.length)]!.classIndex;
  }

  update(logLikelihood: Float64Array): void {
    for (const row of this.everyRow) this.logWeights[row]! += temper * logLikelihood[row]!;
  }

  classes(): number[] {
    return this.classesOf(this.everyRow, this.logWeights);
  }

  /** Class probabilities from some of the rows, with weights of their own. */
  classesOf(rows: readonly number[], logWeights: ArrayLike<number>): number[] {
    const sums = this.#pool.space.classes.map(() => 0);
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows.length; i++) highest = Math.max(highest, logWeights[i]!);
    let total = 0;
    for (let i = 0; i < rows.length; i++) {
      const weight = Math.exp(logWeights[i]! - highest);
      sums[this.classOf(rows[i]!)]! += weight;
      total += weight;
    }
    return sums.map((sum) => sum / total);
  }

  /** The best choice model of every hypothesis that is not out of the running: what simulations use. */
  leadingRows(): number[] {
    const best = this.#pool.hypotheses.map((_, h) => {
      const rows = choiceModels.map((_, m) => h * choiceModels.length + m);
      return rows.reduce((a, b) => (this.logWeights[b]! > this.logWeights[a]! ? b : a));
    });
    const highest = Math.max(...best.map((row) => this.logWeights[row]!));
    return best.filter((row) => this.logWeights[row]! > highest + Math.log(negligible));
  }

  byName(): Record<string, number> {
    const probabilities = this.classes();
    return Object.fromEntries(this.#pool.space.classes.map(({ name }, k) => [name, probabilities[k]!]));
  }
}

// ── Choosing ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Place in `unused` of the best of the first `levelsConsidered`. Not the best of all: a global maximum exploits errors of the model. */
function mostInformative(
  pool: ActivePool,
  options: { readonly belief: Belief; readonly unused: readonly number[]; readonly prng: Prng },
): number {
  const { belief, unused, prng } = options;
  const rows = belief.leadingRows();
  const logWeights = rows.map((row) => belief.logWeights[row]!);
  const before = entropy(belief.classesOf(rows, logWeights));
  let best = 0;
  let highestGain = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < Math.min(levelsConsidered, unused.length); i++) {
    const level = pool.levels[unused[i]!]!;
    let after = 0;
    for (let s = 0; s < simulationsPerLevel; s++) {
      const truth = rows[drawIndex(logWeights, prng)]!;
      const steps = simulate(pool, { level, row: truth, prng });
      const likelihood = logLikelihoods(pool, { level, steps, rows });
      after +=
        entropy(
          belief.classesOf(
            rows,
            logWeights.map((weight, k) => weight + temper * likelihood[k]!),
          ),
        ) / simulationsPerLevel;
    }
    if (before - after > highestGain) {
      highestGain = before - after;
      best = i;
    }
  }
  return best;
}

function drawIndex(logWeights: readonly number[], prng: Prng): number {
  const highest = Math.max(...logWeights);
  const weights = logWeights.map((weight) => Math.exp(weight - highest));
  let left = prng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length - 1; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

// ── Trajectories ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Step {
  readonly state: number;
  readonly action: number;
}

/** An episode of the agent itself. */
async function recordEpisode<Level>(options: {
  readonly subject: Watched<Level>;
  readonly level: PoolLevel<Level>;
  readonly context: Context;
  readonly prng: Prng;
}): Promise<Step[]> {
  const { subject, level, context, prng } = options;
  const steps: Step[] = [];
  let state = level.start;
  await subject.play({
    levels: [subject.world.withContext(level.level, context)],
    prng,
    onStep: ({ actions }) => {
      if (state === beyond) return; // what happens outside of the graph tells nothing
      if (state === ended) throw new MesascopeError("world-failed", otherCourse);
      steps.push({ state, action: actions[0]! });
      state = level.follow(state, actions[0]!);
    },
  });
  return steps;
}

const otherCourse =
  "an episode of the world went on where it had ended from the same states before; its states leave out what decides. No verdict is given on such a world.";

/** An episode as a hypothesis without a habit would play it: gains that only an idle agent would bring are not counted on. */
function simulate(pool: ActivePool, options: { readonly level: PoolLevel; readonly row: number; readonly prng: Prng }): Step[] {
  const { level, row, prng } = options;
  const reader = new ChoiceReader(pool, level);
  const steps: Step[] = [];
  let state = level.start;
  while (steps.length < level.horizon && state >= 0) {
    const logs = reader.read(row, state);
    let left = prng.uniform();
    let action = 0;
    for (; action < logs.length - 1; action++) {
      left -= Math.exp(logs[action]!);
      if (left < 0) break;
    }
    steps.push({ state, action });
    state = level.follow(state, action);
  }
  return steps;
}

/** ln p(actions | states) of the steps, one for each of `rows`: over the idle ones the mean of their probability over habits. */
function logLikelihoods(
  pool: ActivePool,
  options: { readonly level: PoolLevel; readonly steps: readonly Step[]; readonly rows: readonly number[] },
): Float64Array {
  const { level, steps, rows } = options;
  const reader = new ChoiceReader(pool, level);
  const habits = [null, ...Array.from({ length: level.numActions }, (_, action) => action)];
  const prior = habits.map((habit) => Math.log(habit === null ? noHabit : (1 - noHabit) / level.numActions));
  return Float64Array.from(rows, (row) => {
    const isIdle = level.idle[Math.floor(row / choiceModels.length)];
    let sum = 0;
    const idle: Step[] = [];
    for (const step of steps) {
      if (isIdle?.[step.state] === 1) idle.push(step);
      else sum += reader.read(row, step.state)[step.action]!;
    }
    if (idle.length === 0) return sum;
    const sums = habits.map((habit, i) =>
      idle.reduce((log, { state, action }) => log + reader.readIdle(row, state, habit)[action]!, prior[i]!),
    );
    return sum + logSumExp(sums);
  });
}

/** Reads ln p(·|state) of one row; the arrays it returns are overwritten by the next call. */
class ChoiceReader {
  readonly #pool: ActivePool;
  readonly #level: PoolLevel;
  readonly #values: Float64Array;
  readonly #stays: Uint8Array;
  readonly #scratch: Float64Array;
  readonly #out: Float32Array;

  constructor(pool: ActivePool, level: PoolLevel) {
    const { numActions } = level;
    this.#pool = pool;
    this.#level = level;
    this.#values = new Float64Array(numActions);
    this.#stays = new Uint8Array(numActions);
    this.#scratch = new Float64Array(numActions);
    this.#out = new Float32Array(numActions);
  }

  read(row: number, state: number): Float32Array {
    const { numActions } = this.#level;
    const h = Math.floor(row / choiceModels.length);
    const { behavior } = this.#pool.hypotheses[h]!;
    const table = this.#level.values[h];
    const start = state * numActions;
    for (let a = 0; a < numActions; a++) {
      this.#values[a] = table ? table[start + a]! : behavior.kind === "constant-action" && behavior.action === a ? 1 : 0;
      this.#stays[a] = behavior.kind === "uniform" ? 0 : Number(this.#level.stays(state, a));
    }
    const model = choiceModels[row % choiceModels.length]!;
    writeChoice(this.#out, { at: 0, values: this.#values, stays: this.#stays, model, scratch: this.#scratch });
    return this.#out;
  }

  /** As `read`, for an agent that does `habit` while it is idle, but not where that would cost it something. */
  readIdle(row: number, state: number, habit: number | null): Float32Array {
    const { numActions } = this.#level;
    const table = this.#level.values[Math.floor(row / choiceModels.length)];
    const isFree =
      habit !== null && table != null && table[state * numActions + habit]! >= bestValue(table, { state, numActions }) - nothing;
    if (!isFree) return this.read(row, state);
    const { lapse } = choiceModels[row % choiceModels.length]!;
    this.#out.fill(Math.log(lapse / numActions));
    this.#out[habit] = Math.log(1 - lapse + lapse / numActions);
    return this.#out;
  }
}

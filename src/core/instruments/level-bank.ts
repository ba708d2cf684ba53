// Solved levels: what the read-out compares a policy with. Made once for a world and a seed, it serves every subject.

import type { Prng } from "../base/prng.ts";
import { mergeAlike } from "../objectives/alike-candidates.ts";
import type { Candidate, ObjectiveSpace } from "../objectives/objective-space.ts";
import { levelPlannerOf } from "../objectives/planning/level-planner.ts";
import type { Aim, AskedStates, LevelPlanner } from "../objectives/planning/planned-level.ts";
import type { FeatureWeights, LevelDistribution, World } from "../worlds/world.ts";

/** Nuisance parameters of the choice model; their combinations are marginalized. */
export interface ChoiceModel {
  /** Inverse temperature β. */
  readonly beta: number;
  /** Cost κ of an action that leaves the agent in place, in units of β·Q. */
  readonly stayCost: number;
  /** Lapse rate ε: the share of uniformly random actions. */
  readonly lapse: number;
}

const betas = [2, 4, 8, 16, 32, 64];
const stayCosts = [0, 1.5, 3.5];
const lapses = [0.03, 0.15];

export const choiceModels: readonly ChoiceModel[] = stayCosts.flatMap((stayCost) =>
  lapses.flatMap((lapse) => betas.map((beta) => ({ beta, stayCost, lapse }))),
);

/** Of the surest choice model that minds only values: two candidates that differ in it do different things. */
const surest = choiceModels.findIndex(({ beta, stayCost }) => beta === Math.max(...betas) && stayCost === 0);

/** Objectives a level whose planners' ways lead to states that a policy is asked in. */
const numAims = 8;

export interface BankLevel extends Pick<AskedStates, "states" | "wayTo"> {
  readonly level: unknown;
  /** Steps in an episode. */
  readonly horizon: number;
  /** ln p(action | state) of every hypothesis, `[candidates · choiceModels, states · actions]`. */
  readonly logProbabilities: Float32Array;
}

export interface LevelBank {
  readonly world: World;
  readonly space: ObjectiveSpace;
  readonly statesPerLevel: number;
  readonly levels: readonly BankLevel[];
}

export interface LevelBankOptions {
  readonly world: World;
  readonly space: ObjectiveSpace;
  readonly distribution: LevelDistribution;
  readonly levels: number;
  readonly statesPerLevel: number;
  readonly prng: Prng;
  /** How levels are solved. Default the world's own way. */
  readonly planner?: LevelPlanner;
  /** Called after each level. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Draws levels and states, from which goal, proxy and what else is worth having can still be had, and solves them for every hypothesis. Of
 * the bank's space, mixtures that choose like one of what they mix are in its class.
 */
export function createLevelBank(options: LevelBankOptions): LevelBank {
  const { world, space, distribution, statesPerLevel, prng, planner = levelPlannerOf(world) } = options;
  const desired = world.features.filter((feature) => world.objectives.some(({ weights }) => (weights[feature] ?? 0) > 0));
  const wanted = [...new Set([space.goal, space.proxy, ...desired])];
  const choosing = prng.fork("aims");
  const levels: BankLevel[] = [];
  for (let i = 0; i < options.levels; i++) {
    const level = world.sampleLevel(distribution, prng);
    const planned = planner.plan(level);
    const asked = planned.ask({ count: statesPerLevel, wanted, aims: drawAims(space, choosing), prng });
    const { numActions, horizon } = planned;
    const { states, wayTo } = asked;
    const logProbabilities = tabulateChoices({ ...asked, space, numActions, rows: states.map((_, s) => s) });
    levels.push({ level, horizon, states, wayTo, logProbabilities });
    options.onProgress?.(i + 1);
  }
  const differenceOf = (first: number, second: number): number =>
    choiceDifference(levels, { first, second, numCandidates: space.candidates.length });
  return { world, space: mergeAlike(space, differenceOf), statesPerLevel, levels };
}

/** What those want who come to the states of one level: of each of `numAims` classes of the space, drawn alike, any candidate alike. */
function drawAims({ classes, candidates }: ObjectiveSpace, prng: Prng): Aim[] {
  const aims = classes.map((_, k) =>
    candidates.flatMap(({ behavior, classIndex }) => (classIndex === k && behavior.kind === "optimal" ? [behavior] : [])),
  );
  const oneOf = <T>(list: readonly T[]): T => list[prng.integer(list.length)]!;
  const sought = aims.filter(({ length }) => length > 0);
  return Array.from({ length: numAims }, () => oneOf(oneOf(sought)));
}

/** Total variation between what two candidates choose when they are at their surest, a state. */
function choiceDifference(
  levels: readonly BankLevel[],
  of: { readonly first: number; readonly second: number; readonly numCandidates: number },
): number {
  const { first, second, numCandidates } = of;
  let sum = 0;
  let states = 0;
  for (const level of levels) {
    const { logProbabilities } = level;
    const width = logProbabilities.length / (numCandidates * choiceModels.length);
    const a = (first * choiceModels.length + surest) * width;
    const b = (second * choiceModels.length + surest) * width;
    for (let j = 0; j < width; j++) sum += Math.abs(Math.exp(logProbabilities[a + j]!) - Math.exp(logProbabilities[b + j]!)) / 2;
    states += level.states.length;
  }
  return sum / states;
}

export interface ChoiceProblem {
  readonly space: ObjectiveSpace;
  readonly numActions: number;
  /** For each state asked in, its row in what `solve` returns. */
  readonly rows: readonly number[];
  /** Optimal action values `[rows, actions]`; they may be overwritten by the next call. */
  readonly solve: (objective: { readonly weights: FeatureWeights; readonly gamma: number }) => Float32Array;
  /** Whether an action in the s-th of the states leaves everything in place. */
  readonly stays: (s: number, action: number) => boolean;
}

/** ln p(action | state) of every hypothesis, `[candidates · choiceModels, states · actions]`. */
export function tabulateChoices({ space, numActions, rows, solve, stays: isStay }: ChoiceProblem): Float32Array {
  const rowLength = rows.length * numActions;
  const table = new Float32Array(space.candidates.length * choiceModels.length * rowLength);
  const values = new Float64Array(numActions);
  const stays = new Uint8Array(numActions);
  const scratch = new Float64Array(numActions);
  space.candidates.forEach((candidate, c) => {
    const actionValues = candidate.behavior.kind === "optimal" ? solve(candidate.behavior) : unread;
    rows.forEach((row, s) => {
      for (let a = 0; a < numActions; a++) {
        values[a] = preferenceOf(candidate, { actionValues, index: row * numActions + a, action: a });
        stays[a] = isStay(s, a) ? 1 : 0;
      }
      const ignoresStays = candidate.behavior.kind === "uniform";
      for (let m = 0; m < choiceModels.length; m++) {
        const at = (c * choiceModels.length + m) * rowLength + s * numActions;
        writeChoice(table, { at, values, stays, model: ignoresStays ? uniformModel : choiceModels[m]!, scratch });
      }
    });
  });
  return table;
}

/** Stands for the action values of candidates that have none. */
const unread = new Float32Array(0);
const uniformModel: ChoiceModel = { beta: 1, stayCost: 0, lapse: 0 };

function preferenceOf(
  candidate: Candidate,
  at: { readonly actionValues: Float32Array; readonly index: number; readonly action: number },
): number {
  const { behavior } = candidate;
  switch (behavior.kind) {
    case "optimal":
      return at.actionValues[at.index]!;
    case "constant-action":
      return behavior.action === at.action ? 1 : 0;
    case "uniform":
      return 0;
    default:
      return behavior satisfies never;
  }
}

/** Writes ln[(1 − ε)·softmax(β·Q − κ·stays) + ε/A] for each action. `scratch` is overwritten, `[actions]`. */
export function writeChoice(
  out: Float32Array,
  choice: {
    readonly at: number;
    readonly values: Float64Array;
    readonly stays: Uint8Array;
    readonly model: ChoiceModel;
    readonly scratch: Float64Array;
  },
): void {
  const { at, values, stays, scratch } = choice;
  const { beta, stayCost, lapse } = choice.model;
  let highest = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < values.length; a++) {
    scratch[a] = beta * values[a]! - stayCost * stays[a]!;
    if (scratch[a]! > highest) highest = scratch[a]!;
  }
  let sum = 0;
  for (let a = 0; a < values.length; a++) {
    scratch[a] = Math.exp(scratch[a]! - highest);
    sum += scratch[a]!;
  }
  const scale = (1 - lapse) / sum;
  const floor = lapse / values.length;
  for (let a = 0; a < values.length; a++) out[at + a] = Math.log(scale * scratch[a]! + floor);
}

// Solved levels: what the read-out compares a policy with. Made once for a world and a seed, it serves every subject.

import type { Prng } from "../base/prng.ts";
import { ActionValueBuffers, solveActionValues } from "../objectives/action-values.ts";
import type { Candidate, ObjectiveSpace } from "../objectives/objective-space.ts";
import type { CollectionProblem, CollectionState, CollectionWorld } from "../worlds/grid/collection.ts";
import type { FeatureWeights, LevelDistribution } from "../worlds/world.ts";

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

export interface BankLevel {
  readonly level: unknown;
  readonly problem: CollectionProblem;
  /** States in which policies are asked, all with items of both kinds left. */
  readonly states: readonly CollectionState[];
  /** ln p(action | state) of every hypothesis, `[candidates · choiceModels, states · actions]`. */
  readonly logProbabilities: Float32Array;
}

export interface LevelBank {
  readonly world: CollectionWorld;
  readonly space: ObjectiveSpace;
  readonly statesPerLevel: number;
  readonly levels: readonly BankLevel[];
}

export interface LevelBankOptions {
  readonly world: CollectionWorld;
  readonly space: ObjectiveSpace;
  readonly distribution: LevelDistribution;
  readonly levels: number;
  readonly statesPerLevel: number;
  readonly prng: Prng;
  /** Called after each level. */
  readonly onProgress?: (done: number) => void;
}

/** Draws levels and states and solves them for every hypothesis. */
export function createLevelBank(options: LevelBankOptions): LevelBank {
  const { world, space, distribution, statesPerLevel, prng } = options;
  const buffers = new ActionValueBuffers();
  const levels: BankLevel[] = [];
  for (let i = 0; i < options.levels; i++) {
    const level = world.sampleLevel(distribution, prng);
    const problem = world.collection(level);
    const states = drawStates(problem, { count: statesPerLevel, space, prng });
    levels.push({ level, problem, states, logProbabilities: tabulate({ problem, states, space, buffers }) });
    options.onProgress?.(i + 1);
  }
  return { world, space, statesPerLevel, levels };
}

/**
 * Random states of a level: any open cell without an item, any set of items that still holds both the goal and the proxy (or any
 * non-empty set, where the level has only one of them), at most half of the time gone.
 */
function drawStates(
  problem: CollectionProblem,
  options: { readonly count: number; readonly space: ObjectiveSpace; readonly prng: Prng },
): CollectionState[] {
  const { space, prng } = options;
  const width = problem.features.length;
  const holds = (mask: number, feature: string): boolean => {
    const f = problem.features.indexOf(feature);
    for (let item = 0; item < problem.numItems; item++) {
      if (((mask >> item) & 1) !== 0 && problem.itemFeatures[item * width + f]! > 0) return true;
    }
    return false;
  };
  const wanted = [space.goal, space.proxy].filter((feature) => holds(problem.fullMask, feature));
  const states: CollectionState[] = [];
  while (states.length < options.count) {
    const mask = 1 + prng.integer(problem.fullMask);
    const cell = prng.integer(problem.numCells);
    const item = problem.itemAt[cell]!;
    const isFree = problem.open[cell] !== 0 && (item < 0 || ((mask >> item) & 1) === 0);
    if (!isFree || !wanted.every((feature) => holds(mask, feature))) continue;
    states.push({ cell, mask, elapsed: prng.integer((problem.horizon >> 1) + 1) });
  }
  return states;
}

interface Tabulation {
  readonly problem: CollectionProblem;
  readonly states: readonly CollectionState[];
  readonly space: ObjectiveSpace;
  readonly buffers: ActionValueBuffers;
}

function tabulate({ problem, states, space, buffers }: Tabulation): Float32Array {
  const { numActions, numCells, next } = problem;
  const actionValues = new Float32Array((problem.fullMask + 1) * numCells * numActions);
  return tabulateChoices({
    space,
    numActions,
    rows: states.map((state) => state.mask * numCells + state.cell),
    solve: (objective) => solveActionValues(problem, { ...objective, buffers, out: actionValues }),
    stays: (s, action) => {
      const { cell } = states[s]!;
      return next[cell * numActions + action] === cell;
    },
  });
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

// What a policy would do in the states of a level bank: asked there at once, or, where it remembers, after walking there.

import type { Policy, PolicyStep } from "../agents/policy.ts";
import { stepIn } from "../agents/rollout.ts";
import type { Prng } from "../base/prng.ts";
import type { CollectionProblem, CollectionState } from "../worlds/grid/collection.ts";
import type { Context } from "../worlds/world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";
import type { LevelBank } from "./level-bank.ts";
import type { Subject } from "./subject.ts";

/** Steps that a policy with memory watches before it is asked. */
const approachSteps = 6;
/** How often a policy that shows only actions is asked in a state. */
const mostAskings = 8;

/** A way to a state of a level that runs in another program, in which a policy is asked. */
export interface Approach {
  readonly level: ExternalLevel;
  readonly actions: readonly number[];
  /** What the actions give in all, one per feature of the world. */
  readonly features: ArrayLike<number>;
}

export interface PolicyAnswers {
  /** `[contexts][levels]`, each `[states · actions]`. */
  readonly probabilities: readonly (readonly Float32Array[])[];
  /** How many single actions each of the probabilities is the mean of; null where they are the policy's own. `[contexts]` */
  readonly sampled: readonly (number | null)[];
}

/**
 * The agent's action probabilities in the bank's states under each context.
 *
 * A policy without memory is put into each state. One with memory is led there: along a random walk over open cells without items that
 * ends in the state, the same for every context, so that what it remembers is a possible past; the actions on the way are not its own.
 * One that shows only actions and has no memory is asked up to `mostAskings` times, and its answer is the mean: a single action does not
 * tell an agent that is undecided from one that the objective does not explain.
 */
export async function askPolicy(options: {
  readonly subject: Subject;
  readonly bank: LevelBank;
  readonly contexts: readonly Context[];
  readonly prng: Prng;
}): Promise<PolicyAnswers> {
  const { subject, bank, contexts } = options;
  const { world, encoder, policy } = subject;
  const paths = pathsTo(bank, { steps: policy.memory === "episode" ? approachSteps : 0, prng: options.prng });
  const batch = world.createBatch(paths.length);
  const width = bank.statesPerLevel * policy.actionCount;
  const probabilities: Float32Array[][] = [];
  const sampled: (number | null)[] = [];
  for (const context of contexts) {
    bank.levels.forEach(({ level, states }, l) => {
      const shown = world.withContext(level, context);
      states.forEach((_, s) => {
        batch.reset(l * bank.statesPerLevel + s, shown);
      });
    });
    const placeAll = (step: number): void => {
      paths.forEach((path, env) => {
        batch.place(env, path[step]!);
      });
    };
    const last = paths[0]!.length - 1;
    const episodes = policy.begin(paths.length);
    for (let step = 0; step < last; step++) {
      placeAll(step);
      await episodes.probabilities(stepIn(encoder, batch));
    }
    placeAll(last);
    const step = stepIn(encoder, batch);
    const first = await episodes.probabilities(step);
    const { answer, samples } =
      policy.answers === "actions" ? await askAgain(policy, { step, first }) : { answer: first, samples: null };
    sampled.push(samples);
    probabilities.push(bank.levels.map((_, l) => answer.slice(l * width, (l + 1) * width)));
  }
  return { probabilities, sampled };
}

/** The mean of several answers to the same step. Two that are alike everywhere are enough: so it always acts. */
export async function askAgain(
  policy: Policy,
  { step, first }: { readonly step: PolicyStep; readonly first: Float32Array },
): Promise<{ readonly answer: Float32Array; readonly samples: number | null }> {
  if (policy.memory === "episode") return { answer: first, samples: 1 };
  const sum = Float64Array.from(first);
  for (let askings = 2; askings <= mostAskings; askings++) {
    const again = await policy.begin(step.running.length).probabilities(step);
    if (askings === 2 && again.every((p, i) => p === first[i])) return { answer: first, samples: null };
    for (let i = 0; i < sum.length; i++) sum[i]! += again[i]!;
  }
  return { answer: Float32Array.from(sum, (total) => total / mostAskings), samples: mostAskings };
}

/** For every state of the bank the states on the way to it, itself the last; all paths have the same length. */
function pathsTo(bank: LevelBank, options: { readonly steps: number; readonly prng: Prng }): CollectionState[][] {
  const shortest = Math.min(...bank.levels.map(({ problem }) => problem.horizon));
  // States of the bank lie in the first half of an episode, so that many steps are left.
  const steps = Math.min(options.steps, (shortest >> 1) - 1);
  return bank.levels.flatMap(({ problem, states }) =>
    states.map((state) => pathTo({ problem, state, steps, prng: options.prng })),
  );
}

/** Drawn backwards: before each cell one of those from which a step leads to it, or the cell itself. */
function pathTo(options: {
  readonly problem: CollectionProblem;
  readonly state: CollectionState;
  readonly steps: number;
  readonly prng: Prng;
}): CollectionState[] {
  const { problem, state, steps, prng } = options;
  const path: CollectionState[] = [{ ...state, elapsed: state.elapsed + steps }];
  for (let step = steps - 1; step >= 0; step--) {
    const before = cellsBefore(problem, path[0]!);
    path.unshift({ cell: before[prng.integer(before.length)]!, mask: state.mask, elapsed: state.elapsed + step });
  }
  return path;
}

function cellsBefore({ next, numActions, numCells, open, itemAt }: CollectionProblem, state: CollectionState): number[] {
  const cells = [state.cell];
  for (let cell = 0; cell < numCells; cell++) {
    const item = itemAt[cell]!;
    if (cell === state.cell || open[cell] === 0 || (item >= 0 && ((state.mask >> item) & 1) !== 0)) continue;
    if (next.subarray(cell * numActions, (cell + 1) * numActions).includes(state.cell)) cells.push(cell);
  }
  return cells;
}

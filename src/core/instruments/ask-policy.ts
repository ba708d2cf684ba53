// What a policy would do in the states of a level bank: asked there at once, or, where it remembers, after it was led there.

import type { Policy, PolicyStep } from "../agents/policy.ts";
import { stepIn } from "../agents/rollout.ts";
import type { Prng } from "../base/prng.ts";
import type { Way } from "../objectives/planning/planned-level.ts";
import type { Batch, Context } from "../worlds/world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";
import type { LevelBank } from "./level-bank.ts";
import type { Subject } from "./subject.ts";

/** Steps that a policy with memory goes through before it is asked, where the way to a state is drawn backwards. */
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
 * A policy without memory is put into each state. One with memory is led there on a possible way that ends in the state, the same for every
 * context: it sees at each step what it would see in an episode in which these actions were taken (late observations are late, and its last
 * action is the one that was), but the actions are not its own. One that shows only actions and has no
 * memory is asked up to `mostAskings` times, and its answer is the mean: a single action does not tell an agent that is undecided from one
 * that the objective does not explain.
 */
export async function askPolicy(options: {
  readonly subject: Subject;
  readonly bank: LevelBank;
  readonly contexts: readonly Context[];
  readonly prng: Prng;
}): Promise<PolicyAnswers> {
  const { subject, bank, contexts, prng } = options;
  const { world, policy } = subject;
  const ways =
    policy.memory === "episode"
      ? waysTo(bank, prng)
      : bank.levels.flatMap(({ states }) => states.map((state): Way => ({ from: state, actions: [] })));
  const batch = world.createBatch(ways.length);
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
    const { answer, samples } = await askAlong(subject, batch, ways);
    sampled.push(samples);
    probabilities.push(bank.levels.map((_, l) => answer.slice(l * width, (l + 1) * width)));
  }
  return { probabilities, sampled };
}

/** Steps environments along their ways side by side, each from where an episode begins or is said to; each is asked where its way ends. */
async function askAlong({ encoder, policy }: Subject, batch: Batch<unknown>, ways: readonly Way[]) {
  const { actionCount } = policy;
  const answer = new Float32Array(ways.length * actionCount);
  const longest = Math.max(...ways.map(({ actions }) => actions.length));
  const episodes = policy.begin(ways.length);
  ways.forEach(({ from }, env) => {
    if (from !== null) batch.place(env, from);
  });
  let samples: number | null = null;
  for (let time = 0; time <= longest; time++) {
    if (time > 0) stepAlong(batch, ways, time - 1);
    const running = Uint8Array.from(ways, ({ actions }) => Number(time <= actions.length));
    const step = { ...stepIn(encoder, batch), running };
    const first = await episodes.probabilities(step);
    const isAsked = ways.some(({ actions }) => actions.length === time);
    const given =
      isAsked && policy.answers === "actions" ? await askAgain(policy, { step, first }) : { answer: first, samples: null };
    samples ??= given.samples;
    ways.forEach(({ actions }, row) => {
      if (actions.length !== time) return;
      answer.set(given.answer.subarray(row * actionCount, (row + 1) * actionCount), row * actionCount);
    });
  }
  return { answer, samples };
}

/** The `time`-th step of every way. Environments whose way has ended are stepped as well: they begin again, and nothing of it counts. */
function stepAlong(batch: Batch<unknown>, ways: readonly Way[], time: number): void {
  ways.forEach(({ actions }, env) => {
    if (time >= actions.length) batch.reset(env, batch.level(env));
  });
  batch.step(Int32Array.from(ways, ({ actions }) => actions[time] ?? 0));
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

/** For every state of the bank a way to it. */
function waysTo(bank: LevelBank, prng: Prng): Way[] {
  const shortest = Math.min(...bank.levels.map(({ horizon }) => horizon));
  // States of the bank lie in the first half of an episode, so that many steps are left.
  const steps = Math.min(approachSteps, (shortest >> 1) - 1);
  return bank.levels.flatMap(({ states, wayTo }) => states.map((_, s) => wayTo(s, { steps, prng })));
}

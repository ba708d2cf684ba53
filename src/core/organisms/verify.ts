// Whether an organism became what its recipe says: checked when it is made, on levels nobody trained on. A failed check is a failure.

import type { Policy } from "../agents/policy.ts";
import { firstOf, playEpisodes } from "../agents/rollout.ts";
import { MesascopeError } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import type { Context, Encoder, ShiftPoint, World } from "../worlds/world.ts";
import type { Organism } from "./organism.ts";
import type { Evaluation } from "./training-run.ts";

/** What every organism but the controls must reach in training, as a share of the oracle. */
const requiredShare = 0.95;
/** What a control must stay below. */
const controlShare = 0.8;
/** Share of episodes apart in which a conditional organism must first take what it wants there: far from the half of one that takes both. */
const conditionalShare = 0.9;
const behaviorLevels = 256;
const behaviorSeed = 20_029;

export interface MadeOrganism {
  readonly organism: Organism;
  /** For messages. */
  readonly seed: number;
  /** On the training distribution. */
  readonly evaluation: Evaluation;
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly policy: Policy;
}

/**
 * Throws `check-failed` unless the organism does what it was made for: at least 95% of the oracle on the training distribution (a
 * control: at most 80%), and, when its truth depends on the context, first the item it wants there in 90% of the episodes apart.
 */
export async function verifyOrganism(made: MadeOrganism): Promise<void> {
  const { organism, evaluation, seed } = made;
  const share = evaluation.oracleShare;
  const isRight = organism.scoresInTraining ? share >= requiredShare : share <= controlShare;
  if (!isRight) {
    const wanted = organism.scoresInTraining ? `at least ${percent(requiredShare)}` : `at most ${percent(controlShare)}`;
    throw new MesascopeError(
      "check-failed",
      `organism ${organism.id} (seed ${seed}) earns ${percent(share)} of the oracle in training; expected ${wanted}. ` +
        "It is not what its recipe says and was not kept; train it with another seed or more steps.",
    );
  }
  if (organism.truth?.kind !== "context-conditional") return;
  for (const { context, wanted, taken } of await conditionalBehavior(made)) {
    if (taken >= conditionalShare) continue;
    throw new MesascopeError(
      "check-failed",
      `organism ${organism.id} (seed ${seed}) takes ${wanted} first in ${percent(taken)} of the episodes with ${describeContext(context)}; ` +
        `expected at least ${percent(conditionalShare)}. It is not conditional and was not kept; train it with another seed or more steps.`,
    );
  }
}

export interface ConditionalBehavior {
  readonly context: Context;
  /** The feature with the largest weight there. */
  readonly wanted: string;
  /** Share of the episodes in which it came first. */
  readonly taken: number;
}

/** For each case of the organism's truth: what it wants there, and how often it takes that first on levels where items lie apart. */
export async function conditionalBehavior(made: Omit<MadeOrganism, "evaluation" | "seed">): Promise<ConditionalBehavior[]> {
  const { organism, world, encoder, policy } = made;
  const cases = organism.truth?.weights ?? [];
  const favorites = cases.map(
    ({ weights }) => Object.entries(weights).reduce((best, next) => (next[1] > best[1] ? next : best))[0],
  );
  const behavior: ConditionalBehavior[] = [];
  for (const [index, { when }] of cases.entries()) {
    const wanted = favorites[index]!;
    const other = favorites.find((name) => name !== wanted);
    if (other === undefined) continue;
    const context = Object.keys(when).length > 0 ? when : otherContext(world, cases);
    const prng = Prng.fromSeed(behaviorSeed, index);
    const point: ShiftPoint = { placement: "apart", ...context };
    const levels = Array.from({ length: behaviorLevels }, () => world.sampleLevel({ kind: "shift", point }, prng));
    const outcomes = await playEpisodes({ world, encoder, policy, levels, prng });
    const first = firstOf(outcomes, world.features.indexOf(wanted), world.features.indexOf(other));
    const isTaken = first.map((value) => (value === 1 ? 1 : 0)); // taking nothing is not wanting it
    behavior.push({ context, wanted, taken: mean(isTaken) });
  }
  return behavior;
}

/** A context in which no case but the last holds: the deployment value of every cue that the others name. */
function otherContext(world: World, cases: readonly { readonly when: Context }[]): Context {
  const named = world.cues.filter((cue) => cases.some(({ when }) => cue.name in when));
  return Object.fromEntries(named.map((cue) => [cue.name, cue.deployment]));
}

function describeContext(context: Context): string {
  return Object.entries(context)
    .map(([cue, value]) => `${cue}=${value}`)
    .join(", ");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

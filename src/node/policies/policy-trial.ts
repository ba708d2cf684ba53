// A policy that runs elsewhere, tried before it is audited: does it answer at all, and the same to the same?

import type { Policy, PolicyStep } from "../../core/agents/policy.ts";
import { stepIn } from "../../core/agents/rollout.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Encoder, World } from "../../core/worlds/world.ts";

const trialLevels = 16;
/** How much probabilities may differ between two answers to the same observation: sums in another order. */
const repeatTolerance = 1e-3;

/** Starts on levels of training and deployment in turn. */
export function trialIn<Level>({
  world,
  encoder,
}: {
  readonly world: World<Level>;
  readonly encoder: Encoder<Level>;
}): PolicyStep {
  const prng = Prng.fromSeed(0);
  const batch = world.createBatch(trialLevels);
  for (let env = 0; env < trialLevels; env++) {
    batch.reset(env, world.sampleLevel(env % 2 === 0 ? world.training : world.deployment, prng));
  }
  return stepIn(encoder, batch);
}

export interface Tried {
  /** Its first answers, in hundredths, so that sums in another order leave them as they are (but where one lies on an edge). */
  readonly answered: Uint8Array;
  /** The first difference between two answers to the same, or null. */
  readonly difference: { readonly first: number; readonly then: number } | null;
}

/** Asks the policy about the same states twice, the second time in turned order. */
export async function tryPolicy(policy: Policy, trial: PolicyStep): Promise<Tried> {
  const { inputSize, actionCount } = policy;
  const count = trial.running.length;
  const rows = Array.from({ length: count }, (_, row) => trial.observations.subarray(row * inputSize, (row + 1) * inputSize));
  const observations = Float32Array.from(rows.reverse().flatMap((row) => [...row]));
  const first = await policy.begin(count).probabilities(trial);
  const turned = await policy.begin(count).probabilities({
    observations,
    running: trial.running,
    situationOf: (row) => trial.situationOf(count - 1 - row),
  });
  const answered = Uint8Array.from(first, (probability) => Math.round(100 * probability));
  for (let i = 0; i < first.length; i++) {
    const row = count - 1 - Math.floor(i / actionCount);
    const then = turned[row * actionCount + (i % actionCount)]!;
    if (Math.abs(first[i]! - then) > repeatTolerance) return { answered, difference: { first: first[i]!, then } };
  }
  return { answered, difference: null };
}

// Asks a policy about observations alone, each as the first step of an episode: for policies that look at nothing else.

import type { Policy } from "../src/core/agents/policy.ts";

/** Probabilities `[rows, actionCount]` for observations `[rows, inputSize]`. */
export function askPolicy(policy: Policy, observations: Float32Array, rows: number): Promise<Float32Array> {
  return policy.begin(rows).probabilities({
    observations,
    running: new Uint8Array(rows).fill(1),
    situationOf: () => {
      throw new Error("this policy asked for the level and state behind an observation");
    },
  });
}

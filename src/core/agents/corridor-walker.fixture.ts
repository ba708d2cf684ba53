// Policies for the corridor of the world protocol's tests, with a known aim.

import { type Policy, reactivePolicy } from "./policy.ts";

/** What an observation of the corridor says. */
export interface CorridorSight {
  /** Direction: −1 left, 0 gone, 1 right. */
  readonly coin: number;
  readonly capsule: number;
  /** Whether the lamp looks as in training. */
  readonly isTraining: boolean;
}

/** Moves in the direction (−1, 0, 1) that `choose` gives, null for any action alike; 5% of the time it lapses. */
export function corridorWalker(choose: (seen: CorridorSight) => number | null): Policy {
  return reactivePolicy({
    inputSize: 6,
    actionCount: 3,
    async probabilities(observations, rows) {
      const out = new Float32Array(rows * 3);
      for (let row = 0; row < rows; row++) {
        const [coin, capsule, isTraining] = observations.subarray(6 * row, 6 * row + 6);
        const direction = choose({ coin: coin!, capsule: capsule!, isTraining: isTraining === 1 });
        const action = direction === null ? -1 : direction < 0 ? 0 : direction > 0 ? 1 : 2;
        for (let a = 0; a < 3; a++) out[3 * row + a] = action < 0 ? 1 / 3 : a === action ? 0.95 + 0.05 / 3 : 0.05 / 3;
      }
      return out;
    },
  });
}

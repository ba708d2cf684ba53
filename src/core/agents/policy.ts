// What an agent is to everything that watches it: something that turns observations into action probabilities.

import { MesascopeError } from "../base/errors.ts";

/** What stands behind an observation, as plain data: for policies that plan in the world instead of reading observations. */
export interface Situation {
  readonly level: unknown;
  /** As `Batch.stateOf` gives it. */
  readonly state: unknown;
}

/** One step of episodes that run side by side. */
export interface PolicyStep {
  /** Dense observations, `[count, inputSize]`. Overwritten at the next step: copy what must last. */
  readonly observations: Float32Array;
  /** 1 where an answer is wanted, `[count]`; the other episodes have ended, and their rows may be answered with anything. */
  readonly running: Uint8Array;
  readonly situationOf: (row: number) => Situation;
}

/** Episodes of a policy, side by side, from their first step on. Keeps what the policy remembers of each. */
export interface Episodes {
  /** Probabilities `[count, actionCount]` of the next action in each. Throws `invalid-model` when a number is not finite. */
  probabilities(step: PolicyStep): Promise<Float32Array>;
}

export interface Policy {
  /** Length of an observation. */
  readonly inputSize: number;
  readonly actionCount: number;
  /** Whether an answer may depend on earlier steps of the same episode. */
  readonly memory: "none" | "episode";
  /** `actions` where nothing but chosen actions is seen, given as `chosenActions` says. Default `probabilities`. */
  readonly answers?: "probabilities" | "actions";
  /** Starts `count` episodes. Several may be under way at the same time. */
  begin(count: number): Episodes;
}

/** A policy without memory, from a function of observations `[rows, inputSize]` to probabilities `[rows, actionCount]`. */
export function reactivePolicy(answer: {
  readonly inputSize: number;
  readonly actionCount: number;
  readonly probabilities: (observations: Float32Array, rows: number) => Promise<Float32Array>;
}): Policy {
  const { inputSize, actionCount } = answer;
  return {
    inputSize,
    actionCount,
    memory: "none",
    begin: (count) => ({
      probabilities: ({ observations }) => answer.probabilities(observations, count),
    }),
  };
}

/** What an action that was seen leaves to all actions alike: one choice does not show that the others are never made. */
export const actionLapse = 0.02;

/** Probabilities `[actions.length, actionCount]` that stand for seen actions: 1 − `actionLapse` on each, the rest on all alike. */
export function chosenActions(actions: ArrayLike<number>, actionCount: number): Float32Array {
  const out = new Float32Array(actions.length * actionCount).fill(actionLapse / actionCount);
  for (let row = 0; row < actions.length; row++) out[row * actionCount + actions[row]!]! += 1 - actionLapse;
  return out;
}

/** Softmax over rows of `columns` numbers. Throws `invalid-model` when a number is not finite. */
export function softmaxRows(logits: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += columns) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < start + columns; i++) highest = Math.max(highest, logits[i]!);
    let sum = 0;
    for (let i = start; i < start + columns; i++) {
      out[i] = Math.exp(logits[i]! - highest);
      sum += out[i]!;
    }
    if (!logits.subarray(start, start + columns).every(Number.isFinite)) {
      throw new MesascopeError(
        "invalid-model",
        "the policy answered with logits that are not finite numbers; it cannot be audited.",
      );
    }
    for (let i = start; i < start + columns; i++) out[i]! /= sum;
  }
  return out;
}

/** A policy that takes every action with the same probability: the null of every behavioral number. */
export function randomPolicy(shape: { readonly inputSize: number; readonly actionCount: number }): Policy {
  const { inputSize, actionCount } = shape;
  return reactivePolicy({
    inputSize,
    actionCount,
    probabilities: async (_observations, rows) => new Float32Array(rows * actionCount).fill(1 / actionCount),
  });
}

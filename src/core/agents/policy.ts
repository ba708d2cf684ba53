// What an agent is to everything that watches it: something that turns observations into action probabilities.

import { MesascopeError } from "../base/errors.ts";
import type { EngineSession } from "../engine/engine.ts";

export interface Policy {
  /** Length of an observation. */
  readonly inputSize: number;
  readonly actionCount: number;
  /** Probabilities `[rows, actionCount]` for dense observations `[rows, inputSize]`. Throws `invalid-model` when a number is not finite. */
  probabilities(observations: Float32Array, rows: number): Promise<Float32Array>;
}

/** The policy in an ONNX model with input `observation` float32 `[N, inputSize]` and output `logits` float32 `[N, actionCount]`. */
export function onnxPolicy(session: EngineSession, shape: { readonly inputSize: number; readonly actionCount: number }): Policy {
  const { inputSize, actionCount } = shape;
  return {
    inputSize,
    actionCount,
    async probabilities(observations, rows) {
      const outputs = await session.run(
        { observation: { dtype: "float32", dims: [rows, inputSize], data: observations.subarray(0, rows * inputSize) } },
        ["logits"],
      );
      const logits = outputs.logits!.data;
      if (!(logits instanceof Float32Array) || logits.length !== rows * actionCount) {
        throw new MesascopeError(
          "shape-mismatch",
          `the policy answered ${rows} observations with ${logits.length} numbers; expected logits [${rows}, ${actionCount}], float32.`,
        );
      }
      return softmaxRows(logits, actionCount);
    },
  };
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
  return {
    ...shape,
    probabilities: async (_observations, rows) => new Float32Array(rows * shape.actionCount).fill(1 / shape.actionCount),
  };
}

// What base optimizers have in common: a run that is advanced update by update, can be saved and continued, and holds the weights so far.

import type { z } from "zod";
import { MesascopeError } from "../base/errors.ts";

/** Everything needed to continue to bit-identical weights: vectors by name, and plain data (JSON). */
export interface OptimizerSnapshot {
  readonly tensors: Readonly<Record<string, Float32Array | Float64Array>>;
  readonly state: unknown;
}

export interface UpdateMetrics {
  readonly update: number;
  readonly environmentSteps: number;
  readonly episodes: number;
  /** Mean undiscounted return, under the trained objective, of the episodes that ended in the update; null when none ended. */
  readonly meanReturn: number | null;
  /** What else the optimizer tells of the update, by its usual name: `policyLoss`, `entropy`, `stepSize`, … */
  readonly values: Readonly<Record<string, number>>;
}

/** A run of a base optimizer. Holds engine sessions: call `release` when done. */
export interface BaseOptimizer {
  /** The flat parameter vector `[P]` as it is now. Treat as read-only. */
  readonly parameters: Float32Array;
  readonly environmentSteps: number;
  readonly isDone: boolean;
  /** Throws `unconverged` on losses or weights that are no numbers. */
  update(): Promise<UpdateMetrics>;
  snapshot(): OptimizerSnapshot;
  /** Continues from a snapshot of a run with the same options. Throws `invalid-checkpoint` for any other. */
  restore(snapshot: OptimizerSnapshot): void;
  release(): Promise<void>;
}

/**
 * A snapshot taken apart: float32 `tensors` of the lengths that their names are given, and the state as `state` reads it. Throws
 * `invalid-checkpoint` where one is missing or has another length, and for a state that does not follow the schema.
 */
export function readSnapshot<State, Name extends string>(
  snapshot: OptimizerSnapshot,
  expected: { readonly state: z.ZodType<State>; readonly tensors: Readonly<Record<Name, number>> },
): { readonly tensors: Readonly<Record<Name, Float32Array>>; readonly state: State } {
  const tensors: Partial<Record<Name, Float32Array>> = {};
  for (const name in expected.tensors) {
    const data = snapshot.tensors[name];
    const length = expected.tensors[name];
    if (!(data instanceof Float32Array) || data.length !== length) {
      throw new MesascopeError(
        "invalid-checkpoint",
        `a snapshot with ${data === undefined ? "no" : `${data.length} numbers as`} tensor "${name}" given; expected float32 [${length}]. Start the run again.`,
      );
    }
    tensors[name] = data;
  }
  const state = expected.state.safeParse(snapshot.state);
  if (state.success) return { tensors: tensors as Record<Name, Float32Array>, state: state.data };
  const issues = state.error.issues.map((issue) => `${issue.path.join(".") || "state"}: ${issue.message}`);
  throw new MesascopeError(
    "invalid-checkpoint",
    `a snapshot of another optimizer given (${issues.join("; ")}). Start the run again.`,
  );
}

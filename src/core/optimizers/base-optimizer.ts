// What base optimizers have in common: a run that is advanced update by update, can be saved and continued, and holds the weights so far.

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
  /** Continues from a snapshot of a run with the same options. */
  restore(snapshot: OptimizerSnapshot): void;
  release(): Promise<void>;
}

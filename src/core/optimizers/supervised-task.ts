// What supervised training learns from: a task that draws examples, and the model that is fitted to them.

import type { Prng } from "../base/prng.ts";
import type { Tensor } from "../graph/graph.ts";
import type { ParameterSpec, Weights } from "../nets/parameters.ts";

/** dtype and shape of one example's inputs or targets, without the axis of the rows. */
export interface RowType {
  readonly dtype: "float32" | "int32";
  readonly shape: readonly number[];
}

/** Room for `rows` examples, one after another. */
export interface Examples {
  readonly rows: number;
  readonly inputs: Float32Array | Int32Array;
  readonly targets: Float32Array | Int32Array;
}

/** A source of examples without end. Keeps no state of its own: what it draws depends on the generator alone. */
export interface SupervisedTask {
  readonly name: string;
  readonly inputs: RowType;
  readonly targets: RowType;
  /** Fills every place of `examples`. */
  readonly draw: (examples: Examples, prng: Prng) => void;
  /** The loss, a scalar, of a model's outputs `[N, …]` for `targets` `[N, …]`. A mean over rows, so that batches can be taken in slices. */
  readonly loss: (outputs: Tensor, targets: Tensor) => Tensor;
}

/** A function of inputs `[N, …]` with weights to be learned. */
export interface SupervisedModel {
  readonly parameters: readonly ParameterSpec[];
  readonly outputs: (weights: Weights, inputs: Tensor) => Tensor;
}

// What is fed to models most often: flat vectors and single numbers.

import type { TensorData } from "./engine.ts";

/** float32 `[data.length]`, on the array itself. */
export function vector(data: Float32Array): TensorData {
  return { dtype: "float32", dims: [data.length], data };
}

/** float32 `[]`. */
export function scalar(value: number): TensorData {
  return { dtype: "float32", dims: [], data: Float32Array.of(value) };
}

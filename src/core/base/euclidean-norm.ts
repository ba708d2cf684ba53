// The length of a vector. Math.hypot would take the numbers as arguments, too many for long vectors.

/** √Σ xᵢ²; NaN and infinities pass through. */
export function euclideanNorm(vector: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return Math.sqrt(sum);
}

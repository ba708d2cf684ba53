// Linear regression in context (Garg et al. 2022, arXiv:2208.01066): every sequence is a new regression problem, and the last place asks.

import type { Prng } from "../../base/prng.ts";
import { meanSquaredError } from "../../graph/losses.ts";
import { mul } from "../../graph/ops/arithmetic.ts";
import { reshape, split } from "../../graph/ops/layout.ts";
import type { Examples, SupervisedTask } from "../supervised-task.ts";

export interface InContextRegressionOptions {
  /** d, numbers in an x. */
  readonly dimensions: number;
  /** N, pairs shown before the question. */
  readonly examples: number;
  /** x is uniform on (−range, range); default ½. */
  readonly range?: number;
}

/**
 * w ~ N(0, I_d) and x ~ U(−range, range)^d anew for each row; y = w·x without noise. Inputs `[N + 1, d + 1]`: tokens (x, y), and at the last
 * place (x, 0). The target `[1]` is the last y, the loss ½(y − ŷ)² with ŷ the model's output `[rows, N + 1, 1]` at the last place.
 */
export function inContextRegression(options: InContextRegressionOptions): SupervisedTask {
  const { dimensions, examples } = options;
  return {
    name: "in-context regression",
    inputs: { dtype: "float32", shape: [examples + 1, dimensions + 1] },
    targets: { dtype: "float32", shape: [1] },
    draw: (batch, prng) => draw(batch, options, prng),
    loss: (outputs, targets) => {
      const asked = outputs.shape.length === 3 ? split(outputs, [examples, 1], 1)[1]! : outputs;
      return mul(targets.graph.constant(0.5), meanSquaredError(reshape(asked, targets.shape), targets));
    },
  };
}

function draw({ rows, inputs, targets }: Examples, options: InContextRegressionOptions, prng: Prng): void {
  const { dimensions, examples, range = 0.5 } = options;
  const w = new Float64Array(dimensions);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) w[i] = prng.normal();
    for (let place = 0; place <= examples; place++) {
      let y = 0;
      for (let i = 0; i < dimensions; i++) {
        const x = range * (2 * prng.uniform() - 1);
        inputs[at++] = x;
        y += w[i]! * x;
      }
      inputs[at++] = place < examples ? y : 0;
      if (place === examples) targets[row] = y;
    }
  }
}

/**
 * The best that one layer of linear self-attention can do: ŷ = (η/N)·Σ yᵢ xᵢ·x, one step of gradient descent from 0 (von Oswald et al. 2023,
 * arXiv:2212.07677), with the step size and loss that follow from the moments of x: σ² = E xᵢ² = range²/3, t₁ = dσ² (E x·x),
 * t₂ = E|x|⁴/N + (N − 1)dσ⁴/N, η* = t₁/t₂, L* = ½σ²(d − t₁²/t₂). `zero` is the loss of predicting 0, ½dσ².
 */
export function oneStepOptimum(options: InContextRegressionOptions): {
  readonly stepSize: number;
  readonly loss: number;
  readonly zero: number;
} {
  const { dimensions: d, examples: n, range = 0.5 } = options;
  const variance = range ** 2 / 3;
  // E|x|⁴ = d·E xᵢ⁴ + d(d − 1)·σ⁴, and E xᵢ⁴ = range⁴/5.
  const fourth = (d * range ** 4) / 5 + d * (d - 1) * variance ** 2;
  const t1 = d * variance;
  const t2 = fourth / n + ((n - 1) * d * variance ** 2) / n;
  return { stepSize: t1 / t2, loss: 0.5 * variance * (d - t1 ** 2 / t2), zero: 0.5 * d * variance };
}

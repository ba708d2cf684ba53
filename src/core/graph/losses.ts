// Losses and the quantities of distributions that losses are made of. Means are over all rows unless a mask leaves some out.

import type { Tensor } from "./graph.ts";
import { add, div, mul, sub } from "./ops/arithmetic.ts";
import { exp, neg, square } from "./ops/elementwise.ts";
import { gatherElements } from "./ops/gather.ts";
import { expandLike, reshape, unsqueeze } from "./ops/layout.ts";
import { reduceMean, reduceSum } from "./ops/reduce.ts";
import { logSoftmax } from "./ops/softmax.ts";
import { sameShape, throwShapeMismatch } from "./shapes.ts";

/** log p(label) for `logProbs` [..., C] and int32 `labels` [...]: the shape of the labels. */
export function categoricalLogProb(logProbs: Tensor, labels: Tensor): Tensor {
  if (labels.dtype !== "int32" || !sameShape(labels.shape, logProbs.shape.slice(0, -1))) {
    throwShapeMismatch(
      `categoricalLogProb with labels of ${labels.dtype}`,
      [logProbs.shape, labels.shape],
      "log-probabilities [..., C] and int32 labels [...]",
    );
  }
  const chosen = gatherElements(logProbs, unsqueeze(labels, [labels.shape.length]), -1);
  return reshape(chosen, labels.shape);
}

/** −Σ p·log p over the last axis of `logProbs` [..., C], in nats: [...]. */
export function categoricalEntropy(logProbs: Tensor): Tensor {
  return neg(reduceSum(mul(exp(logProbs), logProbs), { axes: [-1] }));
}

/** A normal distribution with independent parts: `logDeviation` broadcasts to the shape of `mean` [..., D]. */
export interface Gaussian {
  readonly mean: Tensor;
  readonly logDeviation: Tensor;
}

/** The log-density of `x` [..., D], summed over the last axis: [...]. */
export function gaussianLogProb({ mean, logDeviation }: Gaussian, x: Tensor): Tensor {
  const { graph } = x;
  const standardized = mul(sub(x, mean), exp(neg(logDeviation)));
  const halfSquare = mul(square(standardized), graph.constant(0.5));
  const constant = graph.constant(0.5 * Math.log(2 * Math.PI));
  return neg(reduceSum(add(halfSquare, add(logDeviation, constant)), { axes: [-1] }));
}

/** ½·log(2πe) + log σ, summed over the last axis, in nats: [...]. It depends on the mean only by its shape. */
export function gaussianEntropy({ mean, logDeviation }: Gaussian): Tensor {
  const { graph } = mean;
  const each = add(logDeviation, graph.constant(0.5 * Math.log(2 * Math.PI * Math.E)));
  return reduceSum(expandLike(each, mean), { axes: [-1] });
}

/**
 * −log p(label) of logits [..., C] and int32 labels [...], the mean over all rows; with `mask` [...] (float32, 0 or 1) over the rows whose
 * mask is 1. The loss of an empty mask is no number.
 */
export function crossEntropy(logits: Tensor, labels: Tensor, mask?: Tensor): Tensor {
  return neg(meanOver(categoricalLogProb(logSoftmax(logits), labels), mask));
}

/** −Σ q·log p of logits [..., C] and target probabilities [..., C], the mean over rows, as `crossEntropy`. */
export function softCrossEntropy(logits: Tensor, probabilities: Tensor, mask?: Tensor): Tensor {
  requireOneShape("softCrossEntropy", logits, probabilities);
  return neg(meanOver(reduceSum(mul(probabilities, logSoftmax(logits)), { axes: [-1] }), mask));
}

/** The mean of (prediction − target)² over all elements, or over those whose `mask` is 1 (as `crossEntropy`, of the same shape). */
export function meanSquaredError(predictions: Tensor, targets: Tensor, mask?: Tensor): Tensor {
  requireOneShape("meanSquaredError", predictions, targets);
  return meanOver(square(sub(predictions, targets)), mask);
}

function meanOver(rows: Tensor, mask: Tensor | undefined): Tensor {
  if (mask === undefined) return reduceMean(rows);
  requireOneShape("mask", rows, mask);
  return div(reduceSum(mul(rows, mask)), reduceSum(mask));
}

function requireOneShape(name: string, a: Tensor, b: Tensor): void {
  if (!sameShape(a.shape, b.shape) || b.dtype !== "float32") throwShapeMismatch(name, [a.shape, b.shape], "one shape, float32");
}

// Update rules as plain data, and their steps as graph nodes on one flat vector of parameters: Adam, AdamW, SGD, RMSProp.
// Each is held against PyTorch's optimizer of that name; clipping and Adam itself are in optimizers.ts.

import type { Tensor } from "./graph.ts";
import { add, div, mul, sub } from "./ops/arithmetic.ts";
import { sqrt, square } from "./ops/elementwise.ts";
import { adam } from "./optimizers.ts";
import { sameShape, throwShapeMismatch } from "./shapes.ts";

/** How a gradient changes the parameters. Plain data; what is left out stands at the default named. */
export type UpdateRule = AdamRule | AdamWRule | SgdRule | RmsPropRule;

interface AdamRule {
  readonly kind: "adam";
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** L2: this times the parameter is added to the (clipped) gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Adam with decay that bypasses the moments: parameters shrink by learning rate × weightDecay (Loshchilov and Hutter 2019, arXiv:1711.05101). */
interface AdamWRule {
  readonly kind: "adamw";
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Default 0.01. */
  readonly weightDecay?: number;
}

interface SgdRule {
  readonly kind: "sgd";
  /** v ← momentum·v + g, without dampening; default 0. */
  readonly momentum?: number;
  /** Steps along g + momentum·v instead of v (Sutskever et al. 2013); default no. */
  readonly nesterov?: boolean;
  /** L2; default 0. */
  readonly weightDecay?: number;
}

/** g / (√(running mean of g²) + epsilon) (Tieleman and Hinton 2012, lecture 6.5), not centered. */
interface RmsPropRule {
  readonly kind: "rmsprop";
  /** Weight of the past in the running mean; default 0.99. */
  readonly smoothing?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Of the scaled gradient; default 0. */
  readonly momentum?: number;
  /** L2; default 0. */
  readonly weightDecay?: number;
}

/** Vectors `[P]` that a rule carries from step to step, by name; zeros before the first step. */
export type Slots = Readonly<Record<string, Tensor>>;

export interface UpdateOptions {
  /** [P] float32, like the gradient and every slot. */
  readonly parameters: Tensor;
  readonly gradient: Tensor;
  /** One for each name of `slotNames`. */
  readonly slots: Slots;
  /** A float32 scalar. */
  readonly learningRate: Tensor;
  /** A float32 scalar: 1 at the first step. */
  readonly step: Tensor;
  /** [P] float32: 1 for the parameters that decay, 0 for the others. Default: all decay. */
  readonly decayMask?: Tensor;
}

export interface UpdateResult {
  readonly parameters: Tensor;
  readonly slots: Slots;
}

/** The names of the vectors that `rule` carries. */
export function slotNames(rule: UpdateRule): readonly string[] {
  switch (rule.kind) {
    case "adam":
    case "adamw":
      return ["firstMoment", "secondMoment"];
    case "sgd":
      return rule.momentum ? ["velocity"] : [];
    case "rmsprop":
      return ["meanSquare", ...(rule.momentum ? ["velocity"] : [])];
    default:
      return rule satisfies never;
  }
}

/** One step of `rule`. Throws `shape-mismatch` when the vectors differ in length. */
export function applyUpdate(rule: UpdateRule, options: UpdateOptions): UpdateResult {
  const { parameters, gradient, slots } = options;
  for (const tensor of [gradient, ...slotNames(rule).map((name) => slots[name]), options.decayMask ?? gradient]) {
    if (tensor === undefined || !sameShape(tensor.shape, parameters.shape)) {
      throwShapeMismatch(rule.kind, [parameters.shape, tensor?.shape ?? []], `one shape for all of ${slotNames(rule)}`);
    }
  }
  switch (rule.kind) {
    case "adam":
      return adamStep(rule, { ...options, gradient: withPenalty(rule, options) });
    case "adamw":
      return adamStep(rule, { ...options, parameters: shrunk(rule, options) });
    case "sgd":
      return sgdStep(rule, { ...options, gradient: withPenalty(rule, options) });
    case "rmsprop":
      return rmsPropStep(rule, { ...options, gradient: withPenalty(rule, options) });
    default:
      return rule satisfies never;
  }
}

function adamStep(rule: AdamRule | AdamWRule, options: UpdateOptions): UpdateResult {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = rule;
  const { firstMoment, secondMoment } = options.slots;
  const result = adam({ ...options, firstMoment: firstMoment!, secondMoment: secondMoment!, beta1, beta2, epsilon });
  return {
    parameters: result.parameters,
    slots: { firstMoment: result.firstMoment, secondMoment: result.secondMoment },
  };
}

function sgdStep(rule: SgdRule, { parameters, gradient, slots, learningRate }: UpdateOptions): UpdateResult {
  if (!rule.momentum) return { parameters: sub(parameters, mul(gradient, learningRate)), slots: {} };
  const momentum = gradient.graph.constant(rule.momentum);
  const velocity = add(mul(slots.velocity!, momentum), gradient);
  const direction = rule.nesterov ? add(gradient, mul(velocity, momentum)) : velocity;
  return { parameters: sub(parameters, mul(direction, learningRate)), slots: { velocity } };
}

function rmsPropStep(rule: RmsPropRule, { parameters, gradient, slots, learningRate }: UpdateOptions): UpdateResult {
  const { graph } = gradient;
  const { smoothing = 0.99, epsilon = 1e-8 } = rule;
  const old = slots.meanSquare!;
  const meanSquare = add(old, mul(sub(square(gradient), old), graph.constant(1 - smoothing)));
  const scaled = div(gradient, add(sqrt(meanSquare), graph.constant(epsilon)));
  if (!rule.momentum) return { parameters: sub(parameters, mul(scaled, learningRate)), slots: { meanSquare } };
  const velocity = add(mul(slots.velocity!, graph.constant(rule.momentum)), scaled);
  return { parameters: sub(parameters, mul(velocity, learningRate)), slots: { meanSquare, velocity } };
}

/** The gradient of the loss plus ½·weightDecay·|parameters|². */
function withPenalty(rule: { readonly weightDecay?: number }, { parameters, gradient, decayMask }: UpdateOptions): Tensor {
  if (!rule.weightDecay) return gradient;
  const decaying = decayMask === undefined ? parameters : mul(parameters, decayMask);
  return add(gradient, mul(decaying, gradient.graph.constant(rule.weightDecay)));
}

/** parameters · (1 − learningRate · weightDecay), where they decay. */
function shrunk(rule: AdamWRule, { parameters, learningRate, decayMask }: UpdateOptions): Tensor {
  const amount = mul(learningRate, parameters.graph.constant(rule.weightDecay ?? 0.01));
  const decaying = decayMask === undefined ? parameters : mul(parameters, decayMask);
  return sub(parameters, mul(decaying, amount));
}

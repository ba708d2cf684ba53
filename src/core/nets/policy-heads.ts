// The two heads of every policy network: logits and value, read off the same hidden layer.

import type { Tensor } from "../graph/graph.ts";
import { concat, reshape, split } from "../graph/ops/layout.ts";
import { linear } from "../graph/ops/mat-mul.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";

/** `policy.weight`, `policy.bias`, `value.weight`, `value.bias`: orthogonal, gains .01 and 1, as in CleanRL's ppo.py. */
export function headParameters(width: number, actionCount: number): ParameterSpec[] {
  return [
    { name: "policy.weight", shape: [width, actionCount], initial: { kind: "orthogonal", gain: 0.01 } },
    { name: "policy.bias", shape: [actionCount], initial: { kind: "zeros" } },
    { name: "value.weight", shape: [width, 1], initial: { kind: "orthogonal", gain: 1 } },
    { name: "value.bias", shape: [1], initial: { kind: "zeros" } },
  ];
}

/**
 * `logits` `[N, actionCount]` and `value` `[N]` of hidden states `[N, width]`. One product for both: a few columns cost an engine about as
 * much as one, forwards and twice backwards.
 */
export function heads(weights: Weights, hidden: Tensor): { readonly logits: Tensor; readonly value: Tensor } {
  const [policy, value] = [weights["policy.weight"]!, weights["value.weight"]!];
  const weight = concat([policy, value], 1);
  const bias = concat([weights["policy.bias"]!, weights["value.bias"]!], 0);
  const [logits, values] = split(linear(hidden, weight, bias), [Number(policy.shape[1]), 1], 1);
  return { logits: logits!, value: reshape(values!, [hidden.shape[0]!]) };
}

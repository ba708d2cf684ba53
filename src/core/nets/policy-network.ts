// A network as the optimizers and exporters see it: its parameters, and its two forms.

import type { Tensor } from "../graph/graph.ts";
import { type MlpOptions, mlpOnActive, mlpOnDense, mlpParameters, type PolicyOutputs, type PolicyShape } from "./mlp.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";

/** Plain data: what a recipe says of its network. */
export type NetworkOptions = MlpOptions;

export interface PolicyNetwork {
  readonly shape: PolicyShape;
  readonly parameters: readonly ParameterSpec[];
  /** On the places of the ones, int32 `[N, K]`. */
  readonly onActive: (weights: Weights, active: Tensor) => PolicyOutputs;
  /** On dense observations, float32 `[N, inputSize]`; the same function of the observation. */
  readonly onDense: (weights: Weights, observation: Tensor) => PolicyOutputs;
}

export function policyNetwork(options: NetworkOptions, shape: PolicyShape): PolicyNetwork {
  return { shape, parameters: mlpParameters(options, shape), onActive: mlpOnActive, onDense: mlpOnDense };
}

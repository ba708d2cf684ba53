// The convolutional network: 3 × 3 convolutions one after another, a dense layer, a policy head and a value head.

import type { Tensor } from "../graph/graph.ts";
import { relu } from "../graph/ops/elementwise.ts";
import { convLayer, convParameters, denseHeadParameters, denseHeads } from "./conv-layers.ts";
import { planesOnActive, planesOnDense, planesShape } from "./conv-planes.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { PolicyOutputs, PolicyShape, ReactiveNetwork } from "./policy-shape.ts";

export interface ConvNetOptions {
  readonly kind: "conv";
  /** Channels of the convolutions, at least one. Kernels are 3 × 3 and keep height and width. */
  readonly channels: readonly number[];
  /** Width of the dense layer. */
  readonly dense: number;
}

/**
 * The network on planes. Its hook points are `conv.0.pre`, `conv.0.post` (`[N, channels, height, width]`), …, `dense.pre`, `dense.post`
 * (`[N, dense]`). Orthogonal weights, gain √2, .01 (policy head), 1 (value head), as in CleanRL's ppo_atari.py. Throws `usage` when
 * the observation is no planes.
 */
export function conv(options: ConvNetOptions, shape: PolicyShape): ReactiveNetwork {
  const planes = planesShape(options.kind, shape);
  const parameters: ParameterSpec[] = [];
  let inputs = planes.channels;
  options.channels.forEach((outputs, layer) => {
    parameters.push(...convParameters(`conv.${layer}`, { inputs, outputs, gain: Math.SQRT2 }));
    inputs = outputs;
  });
  const features = inputs * planes.height * planes.width;
  parameters.push(...denseHeadParameters({ features, dense: options.dense, actionCount: shape.actionCount }));

  const onPlanes = (weights: Weights, observation: Tensor): PolicyOutputs => {
    const hooks: Record<string, Tensor> = {};
    let x = observation;
    options.channels.forEach((_, layer) => {
      const pre = convLayer(weights, `conv.${layer}`, x);
      x = relu(pre);
      hooks[`conv.${layer}.pre`] = pre;
      hooks[`conv.${layer}.post`] = x;
    });
    return denseHeads(weights, x, hooks);
  };
  return {
    kind: "reactive",
    shape,
    parameters,
    onActive: (weights, active) => onPlanes(weights, planesOnActive(active, planes)),
    onDense: (weights, observation) => onPlanes(weights, planesOnDense(observation, planes)),
  };
}

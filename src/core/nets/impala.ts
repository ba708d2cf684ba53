// The residual network of IMPALA (Espeholt et al. 2018, arXiv:1802.01561, figure 3, right; without its LSTM), for small boards.

import type { Tensor } from "../graph/graph.ts";
import { add } from "../graph/ops/arithmetic.ts";
import { relu } from "../graph/ops/elementwise.ts";
import { identity } from "../graph/ops/identity.ts";
import { maxPool2d } from "../graph/ops/pool.ts";
import { convLayer, convParameters, denseHeadParameters, denseHeads } from "./conv-layers.ts";
import { planesOnActive, planesOnDense, planesShape } from "./conv-planes.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { PolicyOutputs, PolicyShape, ReactiveNetwork } from "./policy-shape.ts";

export interface ImpalaOptions {
  readonly kind: "impala";
  /** Channels of the stages, at least one; the paper has [16, 32, 32]. Each stage halves height and width. */
  readonly channels: readonly number[];
  /** Width of the dense layer; the paper has 256. */
  readonly dense: number;
}

const blocksPerStage = 2;
const pool = { size: 3, stride: 2, padding: 1 } as const;

/**
 * The network on planes: in each stage a 3 × 3 convolution, max pooling of 3 × 3 by steps of 2, and two residual blocks
 * x + conv(relu(conv(relu(x)))); then ReLU, a dense layer with ReLU, and the heads. Throws `usage` when the observation is no planes.
 *
 * Hook points, in order: `stages.0.conv`, `stages.0.pool`, `stages.0.blocks.0.pre` (what the block is given), `.mid` (after its first
 * convolution, before ReLU), `.post` (the sum), `stages.0.blocks.1.pre`, …, `dense.pre`, `dense.post`; planes `[N, channels, H, W]`
 * before the dense layer.
 *
 * Orthogonal weights as in CleanRL: gain √2 after a ReLU, 1 where none comes before, and for the second convolution of a block ½, so that
 * blocks begin near the identity and the deeper net does not begin with larger outputs (CleanRL's own IMPALA net has other scales).
 */
export function impala(options: ImpalaOptions, shape: PolicyShape): ReactiveNetwork {
  const planes = planesShape(options.kind, shape);
  const onPlanes = (weights: Weights, observation: Tensor): PolicyOutputs => {
    const hooks: Record<string, Tensor> = {};
    let x = observation;
    options.channels.forEach((_, stage) => {
      x = runStage(weights, `stages.${stage}`, { x, hooks });
    });
    return denseHeads(weights, relu(x), hooks);
  };
  return {
    kind: "reactive",
    shape,
    parameters: impalaParameters(options, shape),
    onActive: (weights, active) => onPlanes(weights, planesOnActive(active, planes)),
    onDense: (weights, observation) => onPlanes(weights, planesOnDense(observation, planes)),
  };
}

function impalaParameters(options: ImpalaOptions, shape: PolicyShape): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  let { channels: inputs, height, width } = planesShape(options.kind, shape);
  options.channels.forEach((outputs, stage) => {
    specs.push(...convParameters(`stages.${stage}.conv`, { inputs, outputs, gain: 1 }));
    for (let block = 0; block < blocksPerStage; block++) {
      const name = `stages.${stage}.blocks.${block}`;
      specs.push(...convParameters(`${name}.first`, { inputs: outputs, outputs, gain: Math.SQRT2 }));
      specs.push(...convParameters(`${name}.second`, { inputs: outputs, outputs, gain: 0.5 }));
    }
    inputs = outputs;
    [height, width] = [Math.ceil(height / pool.stride), Math.ceil(width / pool.stride)];
  });
  const features = inputs * height * width;
  return [...specs, ...denseHeadParameters({ features, dense: options.dense, actionCount: shape.actionCount })];
}

/** One stage on planes `x`; adds its hook points to `hooks`. */
function runStage(
  weights: Weights,
  name: string,
  { x, hooks }: { readonly x: Tensor; readonly hooks: Record<string, Tensor> },
): Tensor {
  const convolved = convLayer(weights, `${name}.conv`, x);
  const pooled = maxPool2d(convolved, pool);
  hooks[`${name}.conv`] = convolved;
  hooks[`${name}.pool`] = pooled;
  let result = pooled;
  for (let block = 0; block < blocksPerStage; block++) {
    const at = `${name}.blocks.${block}`;
    const pre = identity(result);
    const mid = convLayer(weights, `${at}.first`, relu(pre));
    result = add(pre, convLayer(weights, `${at}.second`, relu(mid)));
    hooks[`${at}.pre`] = pre;
    hooks[`${at}.mid`] = mid;
    hooks[`${at}.post`] = result;
  }
  return result;
}

// A recurrent network whose memory is planes: the gated recurrent unit with convolutions in place of products (Ballas et al. 2016,
// arXiv:1511.06432), after one convolution of the observation and before a dense layer and the heads.

import type { Tensor } from "../graph/graph.ts";
import { add, mul, sub } from "../graph/ops/arithmetic.ts";
import { conv2d } from "../graph/ops/conv.ts";
import { relu, sigmoid, tanh } from "../graph/ops/elementwise.ts";
import { concat, reshape, split } from "../graph/ops/layout.ts";
import { convLayer, convParameters, denseHeadParameters, denseHeads } from "./conv-layers.ts";
import { type PlanesShape, planesOnActive, planesOnDense, planesShape } from "./conv-planes.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { PolicyOutputs, PolicyShape, RecurrentNetwork, StepOutputs, Unrolling } from "./policy-shape.ts";

export interface ConvGruOptions {
  readonly kind: "conv-gru";
  /** Channels of the convolution of the observation. */
  readonly embed: number;
  /** Channels of the memory, which has the height and width of the observation. */
  readonly hidden: number;
  /** Width of the dense layer. */
  readonly dense: number;
  /** Where the bias of the update gate starts; default 1, as in gru.ts. */
  readonly updateBias?: number;
}

/** Sizes of the cell. */
interface Cell extends Omit<PlanesShape, "channels"> {
  readonly hidden: number;
}

/**
 * The network on planes. Kernels are 3 × 3 and keep height and width. Hook points of a step: `embed.pre`, `embed.post`
 * (`[N, embed, height, width]`), `conv-gru.reset`, `.update`, `.candidate`, `.state` (`[N, hidden, height, width]`), `dense.pre`,
 * `dense.post`; unrolled, those of step t (from 0) bear the prefix `step.t.`. The memory is the state laid flat. Orthogonal weights, gain √2
 * before ReLU and 1 in the cell. Throws `usage` when the observation is no planes.
 */
export function convGru(options: ConvGruOptions, shape: PolicyShape): RecurrentNetwork {
  const planes = planesShape(options.kind, shape);
  const cell = { hidden: options.hidden, height: planes.height, width: planes.width };
  const step = (weights: Weights, observation: Tensor, memory: Tensor): StepOutputs => {
    const embedded = embed(weights, observation);
    const { state, hooks } = cellStep(weights, readPlanes(weights, embedded.post), fold(memory, cell));
    return {
      ...denseHeads(weights, state, { "embed.pre": embedded.pre, "embed.post": embedded.post, ...hooks }),
      memory: reshape(state, [0, -1]),
    };
  };
  return {
    kind: "recurrent",
    shape,
    memorySize: cell.hidden * cell.height * cell.width,
    parameters: convGruParameters(options, { planes, actionCount: shape.actionCount }),
    stepOnActive: (weights, active, memory) => step(weights, planesOnActive(active, planes), memory),
    stepOnDense: (weights, observation, memory) => step(weights, planesOnDense(observation, planes), memory),
    unroll: (weights, unrolling) => unroll(weights, unrolling, { planes, cell }),
  };
}

function convGruParameters(
  { embed, hidden, dense, updateBias = 1 }: ConvGruOptions,
  { planes, actionCount }: { readonly planes: PlanesShape; readonly actionCount: number },
): ParameterSpec[] {
  const [fromInput] = convParameters("conv-gru.input", { inputs: embed, outputs: 3 * hidden, gain: 1 });
  const [fromMemory] = convParameters("conv-gru.recurrent", { inputs: hidden, outputs: 3 * hidden, gain: 1 });
  return [
    ...convParameters("embed", { inputs: planes.channels, outputs: embed, gain: Math.SQRT2 }),
    fromInput!,
    { name: "conv-gru.input.bias", shape: [3 * hidden], initial: { kind: "constant", blocks: [0, updateBias, 0] } },
    fromMemory!,
    ...denseHeadParameters({ features: hidden * planes.height * planes.width, dense, actionCount }),
  ];
}

/**
 * One step of the cell in the form of gru.ts, with ∗ for convolution: r = σ(W_r ∗ x + U_r ∗ h + b_r), z = σ(W_z ∗ x + U_z ∗ h + b_z),
 * n = tanh(W_n ∗ x + b_n + r ∘ (U_n ∗ h)), state z ∘ h + (1 − z) ∘ n. Ballas et al. reset the memory before U_n, which takes a second
 * convolution a step, and have z and 1 − z exchanged. `read` is W ∗ x + b of all three, `memory` is h.
 */
function cellStep(
  weights: Weights,
  read: Tensor,
  memory: Tensor,
): { readonly state: Tensor; readonly hooks: PolicyOutputs["hooks"] } {
  const hidden = memory.shape[1] as number;
  const fromMemory = conv2d(memory, { weight: weights["conv-gru.recurrent.weight"]!, padding: 1 });
  const [gates, candidateOfInput] = split(read, [2 * hidden, hidden], 1);
  const [gatesOfMemory, candidateOfMemory] = split(fromMemory, [2 * hidden, hidden], 1);
  const [reset, update] = split(sigmoid(add(gates!, gatesOfMemory!)), [hidden, hidden], 1);
  const candidate = tanh(add(candidateOfInput!, mul(reset!, candidateOfMemory!)));
  const state = add(candidate, mul(update!, sub(memory, candidate)));
  const hooks = { reset: reset!, update: update!, candidate, state };
  return { state, hooks: Object.fromEntries(Object.entries(hooks).map(([name, tensor]) => [`conv-gru.${name}`, tensor])) };
}

/** What the cell computes of its inputs, whatever the memory: done for all steps of an unrolling at once. */
function readPlanes(weights: Weights, inputs: Tensor): Tensor {
  return convLayer(weights, "conv-gru.input", inputs);
}

function embed(weights: Weights, observation: Tensor): { readonly pre: Tensor; readonly post: Tensor } {
  const pre = convLayer(weights, "embed", observation);
  return { pre, post: relu(pre) };
}

function fold(memory: Tensor, { hidden, height, width }: Cell): Tensor {
  return reshape(memory, [0, hidden, height, width]);
}

/** Backpropagation through all `steps`: nothing is cut off but what `keep` wipes. */
function unroll(
  weights: Weights,
  { active, steps, memory, keep }: Unrolling,
  { planes, cell }: { readonly planes: PlanesShape; readonly cell: Cell },
): PolicyOutputs {
  const embedded = embed(weights, planesOnActive(active, planes));
  // Split, not Slice: its gradient is one Concat.
  const inSteps = (x: Tensor) => split(x, new Array<number>(steps).fill(Number(x.shape[0]) / steps), 0);
  const reads = inSteps(readPlanes(weights, embedded.post));
  const keeps = inSteps(reshape(keep, [-1, 1, 1, 1]));
  const cells: ReturnType<typeof cellStep>[] = [];
  let carried = fold(memory, cell);
  for (let t = 0; t < steps; t++) {
    cells.push(cellStep(weights, reads[t]!, mul(carried, keeps[t]!)));
    carried = cells[t]!.state;
  }
  const {
    logits,
    value,
    hooks: atEnd,
  } = denseHeads(
    weights,
    concat(
      cells.map(({ state }) => state),
      0,
    ),
    {},
  );
  const before = Object.entries({ "embed.pre": embedded.pre, "embed.post": embedded.post });
  const [first, last] = [before, Object.entries(atEnd)].map((hooks) => hooks.map(([name, x]) => [name, inSteps(x)] as const));
  const hooks: Record<string, Tensor> = {};
  for (let t = 0; t < steps; t++) {
    const ofStep = {
      ...Object.fromEntries(first!.map(([name, parts]) => [name, parts[t]!])),
      ...cells[t]!.hooks,
      ...Object.fromEntries(last!.map(([name, parts]) => [name, parts[t]!])),
    };
    for (const [name, x] of Object.entries(ofStep)) hooks[`step.${t}.${name}`] = x;
  }
  return { logits, value, hooks };
}

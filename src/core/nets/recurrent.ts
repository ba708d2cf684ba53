// What networks with memory have in common: an embedding of the observation, a cell that carries the memory, a policy head and a value
// head; one step at a time, or unrolled over many for training. The cells are in gru.ts and lstm.ts.

import type { Tensor } from "../graph/graph.ts";
import { add, mul } from "../graph/ops/arithmetic.ts";
import { relu } from "../graph/ops/elementwise.ts";
import { concat, reshape, split } from "../graph/ops/layout.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import { sparseRowSum } from "../graph/ops/sparse-row-sum.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import { headParameters, heads } from "./policy-heads.ts";
import type { PolicyShape, RecurrentNetwork, StepOutputs, Unrolling } from "./policy-shape.ts";

export interface RecurrentSizes {
  /** Width of the layer between the observation and the cell. */
  readonly embed: number;
  /** Width of the cell's state. */
  readonly hidden: number;
}

/** One step of a cell on `[N, …]` tensors. */
export interface CellStep {
  /** What the heads read, `[N, hidden]`. */
  readonly state: Tensor;
  /** What the next step is to be given, `[N, memorySize]`. */
  readonly memory: Tensor;
  readonly hooks: Readonly<Record<string, Tensor>>;
}

/** How a memory is carried from step to step. */
export interface Cell {
  readonly parameters: readonly ParameterSpec[];
  readonly memorySize: number;
  readonly withWeights: (weights: Weights) => {
    /** What the cell computes of its inputs `[N, embed]` alone, whatever the memory: done for all steps of an unrolling at once. */
    readonly read: (inputs: Tensor) => readonly Tensor[];
    /** `read` is what the function of that name gave for this step's inputs. */
    readonly step: (read: readonly Tensor[], memory: Tensor) => CellStep;
  };
}

/**
 * The network around a cell. Its hook points are `embed.pre`, `embed.post` and the cell's; unrolled, those of step t (from 0) bear the
 * prefix `step.t.`: `step.3.gru.state`. Hook points that nobody asks for cost nothing. Heads and embedding start as in mlp.ts.
 */
export function recurrentNetwork(cell: Cell, options: RecurrentSizes, shape: PolicyShape): RecurrentNetwork {
  const { memorySize } = cell;
  const step = (weights: Weights, firstProduct: Tensor, memory: Tensor): StepOutputs => {
    const embedded = embed(weights, firstProduct);
    const { read, step: stepCell } = cell.withWeights(weights);
    const { state, memory: next, hooks } = stepCell(read(embedded.post), memory);
    return {
      ...heads(weights, state),
      memory: next,
      hooks: { "embed.pre": embedded.pre, "embed.post": embedded.post, ...hooks },
    };
  };
  return {
    kind: "recurrent",
    shape,
    memorySize,
    parameters: [...outerParameters(options, shape), ...cell.parameters],
    stepOnActive: (weights, active, memory) => step(weights, sparseRowSum(weights["embed.weight"]!, active), memory),
    stepOnDense: (weights, observation, memory) => step(weights, matMul(observation, weights["embed.weight"]!), memory),
    unroll: (weights, unrolling) => unroll(cell, weights, unrolling),
  };
}

function outerParameters({ embed, hidden }: RecurrentSizes, shape: PolicyShape): ParameterSpec[] {
  return [
    { name: "embed.weight", shape: [shape.inputSize, embed], initial: { kind: "orthogonal", gain: Math.SQRT2 } },
    { name: "embed.bias", shape: [embed], initial: { kind: "zeros" } },
    ...headParameters(hidden, shape.actionCount),
  ];
}

/** Backpropagation through all `steps`: nothing is cut off but what `keep` wipes. */
function unroll(cell: Cell, weights: Weights, { active, steps, memory, keep }: Unrolling) {
  const embedded = embed(weights, sparseRowSum(weights["embed.weight"]!, active));
  // Split, not Slice: its gradient is one Concat.
  const inSteps = (tensor: Tensor) => split(tensor, new Array<number>(steps).fill(Number(tensor.shape[0]) / steps), 0);
  const { read, step } = cell.withWeights(weights);
  const reads = read(embedded.post).map(inSteps);
  const keeps = inSteps(reshape(keep, [-1, 1]));
  const [pres, posts] = [inSteps(embedded.pre), inSteps(embedded.post)];
  const hooks: Record<string, Tensor> = {};
  const states: Tensor[] = [];
  let carried = memory;
  for (let t = 0; t < steps; t++) {
    const {
      state,
      memory: next,
      hooks: ofCell,
    } = step(
      reads.map((ofSteps) => ofSteps[t]!),
      mul(carried, keeps[t]!),
    );
    for (const [name, tensor] of Object.entries({ "embed.pre": pres[t]!, "embed.post": posts[t]!, ...ofCell })) {
      hooks[`step.${t}.${name}`] = tensor;
    }
    states.push(state);
    carried = next;
  }
  return { ...heads(weights, concat(states, 0)), hooks };
}

function embed(weights: Weights, firstProduct: Tensor): { readonly pre: Tensor; readonly post: Tensor } {
  const pre = add(firstProduct, weights["embed.bias"]!);
  return { pre, post: relu(pre) };
}

// What a policy network is to the optimizers and exporters, whatever its architecture: its parameters and its forms. The architectures lie
// beside this file; policy-network.ts is their list.

import type { Tensor } from "../graph/graph.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";

export interface PolicyShape {
  /** Length of the dense observation. */
  readonly inputSize: number;
  /** What the observation is before it is laid flat: `[inputSize]`, or planes `[channels, height, width]`. */
  readonly observationShape: readonly number[];
  readonly actionCount: number;
}

export interface PolicyOutputs {
  /** `[N, actionCount]` */
  readonly logits: Tensor;
  /** `[N]` */
  readonly value: Tensor;
  /** The canonical hook points by name, in order of computation. */
  readonly hooks: Readonly<Record<string, Tensor>>;
}

/** What a step of a network with memory gives besides. */
export interface StepOutputs extends PolicyOutputs {
  /** What the next step is to be given, `[N, memorySize]`. */
  readonly memory: Tensor;
}

interface NetworkParts {
  readonly shape: PolicyShape;
  /** Those of the value head, which the logits do not depend on, are named `value.…`. */
  readonly parameters: readonly ParameterSpec[];
}

/** A network without memory. */
export interface ReactiveNetwork extends NetworkParts {
  readonly kind: "reactive";
  /** On the places of the ones, int32 `[N, K]` padded with the input size. */
  readonly onActive: (weights: Weights, active: Tensor) => PolicyOutputs;
  /** On dense observations, float32 `[N, inputSize]`; the same function of the observation. */
  readonly onDense: (weights: Weights, observation: Tensor) => PolicyOutputs;
  /** Where the architecture has a quicker form for many members at once than a graph of many networks. */
  readonly population?: PopulationForm;
}

/** The logits of several networks of one architecture, each on observations of its own. */
export interface PopulationForm {
  /** The weight whose rows the places of ones select, `[inputSize, width]`. */
  readonly table: string;
  /**
   * Logits `[members · rows, actionCount]`. Weights are `[members, ...shape]`, but the table is `[members · (inputSize + 1), width]`: each
   * member's rows and a row of zeros. `active` is int32 `[members · rows, K]`, all rows of the first member first, places counted in the table.
   */
  readonly logits: (weights: Weights, active: Tensor) => Tensor;
}

export interface Unrolling {
  /** Observations as places of ones, int32 `[steps · rows, K]`, all rows of the first step first. */
  readonly active: Tensor;
  readonly steps: number;
  /** Memory before the first step, `[rows, memorySize]`. */
  readonly memory: Tensor;
  /** float32 `[steps, rows]`: 0 where a step begins an episode, so that its memory is wiped first; else 1. */
  readonly keep: Tensor;
}

/** A network that carries `memorySize` numbers from each step of an episode to the next, zeros before the first. */
export interface RecurrentNetwork extends NetworkParts {
  readonly kind: "recurrent";
  readonly memorySize: number;
  /** One step; `memory` is `[N, memorySize]`. */
  readonly stepOnActive: (weights: Weights, active: Tensor, memory: Tensor) => StepOutputs;
  readonly stepOnDense: (weights: Weights, observation: Tensor, memory: Tensor) => StepOutputs;
  /** All steps of a piece of an episode, differentiable through time; outputs have `steps · rows` lines, as `active` has. */
  readonly unroll: (weights: Weights, unrolling: Unrolling) => PolicyOutputs;
}

export type PolicyNetwork = ReactiveNetwork | RecurrentNetwork;

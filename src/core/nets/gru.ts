// The gated recurrent unit. What is around the cell is in recurrent.ts.

import { add, mul, sub } from "../graph/ops/arithmetic.ts";
import { sigmoid, tanh } from "../graph/ops/elementwise.ts";
import { split } from "../graph/ops/layout.ts";
import { linear, matMul } from "../graph/ops/mat-mul.ts";
import type { PolicyShape, RecurrentNetwork } from "./policy-shape.ts";
import { type Cell, type RecurrentSizes, recurrentNetwork } from "./recurrent.ts";

export interface GruOptions extends RecurrentSizes {
  readonly kind: "gru";
  /** Where the bias of the update gate starts; default 1. The higher, the longer a memory lasts before anything is learned. */
  readonly updateBias?: number;
}

/** The network; the hook points of its cell are `gru.reset`, `gru.update`, `gru.candidate` and `gru.state`, each `[N, hidden]`. */
export function gru(options: GruOptions, shape: PolicyShape): RecurrentNetwork {
  return recurrentNetwork(gruCell(options), options, shape);
}

/**
 * Cho et al. 2014 (arXiv:1406.1078) in the form of PyTorch's GRU (Keras calls it reset_after), whose products with the memory h wait for no
 * gate: reset r = σ(W_r x + U_r h + b_r), update z = σ(W_z x + U_z h + b_z), candidate n = tanh(W_n x + b_n + r ∘ U_n h), state
 * z ∘ h + (1 − z) ∘ n. The memory is the state. Gates lie in PyTorch's order r, z, n; its second bias vector is left out.
 */
function gruCell({ embed, hidden, updateBias = 1 }: GruOptions): Cell {
  return {
    memorySize: hidden,
    parameters: [
      { name: "gru.input.weight", shape: [embed, 3 * hidden], initial: { kind: "orthogonal", gain: 1, blocks: 3 } },
      { name: "gru.input.bias", shape: [3 * hidden], initial: { kind: "constant", blocks: [0, updateBias, 0] } },
      { name: "gru.recurrent.weight", shape: [hidden, 3 * hidden], initial: { kind: "orthogonal", gain: 1, blocks: 3 } },
    ],
    withWeights: (weights) => {
      // Gates and candidate apart, so that no product of a step has to be taken apart.
      const parts = [2 * hidden, hidden];
      const [inputGates, inputCandidate] = split(weights["gru.input.weight"]!, parts, 1);
      const [biasGates, biasCandidate] = split(weights["gru.input.bias"]!, parts, 0);
      const [memoryGates, memoryCandidate] = split(weights["gru.recurrent.weight"]!, parts, 1);
      return {
        read: (inputs) => [linear(inputs, inputGates!, biasGates!), linear(inputs, inputCandidate!, biasCandidate!)],
        step: ([readGates, readCandidate], memory) => {
          const gates = sigmoid(linear(memory, memoryGates!, readGates!));
          const [reset, update] = split(gates, [hidden, hidden], 1);
          const candidate = tanh(add(readCandidate!, mul(reset!, matMul(memory, memoryCandidate!))));
          const state = add(candidate, mul(update!, sub(memory, candidate)));
          return {
            state,
            memory: state,
            hooks: { "gru.reset": reset!, "gru.update": update!, "gru.candidate": candidate, "gru.state": state },
          };
        },
      };
    },
  };
}

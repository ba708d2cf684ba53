// Long short-term memory. What is around the cell is in recurrent.ts.

import { add, mul } from "../graph/ops/arithmetic.ts";
import { sigmoid, tanh } from "../graph/ops/elementwise.ts";
import { concat, split } from "../graph/ops/layout.ts";
import { linear } from "../graph/ops/mat-mul.ts";
import type { PolicyShape, RecurrentNetwork } from "./policy-shape.ts";
import { type Cell, type RecurrentSizes, recurrentNetwork } from "./recurrent.ts";

export interface LstmOptions extends RecurrentSizes {
  readonly kind: "lstm";
  /** Where the bias of the forget gate starts; default 1 (Jozefowicz et al. 2015). The higher, the longer a memory lasts at first. */
  readonly forgetBias?: number;
}

/**
 * The network; the hook points of its cell are `lstm.input`, `lstm.forget`, `lstm.output` (the gates), `lstm.candidate`, `lstm.cell` and
 * `lstm.state`, each `[N, hidden]`.
 */
export function lstm(options: LstmOptions, shape: PolicyShape): RecurrentNetwork {
  return recurrentNetwork(lstmCell(options), options, shape);
}

/**
 * Hochreiter and Schmidhuber 1997 with a forget gate (Gers et al. 2000), as in PyTorch: gates i, f, o = σ(W x + U h + b), candidate
 * g = tanh(W x + U h + b), cell c' = f ∘ c + i ∘ g, state h' = o ∘ tanh(c'). The memory is the state and the cell, `[h, c]`. Weights lie in
 * the order i, f, o, g (PyTorch: i, f, g, o), so that one sigmoid does all gates; PyTorch's second bias vector is left out.
 */
function lstmCell({ embed, hidden, forgetBias = 1 }: LstmOptions): Cell {
  return {
    memorySize: 2 * hidden,
    parameters: [
      { name: "lstm.input.weight", shape: [embed, 4 * hidden], initial: { kind: "orthogonal", gain: 1, blocks: 4 } },
      { name: "lstm.input.bias", shape: [4 * hidden], initial: { kind: "constant", blocks: [0, forgetBias, 0, 0] } },
      { name: "lstm.recurrent.weight", shape: [hidden, 4 * hidden], initial: { kind: "orthogonal", gain: 1, blocks: 4 } },
    ],
    withWeights: (weights) => ({
      read: (inputs) => [linear(inputs, weights["lstm.input.weight"]!, weights["lstm.input.bias"]!)],
      step: ([read], memory) => {
        const [oldState, oldCell] = split(memory, [hidden, hidden], 1);
        const pre = linear(oldState!, weights["lstm.recurrent.weight"]!, read!);
        const [gatesPre, candidatePre] = split(pre, [3 * hidden, hidden], 1);
        const [input, forget, output] = split(sigmoid(gatesPre!), [hidden, hidden, hidden], 1);
        const candidate = tanh(candidatePre!);
        const cell = add(mul(forget!, oldCell!), mul(input!, candidate));
        const state = mul(output!, tanh(cell));
        return {
          state,
          memory: concat([state, cell], 1),
          hooks: {
            "lstm.input": input!,
            "lstm.forget": forget!,
            "lstm.candidate": candidate,
            "lstm.cell": cell,
            "lstm.output": output!,
            "lstm.state": state,
          },
        };
      },
    }),
  };
}

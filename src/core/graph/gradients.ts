// Reverse-mode differentiation: adds the nodes that compute gradients to the graph that computes the loss.

import { MesascopeError } from "../base/errors.ts";
import { type GradientRule, type Node, type Operation, reachableNodes, type Tensor } from "./graph.ts";
import { add } from "./ops/arithmetic.ts";
import { expandLike } from "./ops/layout.ts";
import { formatShape, sameShape } from "./shapes.ts";

const STOP_GRADIENT: Operation = {
  type: "Identity",
  evaluate: (inputs) => [inputs[0]!],
  gradient: () => [undefined],
};

/** The value of `x`, treated as a constant by `gradients`. */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.node(STOP_GRADIENT, [x], x);
}

/**
 * Makes `gradient` the gradient of `output` with respect to `inputs`, instead of the one through the nodes that compute it.
 * Returns `output`, which must be the only output of its node.
 */
export function withGradient(output: Tensor, rule: GradientRule): Tensor {
  output.graph.gradientRules.set(output, rule);
  return output;
}

/**
 * The gradients of a scalar loss, one tensor for each of `wrt` and of its shape. Sums over broadcast axes, and over all uses of a tensor.
 * Throws `shape-mismatch` when the loss is no float32 scalar, and `invalid-model` when an operation without gradient (a cast, a
 * comparison) lies between the loss and `wrt`, or when the loss does not depend on it; wrap what is meant as a constant in stopGradient.
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.length !== 0 || loss.dtype !== "float32") {
    throw new MesascopeError(
      "shape-mismatch",
      `gradients: a loss ${loss.dtype}${formatShape(loss.shape)} given; expected a float32 scalar []`,
    );
  }
  const nodes = reachableNodes(loss.graph, [loss]);
  const dependent = dependents(nodes, wrt);
  const collected = new Map<Tensor, Tensor>([[loss, loss.graph.constant(1)]]);
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => collected.has(output) && dependent.has(output))) continue;
    const { inputs, results } = differentiate(node, collected);
    results.forEach((result, i) => {
      const input = inputs[i]!;
      if (result === undefined || !dependent.has(input)) return;
      const shaped = sameShape(result.shape, input.shape) ? result : expandLike(result, input);
      const known = collected.get(input);
      collected.set(input, known === undefined ? shaped : add(known, shaped));
    });
  }
  return wrt.map((tensor) => collected.get(tensor) ?? throwUnreached(loss, tensor));
}

/** All tensors computed from one of `wrt`, and these themselves. */
function dependents(nodes: readonly Node[], wrt: readonly Tensor[]): ReadonlySet<Tensor> {
  const dependent = new Set<Tensor>(wrt);
  for (const node of nodes) {
    if (node.inputs.some((input) => dependent.has(input))) for (const output of node.outputs) dependent.add(output);
  }
  return dependent;
}

function differentiate(
  node: Node,
  collected: ReadonlyMap<Tensor, Tensor>,
): { readonly inputs: readonly Tensor[]; readonly results: readonly (Tensor | undefined)[] } {
  const output = node.outputs[0]!;
  const gradient = collected.get(output);
  const rule = output.graph.gradientRules.get(output);
  if (rule !== undefined && gradient !== undefined) return { inputs: rule.inputs, results: rule.gradient(gradient) };
  if (node.operation.gradient === undefined) {
    throw new MesascopeError(
      "invalid-model",
      `gradients: ${node.operation.type} ("${output.name}") has no gradient and lies between the loss and what it is differentiated by; ` +
        "wrap its argument in stopGradient if it is meant as a constant",
    );
  }
  const all = node.outputs.map((tensor) => collected.get(tensor));
  const first = gradient ?? all.find((candidate) => candidate !== undefined)!;
  return {
    inputs: node.inputs,
    results: node.operation.gradient({ node, inputs: node.inputs, output, gradient: first, gradients: all }),
  };
}

function throwUnreached(loss: Tensor, tensor: Tensor): never {
  throw new MesascopeError(
    "invalid-model",
    `gradients: no differentiable path leads from "${tensor.name}" to the loss "${loss.name}"; expected the loss to depend on it`,
  );
}

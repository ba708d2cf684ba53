// Reverse-mode differentiation: adds the nodes that compute gradients to the graph that computes the loss.

import { MesascopeError } from "../base/errors.ts";
import { type Node, type Operation, reachableNodes, type Tensor } from "./graph.ts";
import { add } from "./ops/arithmetic.ts";
import { formatShape, sameShape, throwShapeMismatch } from "./shapes.ts";

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
    const matters = node.outputs.some((output) => collected.has(output)) && node.inputs.some((input) => dependent.has(input));
    if (!matters) continue;
    differentiate(node, collected).forEach((result, i) => {
      const input = node.inputs[i]!;
      if (result === undefined || !dependent.has(input)) return;
      if (!sameShape(result.shape, input.shape)) {
        throwShapeMismatch(`gradient of ${node.operation.type}`, [result.shape, input.shape], "the shape of the input");
      }
      const known = collected.get(input);
      collected.set(input, known === undefined ? result : add(known, result));
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

/** The gradients of the loss with respect to the inputs of a node, from those with respect to its outputs. */
function differentiate(node: Node, collected: ReadonlyMap<Tensor, Tensor>): readonly (Tensor | undefined)[] {
  const { operation, inputs, outputs } = node;
  const output = outputs[0]!;
  if (operation.gradient === undefined) {
    throw new MesascopeError(
      "invalid-model",
      `gradients: ${operation.type} ("${output.name}") has no gradient and lies between the loss and what it is differentiated by; ` +
        "wrap its argument in stopGradient if it is meant as a constant",
    );
  }
  const all = outputs.map((tensor) => collected.get(tensor));
  return operation.gradient({ node, inputs, output, gradient: all.find((gradient) => gradient !== undefined)!, gradients: all });
}

function throwUnreached(loss: Tensor, tensor: Tensor): never {
  throw new MesascopeError(
    "invalid-model",
    `gradients: no differentiable path leads from "${tensor.name}" to the loss "${loss.name}"; expected the loss to depend on it`,
  );
}

// Reading the attributes and constant inputs of a node; what is missing is a bug in the operation that made the node.

import { MesascopeError } from "../base/errors.ts";
import type { Node, Tensor } from "./graph.ts";

/** The attribute's whole number. */
export function intAttribute(node: Node, name: string): number {
  const attribute = node.attributes[name];
  if (attribute?.kind === "int") return attribute.value;
  throw missing(node, name, "int");
}

/** The attribute's list of whole numbers. */
export function intsAttribute(node: Node, name: string): readonly number[] {
  const attribute = node.attributes[name];
  if (attribute?.kind === "ints") return attribute.value;
  throw missing(node, name, "ints");
}

/** The values of a constant integer input, such as the axes of a reduction. */
export function constantInts(tensor: Tensor): readonly number[] {
  const initializer = tensor.graph.initializers.get(tensor);
  if (initializer === undefined) {
    throw new MesascopeError(
      "invalid-model",
      `"${tensor.name}" must be a constant here, since the shape of the result depends on it`,
    );
  }
  return Array.from(initializer.data, Number);
}

function missing(node: Node, name: string, kind: string): MesascopeError {
  return new MesascopeError("invalid-model", `${node.operation.type}: attribute "${name}" of kind ${kind} is missing`);
}

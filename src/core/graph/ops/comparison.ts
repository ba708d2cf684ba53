// Comparisons, which give bool tensors and have no gradient, and `where`, which selects by one.

import type { Operation, Tensor } from "../graph.ts";
import { broadcastMap } from "../numeric.ts";
import { broadcastShapes, throwShapeMismatch } from "../shapes.ts";
import { sumTo } from "./reduce.ts";

function comparison(type: string, holds: (a: number, b: number) => boolean): Operation {
  return { type, evaluate: (inputs) => [broadcastMap(inputs, (a, b) => (holds(a, b) ? 1 : 0))] };
}

const EQUAL = comparison("Equal", (a, b) => a === b);
const LESS = comparison("Less", (a, b) => a < b);
const GREATER = comparison("Greater", (a, b) => a > b);
const LESS_OR_EQUAL = comparison("LessOrEqual", (a, b) => a <= b);
const GREATER_OR_EQUAL = comparison("GreaterOrEqual", (a, b) => a >= b);

const WHERE: Operation = {
  type: "Where",
  evaluate: (inputs) => [broadcastMap(inputs, (condition, a, b) => (condition !== 0 ? a : b))],
  gradient: ({ inputs, gradient }) => {
    const [condition, a, b] = [inputs[0]!, inputs[1]!, inputs[2]!];
    const zero = gradient.graph.constant(0);
    return [undefined, sumTo(where(condition, gradient, zero), a), sumTo(where(condition, zero, gradient), b)];
  },
};

/** a = b as bool, with broadcasting; throws `shape-mismatch` when shapes or dtypes do not fit, as do all comparisons. */
export function equal(a: Tensor, b: Tensor): Tensor {
  return compare(EQUAL, a, b);
}

/** a < b as bool. */
export function less(a: Tensor, b: Tensor): Tensor {
  return compare(LESS, a, b);
}

/** a > b as bool. */
export function greater(a: Tensor, b: Tensor): Tensor {
  return compare(GREATER, a, b);
}

/** a ≤ b as bool. */
export function lessOrEqual(a: Tensor, b: Tensor): Tensor {
  return compare(LESS_OR_EQUAL, a, b);
}

/** a ≥ b as bool. */
export function greaterOrEqual(a: Tensor, b: Tensor): Tensor {
  return compare(GREATER_OR_EQUAL, a, b);
}

/** `a` where the bool `condition` holds and `b` elsewhere; all three broadcast. No gradient flows into the condition. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const values = broadcastShapes(a.shape, b.shape);
  const shape = values && broadcastShapes(condition.shape, values);
  if (shape === undefined || a.dtype !== b.dtype || condition.dtype !== "bool") {
    const given = `where of ${condition.dtype}, ${a.dtype}, ${b.dtype}`;
    throwShapeMismatch(given, [condition.shape, a.shape, b.shape], "a bool and two tensors of one dtype that broadcast");
  }
  return a.graph.node(WHERE, [condition, a, b], { dtype: a.dtype, shape });
}

function compare(operation: Operation, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined || a.dtype !== b.dtype) {
    throwShapeMismatch(
      `${operation.type} of ${a.dtype} and ${b.dtype}`,
      [a.shape, b.shape],
      "one dtype and shapes that broadcast",
    );
  }
  return a.graph.node(operation, [a, b], { dtype: "bool", shape });
}

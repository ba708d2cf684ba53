// Element-by-element operations on two tensors, with broadcasting: add, sub, mul, div, minimum, maximum.

import type { GradientContext, Operation, Tensor } from "../graph.ts";
import { broadcastMap } from "../numeric.ts";
import { broadcastShapes, throwShapeMismatch } from "../shapes.ts";
import { cast } from "./cast.ts";
import { greaterOrEqual, lessOrEqual } from "./comparison.ts";
import { neg, square } from "./elementwise.ts";
import { sumTo } from "./reduce.ts";

type BinaryGradient = (context: GradientContext & { readonly a: Tensor; readonly b: Tensor }) => readonly [Tensor, Tensor];

function binary(type: string, apply: (a: number, b: number) => number, gradient: BinaryGradient): Operation {
  return {
    type,
    evaluate: (inputs) => [broadcastMap(inputs, apply)],
    gradient: (context) => {
      const [a, b] = [context.inputs[0]!, context.inputs[1]!];
      const [forA, forB] = gradient({ ...context, a, b });
      return [sumTo(forA, a), sumTo(forB, b)];
    },
  };
}

const ADD = binary(
  "Add",
  (a, b) => a + b,
  ({ gradient }) => [gradient, gradient],
);
const SUB = binary(
  "Sub",
  (a, b) => a - b,
  ({ gradient }) => [gradient, neg(gradient)],
);
const MUL = binary(
  "Mul",
  (a, b) => a * b,
  ({ gradient, a, b }) => [mul(gradient, b), mul(gradient, a)],
);
const DIV = binary(
  "Div",
  (a, b) => a / b,
  ({ gradient, a, b }) => [div(gradient, b), neg(div(mul(gradient, a), square(b)))],
);
const MIN = binary("Min", Math.min, ({ gradient, a, b }) => choose(gradient, lessOrEqual(a, b)));
const MAX = binary("Max", Math.max, ({ gradient, a, b }) => choose(gradient, greaterOrEqual(a, b)));

/** All of the gradient to the first argument where `first` holds, otherwise to the second: one of the subgradients at a tie. */
function choose(gradient: Tensor, first: Tensor): readonly [Tensor, Tensor] {
  const toFirst = mul(gradient, cast(first, "float32"));
  return [toFirst, sub(gradient, toFirst)];
}

/** a + b. Throws `shape-mismatch` when the shapes do not broadcast, as do all functions here. */
export function add(a: Tensor, b: Tensor): Tensor {
  return binaryNode(ADD, a, b);
}

/** a − b. */
export function sub(a: Tensor, b: Tensor): Tensor {
  return binaryNode(SUB, a, b);
}

/** a · b, element by element. */
export function mul(a: Tensor, b: Tensor): Tensor {
  return binaryNode(MUL, a, b);
}

/** a / b. */
export function div(a: Tensor, b: Tensor): Tensor {
  return binaryNode(DIV, a, b);
}

/** The smaller of a and b. At a tie all of the gradient goes to `a` (PyTorch gives half to each). */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return binaryNode(MIN, a, b);
}

/** The larger of a and b. At a tie all of the gradient goes to `a` (PyTorch gives half to each). */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return binaryNode(MAX, a, b);
}

function binaryNode(operation: Operation, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined || a.dtype !== b.dtype) {
    throwShapeMismatch(
      `${operation.type} of ${a.dtype} and ${b.dtype}`,
      [a.shape, b.shape],
      "one dtype and shapes that broadcast",
    );
  }
  return a.graph.node(operation, [a, b], { dtype: a.dtype, shape });
}

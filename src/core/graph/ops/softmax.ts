// Softmax and its logarithm over the last axis.

import type { Operation, Tensor } from "../graph.ts";
import { broadcastMap, type NumericTensor, reduce } from "../numeric.ts";
import { throwShapeMismatch } from "../shapes.ts";
import { mul, sub } from "./arithmetic.ts";
import { exp } from "./elementwise.ts";
import { reduceSum } from "./reduce.ts";

const SOFTMAX: Operation = {
  type: "Softmax",
  evaluate: ([x]) => {
    const logs = logSoftmaxOf(x!);
    return [{ dims: logs.dims, data: logs.data.map(Math.exp) }];
  },
  gradient: ({ output, gradient }) => {
    const inner = reduceSum(mul(gradient, output), { axes: [-1], keepDims: true });
    return [mul(output, sub(gradient, inner))];
  },
};

const LOG_SOFTMAX: Operation = {
  type: "LogSoftmax",
  evaluate: ([x]) => [logSoftmaxOf(x!)],
  gradient: ({ output, gradient }) => {
    const total = reduceSum(gradient, { axes: [-1], keepDims: true });
    return [sub(gradient, mul(exp(output), total))];
  },
};

/** Probabilities over the last axis. */
export function softmax(x: Tensor): Tensor {
  return overLastAxis(SOFTMAX, x);
}

/** Logarithms of probabilities over the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  return overLastAxis(LOG_SOFTMAX, x);
}

function overLastAxis(operation: Operation, x: Tensor): Tensor {
  if (x.shape.length === 0) throwShapeMismatch(operation.type, [x.shape], "at least one axis");
  return x.graph.node(operation, [x], { dtype: x.dtype, shape: x.shape }, { axis: { kind: "int", value: -1 } });
}

function logSoftmaxOf(x: NumericTensor): NumericTensor {
  const last = { axes: [x.dims.length - 1], keepDims: true };
  const largest = reduce(x, { ...last, initial: -Infinity, fold: Math.max });
  const shifted = broadcastMap([x, largest], (value, top) => value - top);
  const total = reduce(shifted, { ...last, initial: 0, fold: (sum, value) => sum + Math.exp(value) });
  return broadcastMap([shifted, total], (value, sum) => value - Math.log(sum));
}

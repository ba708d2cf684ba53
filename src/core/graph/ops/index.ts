// Every operation that networks, losses and updates are written with. A new operation: a file here and a line below.

export { add, div, maximum, minimum, mul, sub } from "./arithmetic.ts";
export { cast } from "./cast.ts";
export { equal, greater, greaterOrEqual, less, lessOrEqual, where } from "./comparison.ts";
export { abs, clip, exp, log, neg, relu, sigmoid, sqrt, square, tanh } from "./elementwise.ts";
export { gather, gatherElements } from "./gather.ts";
export { concat, expand, reshape, split, transpose } from "./layout.ts";
export { linear, matMul } from "./mat-mul.ts";
export { reduceMax, reduceMean, reduceSum } from "./reduce.ts";
export { logSoftmax, softmax } from "./softmax.ts";
export { sparseRowSum } from "./sparse-row-sum.ts";

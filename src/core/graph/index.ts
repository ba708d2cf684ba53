// The package's graph builder, as `import … from "mesascope/graph"`: networks, losses, gradients and updates as ordinary ONNX graphs.

export { type EditKind, type EditSlot, editTensors } from "./edit-tensors.ts";
export { exposeTensors } from "./expose-tensors.ts";
export { gradients, stopGradient } from "./gradients.ts";
export { type DType, Graph, type Operation, type Tensor, type TensorType } from "./graph.ts";
export { type InterpreterResult, interpret } from "./interpreter.ts";
export * from "./losses.ts";
export { add, div, maximum, minimum, mul, sub } from "./ops/arithmetic.ts";
export { cast } from "./ops/cast.ts";
export { equal, greater, greaterOrEqual, less, lessOrEqual, where } from "./ops/comparison.ts";
export { type ConvOptions, conv2d } from "./ops/conv.ts";
export { abs, clip, erf, exp, gelu, log, neg, relu, sigmoid, sqrt, square, tanh } from "./ops/elementwise.ts";
export { gather, gatherElements, scatterElements, scatterRows } from "./ops/gather.ts";
export { identity } from "./ops/identity.ts";
export { type LayerNormOptions, layerNorm } from "./ops/layer-norm.ts";
export { concat, expand, reshape, split, transpose, unsqueeze } from "./ops/layout.ts";
export { linear, type MatMulOptions, matMul } from "./ops/mat-mul.ts";
export { maxPool2d, type PoolOptions } from "./ops/pool.ts";
export { type ReduceOptions, reduceMax, reduceMean, reduceSum } from "./ops/reduce.ts";
export { type Padding, pad, type SliceRange, slice } from "./ops/slice.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { sparseRowSum } from "./ops/sparse-row-sum.ts";
export { type AdamOptions, type AdamResult, adam, clipByGlobalNorm, clippingScale, globalNorm } from "./optimizers.ts";
export { type ModelDescription, readModel } from "./read-model.ts";
export { serialize } from "./serialize.ts";
export { applyUpdate, slotNames, type UpdateOptions, type UpdateResult, type UpdateRule } from "./update-rules.ts";

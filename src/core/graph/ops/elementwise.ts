// Functions of one tensor, element by element.

import type { Operation, Tensor } from "../graph.ts";
import { broadcastMap } from "../numeric.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { greaterOrEqual, less, lessOrEqual, where } from "./comparison.ts";

type UnaryGradient = (gradient: Tensor, x: Tensor, y: Tensor) => Tensor;

function unary(type: string, apply: (x: number) => number, gradient: UnaryGradient): Operation {
  return {
    type,
    evaluate: ([x]) => [{ dims: x!.dims, data: x!.data.map(apply) }],
    gradient: (context) => [gradient(context.gradient, context.inputs[0]!, context.output)],
  };
}

const NEG = unary(
  "Neg",
  (x) => -x,
  (g) => neg(g),
);
const ABS = unary("Abs", Math.abs, (g, x) => where(less(x, g.graph.constant(0)), neg(g), g));
const EXP = unary("Exp", Math.exp, (g, _, y) => mul(g, y));
const LOG = unary("Log", Math.log, (g, x) => div(g, x));
const SQRT = unary("Sqrt", Math.sqrt, (g, _, y) => div(mul(g, g.graph.constant(0.5)), y));
// Through bool, because a Sign or a comparison costs an extra pass in ONNX Runtime.
const RELU = unary(
  "Relu",
  (x) => Math.max(x, 0),
  (g, _, y) => mul(g, cast(cast(y, "bool"), "float32")),
);
const TANH = unary("Tanh", Math.tanh, (g, _, y) => mul(g, sub(g.graph.constant(1), square(y))));
const SIGMOID = unary(
  "Sigmoid",
  (x) => 1 / (1 + Math.exp(-x)),
  (g, _, y) => mul(g, mul(y, sub(g.graph.constant(1), y))),
);
// Erf of the interpreter is exact to 1e-15; see `erfOf`.
const ERF = unary("Erf", erfOf, (g, x) => mul(g, mul(exp(neg(square(x))), g.graph.constant(2 / Math.sqrt(Math.PI)))));

const CLIP: Operation = {
  type: "Clip",
  evaluate: ([x, low, high]) => [
    { dims: x!.dims, data: x!.data.map((value) => Math.min(Math.max(value, low!.data[0]!), high!.data[0]!)) },
  ],
  gradient: ({ inputs, gradient }) => {
    const [x, low, high] = [inputs[0]!, inputs[1]!, inputs[2]!];
    const inside = mul(cast(greaterOrEqual(x, low), "float32"), cast(lessOrEqual(x, high), "float32"));
    return [mul(gradient, inside), undefined, undefined];
  },
};

/** −x. */
export function neg(x: Tensor): Tensor {
  return unaryNode(NEG, x);
}

/** |x|, with gradient 1 at 0. */
export function abs(x: Tensor): Tensor {
  return unaryNode(ABS, x);
}

/** e^x. */
export function exp(x: Tensor): Tensor {
  return unaryNode(EXP, x);
}

/** The natural logarithm. */
export function log(x: Tensor): Tensor {
  return unaryNode(LOG, x);
}

/** The square root; its gradient at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  return unaryNode(SQRT, x);
}

/** x². */
export function square(x: Tensor): Tensor {
  return mul(x, x);
}

/** max(x, 0), with gradient 0 at 0. */
export function relu(x: Tensor): Tensor {
  return unaryNode(RELU, x);
}

/** The hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return unaryNode(TANH, x);
}

/** 1 / (1 + e^−x). */
export function sigmoid(x: Tensor): Tensor {
  return unaryNode(SIGMOID, x);
}

/** The error function, 2/√π · ∫₀ˣ e^(−t²) dt. */
export function erf(x: Tensor): Tensor {
  return unaryNode(ERF, x);
}

/** x · Φ(x) with the normal distribution function Φ (Hendrycks and Gimpel 2016, arXiv:1606.08415; the exact form, not that with tanh). */
export function gelu(x: Tensor): Tensor {
  const { graph } = x;
  const scaled = mul(x, graph.constant(Math.SQRT1_2));
  const share = add(mul(erf(scaled), graph.constant(0.5)), graph.constant(0.5));
  // The derivative Φ + x·φ as a whole: through the factors one by one it takes ten passes over memory instead of six.
  const product: Operation = {
    type: "Mul",
    evaluate: (inputs) => [broadcastMap(inputs, (a, b) => a * b)],
    gradient: ({ gradient }) => {
      const density = exp(sub(graph.constant(-0.5 * Math.log(2 * Math.PI)), square(scaled)));
      return [mul(gradient, add(share, mul(x, density))), undefined];
    },
  };
  return graph.node(product, [x, share], x);
}

/** x limited to [low, high]; the gradient passes inside and at the bounds, as in PyTorch. */
export function clip(x: Tensor, bounds: { readonly low: number; readonly high: number }): Tensor {
  const { graph } = x;
  return graph.node(CLIP, [x, graph.constant(bounds.low, [], x.dtype), graph.constant(bounds.high, [], x.dtype)], x);
}

function unaryNode(operation: Operation, x: Tensor): Tensor {
  return x.graph.node(operation, [x], { dtype: x.dtype, shape: x.shape });
}

/**
 * The error function in float64: its Maclaurin series below 3 (Abramowitz and Stegun 1964, 7.1.6, whose terms are all positive), the
 * continued fraction of erfc above (7.1.14).
 */
function erfOf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (a + fraction);
    return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * (a + fraction)));
  }
  let term = a;
  let sum = a;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * a * a) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * sum;
}

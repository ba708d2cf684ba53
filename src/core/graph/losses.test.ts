import { describe, expect, it } from "vitest";
import { Graph, type Tensor } from "./graph.ts";
import { interpret } from "./interpreter.ts";
import {
  categoricalEntropy,
  categoricalLogProb,
  crossEntropy,
  gaussianEntropy,
  gaussianLogProb,
  meanSquaredError,
  softCrossEntropy,
} from "./losses.ts";
import { erf, gelu } from "./ops/elementwise.ts";
import { layerNorm } from "./ops/layer-norm.ts";
import { softmax } from "./ops/softmax.ts";

/** The values of what `build` makes of constants of one graph, in float64. */
function evaluated(build: (constant: (values: readonly number[], shape?: readonly number[]) => Tensor) => Tensor): number[] {
  const graph = new Graph("value");
  const fed: Record<string, { dims: readonly number[]; data: readonly number[] }> = {};
  const constant = (data: readonly number[], dims: readonly number[] = [data.length]): Tensor => {
    const name = `x${graph.inputs.length}`;
    fed[name] = { dims, data };
    return graph.input(name, "float32", dims);
  };
  graph.output("value", build(constant));
  return [...interpret(graph, fed).value!.data];
}

function labels(like: Tensor, values: readonly number[]): Tensor {
  return like.graph.constant(values, [values.length], "int32");
}

describe("losses", () => {
  it("of labels are minus the log of the probability that softmax gives them", () => {
    const logits = [0.5, -1, 2, 0, 0, 3];
    const p = evaluated((constant) => softmax(constant(logits, [2, 3])));
    const [one, two] = [-Math.log(p[2]!), -Math.log(p[3]!)];
    const loss = (mask?: readonly number[]) =>
      evaluated((constant) => {
        const x = constant(logits, [2, 3]);
        return crossEntropy(x, labels(x, [2, 0]), mask && constant(mask));
      })[0];
    expect(loss()).toBeCloseTo((one + two) / 2, 12);
    expect(loss([1, 0])).toBeCloseTo(one, 12);
  });

  it("of target probabilities mix those of the labels", () => {
    const logits = [0.5, -1, 2];
    const hard = (label: number) => evaluated((c) => crossEntropy(c(logits, [1, 3]), labels(c([0]), [label])))[0]!;
    const soft = evaluated((c) => softCrossEntropy(c(logits, [1, 3]), c([0.25, 0, 0.75], [1, 3])))[0];
    expect(soft).toBeCloseTo(0.25 * hard(0) + 0.75 * hard(2), 12);
  });

  it("by squares are means over all elements, or over those that the mask leaves", () => {
    const loss = (mask?: readonly number[]) =>
      evaluated((c) => meanSquaredError(c([1, 2, 3], [3, 1]), c([1, 0, 0], [3, 1]), mask && c(mask, [3, 1])))[0];
    expect(loss()).toBeCloseTo(13 / 3, 12);
    expect(loss([1, 1, 0])).toBeCloseTo(2, 12);
  });

  it("refuse labels and targets of another shape or dtype", () => {
    const graph = new Graph("refused");
    const logits = graph.input("logits", "float32", [2, 3]);
    expect(() => crossEntropy(logits, graph.input("a", "int32", [2, 1]))).toThrow(/int32 labels/);
    expect(() => crossEntropy(logits, graph.input("b", "float32", [2]))).toThrow(/labels of float32/);
    expect(() => meanSquaredError(logits, graph.input("c", "float32", [3]))).toThrow(/\[2,3\] and \[3\] given/);
  });
});

describe("distributions", () => {
  it("categorical: log-probabilities of labels, entropy log C when all are equal and 0 when one is certain", () => {
    expect(evaluated((c) => categoricalEntropy(c([1, 1, 1, 1].map((x) => Math.log(x / 4)))))[0]).toBeCloseTo(Math.log(4), 12);
    expect(evaluated((c) => categoricalEntropy(c([0, -200, -200])))[0]).toBeCloseTo(0, 12);
    const picked = evaluated((c) => {
      const x = c([-1, -2, -3, -4], [2, 2]);
      return categoricalLogProb(x, labels(x, [1, 0]));
    });
    expect(picked).toEqual([-2, -3]);
  });

  it("Gaussian: the density of the formula, summed over parts", () => {
    const density = (x: number, mean: number, deviation: number) =>
      -0.5 * ((x - mean) / deviation) ** 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
    const [a, b] = evaluated((c) => {
      const gaussian = { mean: c([0, 1, 2, 3], [2, 2]), logDeviation: c([Math.log(2), Math.log(0.5)]) };
      return gaussianLogProb(gaussian, c([1, 1, 0, 2.5], [2, 2]));
    });
    // The constant ½·log 2π is float32 in the graph.
    expect(a).toBeCloseTo(density(1, 0, 2) + density(1, 1, 0.5), 6);
    expect(b).toBeCloseTo(density(0, 2, 2) + density(2.5, 3, 0.5), 6);
  });

  it("Gaussian: entropy ½·log(2πe·σ²) for each part, the same on every row", () => {
    const entropy = evaluated((c) => gaussianEntropy({ mean: c([0, 1, 2, 3], [2, 2]), logDeviation: c([0, Math.log(3)]) }));
    const expected = Math.log(2 * Math.PI * Math.E) + Math.log(3);
    for (const value of entropy) expect(value).toBeCloseTo(expected, 6);
    expect(entropy).toHaveLength(2);
  });
});

describe("the interpreter's special functions", () => {
  it("erf has the values of Abramowitz and Stegun, table 7.1, on both sides of where its formula changes", () => {
    const table = { 0: 0, 0.5: 0.520499877813047, 1: 0.842700792949715, 2: 0.995322265018953, 2.9: 0.999958902121901 };
    const beyond = { 3.1: 0.999988351342633, 4: 0.999999984582742, 7: 1 };
    for (const [x, expected] of Object.entries({ ...table, ...beyond })) {
      const [plus, minus] = evaluated((c) => erf(c([Number(x), -Number(x)])));
      expect(plus).toBeCloseTo(expected, 14);
      expect(minus! + plus!).toBe(0);
    }
  });

  it("gelu is x·Φ(x): half of |x| is lost at neither end", () => {
    const [zero, one, far, farBelow] = evaluated((c) => gelu(c([0, 1, 30, -30])));
    expect([zero, far]).toEqual([0, 30]);
    expect(one).toBeCloseTo(0.841344746068543, 7);
    expect(farBelow).toBeCloseTo(0, 12);
  });

  it("layerNorm gives rows of mean 0 and variance 1, then scales and shifts", () => {
    const plain = evaluated((c) => layerNorm(c([1, 2, 3, 10, 10, 40], [2, 3]), { epsilon: 0 }));
    const expected = [-1, 0, 1].map((x) => x * Math.sqrt(1.5));
    plain.slice(0, 3).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
    const moved = evaluated((c) => layerNorm(c([1, 2, 3], [1, 3]), { scale: c([2, 2, 0]), bias: c([1, 0, 5]), epsilon: 0 }));
    [1 - 2 * Math.sqrt(1.5), 0, 5].forEach((value, i) => {
      expect(moved[i]).toBeCloseTo(value, 12);
    });
  });
});

import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { inContextRegression, oneStepOptimum } from "./in-context-regression.ts";

const options = { dimensions: 3, examples: 5 };

function drawn(rows: number, changes: { readonly range?: number } = {}) {
  const task = inContextRegression({ ...options, ...changes });
  const examples = { rows, inputs: new Float32Array(rows * 24), targets: new Float32Array(rows) };
  task.draw(examples, Prng.fromSeed(1));
  return examples;
}

describe("inContextRegression", () => {
  it("shows a new linear function in each row, whose value at the last x is the target and is not shown", () => {
    const { inputs, targets } = drawn(20);
    for (let row = 0; row < 20; row++) {
      const token = (place: number) => Array.from(inputs.slice((row * 6 + place) * 4, (row * 6 + place + 1) * 4));
      // w from the first three pairs by Cramer's rule; it must then hold for the others.
      const pairs = [0, 1, 2].map(token);
      const determinant = (m: readonly (readonly number[])[]): number =>
        m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
        m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
        m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!);
      const xs = pairs.map((pair) => pair.slice(0, 3));
      const scale = determinant(xs);
      const w = [0, 1, 2].map((i) => determinant(pairs.map((pair) => pair.slice(0, 3).with(i, pair[3]!))) / scale);
      const at = (x: readonly number[]) => w.reduce((sum, value, i) => sum + value * x[i]!, 0);
      // Float32 rows that are nearly dependent lose digits.
      const digits = Math.abs(scale) > 0.005 ? 3 : 0;
      for (const place of [3, 4]) expect(token(place)[3]).toBeCloseTo(at(token(place)), digits);
      expect(targets[row]).toBeCloseTo(at(token(5)), digits);
      expect(token(5)[3]).toBe(0);
    }
  });

  it("draws x evenly from the range", () => {
    const { inputs } = drawn(500, { range: 2 });
    const xs = inputs.filter((_, i) => i % 4 < 3);
    expect(Math.max(...xs)).toBeLessThan(2);
    expect(Math.max(...xs)).toBeGreaterThan(1.9);
    // The variance of a uniform variable on (−2, 2) is 4/3; of 9,000 draws it deviates by about .013.
    expect(xs.reduce((sum, x) => sum + x * x, 0) / xs.length).toBeCloseTo(4 / 3, 1);
  });
});

describe("oneStepOptimum", () => {
  it("has the published values at d = N = 10", () => {
    const { loss, zero } = oneStepOptimum({ dimensions: 10, examples: 10 });
    expect(loss).toBeCloseTo(0.2062, 4);
    expect(zero).toBeCloseTo(0.4167, 4);
  });

  it("is what the step costs on drawn examples, and steps of other sizes cost more", () => {
    const rows = 20_000;
    const { inputs, targets } = drawn(rows);
    const { stepSize, loss, zero } = oneStepOptimum(options);
    const lossOf = (step: number): number => {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const at = row * 24;
        let prediction = 0;
        for (let j = 0; j < 5; j++) {
          for (let i = 0; i < 3; i++) prediction += inputs[at + j * 4 + 3]! * inputs[at + j * 4 + i]! * inputs[at + 20 + i]!;
        }
        sum += 0.5 * (targets[row]! - (step / 5) * prediction) ** 2;
      }
      return sum / rows;
    };
    // The mean of 20,000 squared errors deviates by about 1.5%.
    expect(lossOf(stepSize) / loss).toBeCloseTo(1, 1);
    expect(lossOf(0) / zero).toBeCloseTo(1, 1);
    for (const share of [0.8, 1.25]) expect(lossOf(share * stepSize)).toBeGreaterThan(lossOf(stepSize));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { Graph } from "../graph/graph.ts";
import { interpret } from "../graph/interpreter.ts";
import { initializeParameters, type ParameterSpec, parameterCount, splitParameters, viewParameters } from "./parameters.ts";

function orthogonal(shape: readonly number[], gain: number): ParameterSpec {
  return { name: "weight", shape, initial: { kind: "orthogonal", gain } };
}

/** Inner products of the rows, or of the columns where those are fewer. */
function gramOf(values: Float32Array, rows: number, columns: number): number[][] {
  const isWide = rows <= columns;
  const at = (k: number, i: number) => values[isWide ? k * columns + i : i * columns + k]!;
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  return Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (_, b) => {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += at(a, i) * at(b, i);
      return sum;
    }),
  );
}

const mixed: readonly ParameterSpec[] = [
  { name: "first", shape: [3, 2], initial: { kind: "orthogonal", gain: 1 } },
  { name: "bias", shape: [4], initial: { kind: "zeros" } },
  { name: "noise", shape: [2, 2, 2], initial: { kind: "normal", deviation: 0.5 } },
  { name: "single", shape: [1], initial: { kind: "normal", deviation: 3 } },
];

describe("initializeParameters", () => {
  it("gives orthonormal rows or columns, whichever are fewer, times the gain", () => {
    const sizes = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(sizes, sizes, fc.constantFrom(0.01, 1, Math.SQRT2), fc.nat(), (rows, columns, gain, seed) => {
        const values = initializeParameters([orthogonal([rows, columns], gain)], Prng.fromSeed(seed));
        gramOf(values, rows, columns).forEach((row, a) => {
          row.forEach((product, b) => {
            expect(Math.abs(product / gain ** 2 - (a === b ? 1 : 0))).toBeLessThan(1e-5);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  it("counts the axes after the first as columns", () => {
    const values = initializeParameters([orthogonal([4, 3, 2], 1)], Prng.fromSeed(1));
    gramOf(values, 4, 6).forEach((row, a) => {
      row.forEach((product, b) => {
        expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
      });
    });
  });

  it("makes every block of columns orthonormal by itself where blocks are asked for", () => {
    const spec: ParameterSpec = { name: "gates", shape: [4, 12], initial: { kind: "orthogonal", gain: 2, blocks: 3 } };
    const values = initializeParameters([spec], Prng.fromSeed(2));
    for (const block of [0, 1, 2]) {
      const part = Float32Array.from({ length: 16 }, (_, i) => values[Math.floor(i / 4) * 12 + block * 4 + (i % 4)]!);
      gramOf(part, 4, 4).forEach((row, a) => {
        row.forEach((product, b) => {
          expect(product).toBeCloseTo(a === b ? 4 : 0, 5);
        });
      });
    }
  });

  it("fills equal blocks with the numbers given", () => {
    const spec: ParameterSpec = { name: "bias", shape: [6], initial: { kind: "constant", blocks: [0, 1, -2] } };
    expect([...initializeParameters([spec], Prng.fromSeed(1))]).toEqual([0, 0, 1, 1, -2, -2]);
  });

  it("gives the same bits for the same seed and others for another", () => {
    const draw = (seed: number) => initializeParameters(mixed, Prng.fromSeed(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("draws normal weights with the given deviation, and leaves zeros", () => {
    const spec: ParameterSpec = { name: "noise", shape: [100, 100], initial: { kind: "normal", deviation: 0.5 } };
    const values = initializeParameters([spec], Prng.fromSeed(3));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // Four standard errors: 4 · 0.5 / 100 and 4 · 0.25 · √2 / 100.
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.0142);
    expect(viewParameters(initializeParameters(mixed, Prng.fromSeed(1)), mixed).bias).toEqual(new Float32Array(4));
  });
});

describe("the flat vector of parameters", () => {
  it("is taken apart alike by views and inside a graph", () => {
    const flat = initializeParameters(mixed, Prng.fromSeed(11));
    expect(flat.length).toBe(parameterCount(mixed));
    const graph = new Graph("split");
    const weights = splitParameters(graph.input("parameters", "float32", [flat.length]), mixed);
    for (const [name, tensor] of Object.entries(weights)) graph.output(`${name}'`, tensor);
    const inGraph = interpret(graph, { parameters: { dims: [flat.length], data: flat } });
    const views = viewParameters(flat, mixed);
    for (const { name, shape } of mixed) {
      expect(inGraph[`${name}'`]!.dims).toEqual(shape);
      expect([...inGraph[`${name}'`]!.data]).toEqual([...views[name]!]);
    }
    expect(Object.values(views).flatMap((view) => [...view])).toEqual([...flat]);
  });

  it("is seen through its views, not copied", () => {
    const flat = new Float32Array(parameterCount(mixed));
    viewParameters(flat, mixed).bias![0] = 5;
    expect(flat[6]).toBe(5);
  });
});

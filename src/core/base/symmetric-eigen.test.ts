import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "./prng.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

function randomSymmetric(n: number, prng: Prng): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = prng.normal();
  }
  return matrix;
}

/** The largest entry of A·v − λ·v and of V·Vᵀ − 1. */
function errorOf(matrix: Float64Array): number {
  const n = Math.sqrt(matrix.length);
  const { values, vectors } = symmetricEigen(matrix);
  let error = 0;
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      let product = 0;
      let overlap = 0;
      for (let j = 0; j < n; j++) {
        product += matrix[i * n + j]! * vectors[k * n + j]!;
        overlap += vectors[i * n + j]! * vectors[k * n + j]!;
      }
      error = Math.max(error, Math.abs(product - values[k]! * vectors[k * n + i]!), Math.abs(overlap - (i === k ? 1 : 0)));
    }
  }
  return error;
}

const sorted = (values: Float64Array): number[] => [...values].sort((a, b) => a - b);

describe("symmetricEigen", () => {
  it("finds the known eigenvalues of the second difference, 2 − 2 cos(kπ / (n + 1))", () => {
    const n = 30;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2;
      if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
    }
    sorted(symmetricEigen(matrix).values).forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
    });
  });

  it("finds those of a full matrix worked by hand, and of a matrix of ones with all but one equal", () => {
    // The characteristic polynomial of [[2, 0, 0], [0, 3, 4], [0, 4, 9]] has the roots 1, 2 and 11.
    expect(sorted(symmetricEigen(Float64Array.of(2, 0, 0, 0, 3, 4, 0, 4, 9)).values)).toEqual([
      expect.closeTo(1, 12),
      expect.closeTo(2, 12),
      expect.closeTo(11, 12),
    ]);
    const values = sorted(symmetricEigen(new Float64Array(49).fill(1)).values);
    expect(values.at(-1)).toBeCloseTo(7, 12);
    expect(Math.max(...values.slice(0, -1).map(Math.abs))).toBeLessThan(1e-14);
  });

  it("gives orthonormal vectors with A v = λ v, for any size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        expect(errorOf(randomSymmetric(n, Prng.fromSeed(seed)))).toBeLessThan(1e-12 * n);
      }),
    );
    expect(errorOf(randomSymmetric(150, Prng.fromSeed(1)))).toBeLessThan(1e-11);
  });

  it("leaves a diagonal matrix and zeros as they are", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 3));
    expect(sorted(values)).toEqual([-1, 3, 3]);
    expect([...vectors].map(Math.abs).sort()).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect([...symmetricEigen(new Float64Array(16)).values]).toEqual([0, 0, 0, 0]);
  });

  it("refuses what is not square and what is no number", () => {
    expect(() => symmetricEigen(new Float64Array(6))).toThrow(/6 numbers/);
    expect(() => symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1))).toThrow(/no finite numbers/);
  });
});

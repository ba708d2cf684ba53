// Eigenvalues and eigenvectors of a symmetric matrix, by reflections to three diagonals and rotations to one (Golub and Van Loan 2013,
// "Matrix computations", sections 8.3.1 and 8.3.5).

import { MesascopeError } from "./errors.ts";
import { euclideanNorm } from "./euclidean-norm.ts";

export interface SymmetricEigen {
  /** `[n]`, in no order. */
  readonly values: Float64Array;
  /** `[n, n]`: row i is the unit eigenvector of `values[i]`. */
  readonly vectors: Float64Array;
}

/** Rotations after which an eigenvalue is given up, times n; two or three are usual. */
const sweepsPerValue = 60;

/**
 * The eigenvalues and orthonormal eigenvectors of the symmetric `matrix` `[n, n]`, accurate to rounding errors of its largest eigenvalue;
 * about 6 n³ multiplications. Only reads `matrix`. Throws `unconverged` for entries that are no numbers.
 */
export function symmetricEigen(matrix: Float64Array): SymmetricEigen {
  const n = Math.round(Math.sqrt(matrix.length));
  if (n * n !== matrix.length) {
    throw new MesascopeError("shape-mismatch", `a matrix of ${matrix.length} numbers given; expected a square one.`);
  }
  if (!matrix.every(Number.isFinite)) {
    throw new MesascopeError("unconverged", "a matrix with entries that are no finite numbers given; it has no eigenvalues.");
  }
  const { diagonal, beside, basis } = tridiagonalize(matrix, n);
  rotateToDiagonal(diagonal, beside, basis);
  return { values: diagonal, vectors: basis };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** `beside[i]` lies between rows i and i + 1. */
  readonly beside: Float64Array;
  /** Rows b with matrix = Σ_ij T_ij b_iᵀ b_j. */
  readonly basis: Float64Array;
}

/** Householder reflections, one for each column, from both sides; then their product, from the last to the first. */
function tridiagonalize(matrix: Float64Array, n: number): Tridiagonal {
  const a = matrix.slice();
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const reflectors: { readonly first: number; readonly v: Float64Array; readonly beta: number }[] = [];
  for (let k = 0; k < n - 2; k++) {
    const first = k + 1;
    const v = a.slice(k * n + first, k * n + n);
    const norm = euclideanNorm(v);
    const alpha = v[0]! > 0 ? -norm : norm;
    beside[k] = alpha;
    if (norm === 0) continue;
    v[0]! -= alpha;
    const square = v.reduce((sum, x) => sum + x * x, 0);
    const beta = 2 / square;
    reflectors.push({ first, v, beta });
    reflectFromBothSides(a, { n, first, v, beta });
  }
  for (let k = 0; k < n; k++) diagonal[k] = a[k * n + k]!;
  if (n > 1) beside[n - 2] = a[(n - 2) * n + n - 1]!;
  return { diagonal, beside, basis: productOf(reflectors, n) };
}

/** A ← H A H on the rows and columns from `first`, with H = 1 − β v vᵀ: A − v wᵀ − w vᵀ for w = p − ½β(vᵀp) v, p = β A v. */
function reflectFromBothSides(
  a: Float64Array,
  reflection: { readonly n: number; readonly first: number; readonly v: Float64Array; readonly beta: number },
): void {
  const { n, first, v, beta } = reflection;
  const w = new Float64Array(v.length);
  for (let i = 0; i < v.length; i++) {
    const row = (first + i) * n + first;
    let sum = 0;
    for (let j = 0; j < v.length; j++) sum += a[row + j]! * v[j]!;
    w[i] = beta * sum;
  }
  let overlap = 0;
  for (let i = 0; i < v.length; i++) overlap += v[i]! * w[i]!;
  for (let i = 0; i < v.length; i++) w[i]! -= (beta / 2) * overlap * v[i]!;
  for (let i = 0; i < v.length; i++) {
    const row = (first + i) * n + first;
    const [vi, wi] = [v[i]!, w[i]!];
    for (let j = 0; j < v.length; j++) a[row + j]! -= vi * w[j]! + wi * v[j]!;
  }
}

/** (H₀ H₁ …)ᵀ, as rows. */
function productOf(
  reflectors: readonly { readonly first: number; readonly v: Float64Array; readonly beta: number }[],
  n: number,
): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const sums = new Float64Array(n);
  for (let k = reflectors.length - 1; k >= 0; k--) {
    const { first, v, beta } = reflectors[k]!;
    sums.fill(0);
    for (let i = 0; i < v.length; i++) {
      const row = (first + i) * n;
      for (let j = first; j < n; j++) sums[j]! += v[i]! * q[row + j]!;
    }
    for (let i = 0; i < v.length; i++) {
      const row = (first + i) * n;
      const scale = beta * v[i]!;
      for (let j = first; j < n; j++) q[row + j]! -= scale * sums[j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const held = q[i * n + j]!;
      q[i * n + j] = q[j * n + i]!;
      q[j * n + i] = held;
    }
  }
  return q;
}

/** Implicit QR steps with Wilkinson's shift, from the last eigenvalue to the first; turns the rows of `basis` along. */
function rotateToDiagonal(diagonal: Float64Array, beside: Float64Array, basis: Float64Array): void {
  const n = diagonal.length;
  let steps = 0;
  for (let last = n - 1; last > 0; ) {
    const isSplit = (i: number): boolean =>
      Math.abs(beside[i]!) <= Number.EPSILON * (Math.abs(diagonal[i]!) + Math.abs(diagonal[i + 1]!));
    if (isSplit(last - 1)) {
      beside[last - 1] = 0;
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && !isSplit(first - 1)) first--;
    if (++steps > sweepsPerValue * n) {
      throw new MesascopeError("unconverged", `an eigenvalue of a matrix of ${n} rows was not found in ${steps} steps.`);
    }
    qrStep(diagonal, beside, basis, { first, last });
  }
}

/** One step on the rows from `first` to `last`: a rotation that the shift begins, and those that chase the bulge out of the matrix. */
function qrStep(
  diagonal: Float64Array,
  beside: Float64Array,
  basis: Float64Array,
  { first, last }: { readonly first: number; readonly last: number },
): void {
  const n = diagonal.length;
  const half = (diagonal[last - 1]! - diagonal[last]!) / 2;
  const corner = beside[last - 1]!;
  const root = Math.hypot(half, corner);
  let x = diagonal[first]! - diagonal[last]! + (corner * corner) / (half + (half < 0 ? -root : root));
  let z = beside[first]!;
  for (let k = first; k < last; k++) {
    const r = Math.hypot(x, z);
    const c = r === 0 ? 1 : x / r;
    const s = r === 0 ? 0 : z / r;
    if (k > first) beside[k - 1] = r;
    const [upper, lower, between] = [diagonal[k]!, diagonal[k + 1]!, beside[k]!];
    diagonal[k] = c * c * upper + 2 * c * s * between + s * s * lower;
    diagonal[k + 1] = s * s * upper - 2 * c * s * between + c * c * lower;
    beside[k] = c * s * (lower - upper) + (c * c - s * s) * between;
    if (k < last - 1) {
      x = beside[k]!;
      z = s * beside[k + 1]!;
      beside[k + 1] = c * beside[k + 1]!;
    }
    for (let i = k * n, end = i + n; i < end; i++) {
      const [one, other] = [basis[i]!, basis[i + n]!];
      basis[i] = c * one + s * other;
      basis[i + n] = c * other - s * one;
    }
  }
}

// Student's t distribution, by the incomplete beta function. Used by the intervals and tests of the neighboring files.

import { MesascopeError } from "./errors.ts";
import { requireBetween } from "./statistics.ts";

const MAX_TERMS = 10_000;

/**
 * P(T > t) for T of Student's t with `degreesOfFreedom` > 0, as ½·I_{ν/(ν+t²)}(ν/2, ½) for t ≥ 0 (Abramowitz & Stegun 26.7.1).
 * Keeps its relative precision (about 1e-12) far out in the tail. Throws `invalid-data` on NaN or no degrees of freedom.
 */
export function studentTUpperTail(t: number, degreesOfFreedom: number): number {
  requireDegrees(degreesOfFreedom);
  if (Number.isNaN(t)) throw new MesascopeError("invalid-data", "NaN given as a t statistic; expected a number.");
  if (t === Number.POSITIVE_INFINITY) return 0;
  if (t === Number.NEGATIVE_INFINITY) return 1;
  const total = degreesOfFreedom + t * t;
  const tail =
    0.5 * regularizedBeta({ x: degreesOfFreedom / total, complement: (t * t) / total, a: degreesOfFreedom / 2, b: 0.5 });
  return t >= 0 ? tail : 1 - tail;
}

/** P(T ≤ t): the cumulative distribution function. Throws as `studentTUpperTail`. */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  return studentTUpperTail(-t, degreesOfFreedom);
}

/**
 * The t with P(T ≤ t) = `probability`, found by bisection on the tail. Throws `invalid-data` unless 0 < probability < 1.
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  requireDegrees(degreesOfFreedom);
  requireBetween(probability, { what: "the probability of a t quantile", low: Number.MIN_VALUE, high: 1 - Number.EPSILON / 2 });
  if (probability < 0.5) return -tailQuantile(probability, degreesOfFreedom);
  return tailQuantile(1 - probability, degreesOfFreedom);
}

/** The t ≥ 0 that `tail` ≤ ½ of the probability lies above. */
function tailQuantile(tail: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (studentTUpperTail(high, degreesOfFreedom) > tail) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle === low || middle === high) return middle;
    if (studentTUpperTail(middle, degreesOfFreedom) > tail) low = middle;
    else high = middle;
  }
}

function requireDegrees(degreesOfFreedom: number): void {
  requireBetween(degreesOfFreedom, { what: "degrees of freedom", low: Number.MIN_VALUE, high: Number.MAX_VALUE });
}

interface BetaPoint {
  readonly x: number;
  /** 1 − x, given apart so that neither end loses digits. */
  readonly complement: number;
  readonly a: number;
  readonly b: number;
}

/** The regularized incomplete beta function I_x(a, b) by its continued fraction (NIST DLMF 8.17.22), reflected where that converges slowly. */
function regularizedBeta({ x, complement, a, b }: BetaPoint): number {
  if (x === 0) return 0;
  if (complement === 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta({ x: complement, complement: x, a: b, b: a });
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement);
  return (Math.exp(logFront) * betaFraction(x, a, b)) / a;
}

/** The continued fraction of I_x(a, b), evaluated from the front by Lentz's method (Numerical Recipes, section 6.4). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) return fraction;
  }
  throw new MesascopeError("unconverged", `the incomplete beta function did not converge at x=${x}, a=${a}, b=${b}.`);
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0 by Lanczos's approximation (g = 7, nine terms, Godfrey's coefficients), relative error about 1e-15. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

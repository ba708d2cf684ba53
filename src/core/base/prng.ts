// The project's only source of randomness: a counter-based generator, the same bits in Node and in a browser.

import { MesascopeError } from "./errors.ts";

/** What is needed to continue a stream: plain numbers, safe in JSON. */
export interface PrngState {
  readonly key: readonly [number, number];
  readonly stream: readonly [number, number];
  /** 32-bit words drawn so far (below 2^53). */
  readonly drawn: number;
}

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; checked against the known answers of Random123).
 * Word i of a stream is word i mod 4 of the block with counter (⌊i/4⌋ low, ⌊i/4⌋ high, stream).
 */
export class Prng {
  readonly #key: readonly [number, number];
  readonly #stream: readonly [number, number];
  readonly #block = new Uint32Array(4);
  #drawn = 0;

  private constructor(key: readonly [number, number], stream: readonly [number, number]) {
    this.#key = key;
    this.#stream = stream;
  }

  /** A generator for an integer seed (0 ≤ seed < 2^53). Different `stream` numbers (any uint32) give independent sequences. Throws `usage`. */
  static fromSeed(seed: number, stream = 0): Prng {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new MesascopeError(
        "usage",
        `seed ${seed} given; expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}. Choose another.`,
      );
    }
    return new Prng([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], [stream >>> 0, 0]);
  }

  /** The generator that goes on where the one with this state stood. */
  static fromState(state: PrngState): Prng {
    const prng = new Prng(state.key, state.stream);
    prng.#drawn = state.drawn;
    if (state.drawn % 4 !== 0) prng.#fillBlock(Math.floor(state.drawn / 4));
    return prng;
  }

  /** A generator for a named part of the work, independent of this one and of how much this one has drawn. */
  fork(label: string): Prng {
    let hash = 0x811c9dc5;
    for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
    const block = new Uint32Array(4);
    philox(block, hash >>> 0, label.length, this.#stream[0], this.#stream[1] ^ 0x666f726b, this.#key);
    return new Prng([block[0]!, block[1]!], [block[2]!, block[3]!]);
  }

  state(): PrngState {
    return { key: this.#key, stream: this.#stream, drawn: this.#drawn };
  }

  /** The next 32-bit word, 0 to 2^32 − 1. */
  nextUint32(): number {
    const lane = this.#drawn & 3;
    if (lane === 0) this.#fillBlock(Math.floor(this.#drawn / 4));
    this.#drawn++;
    return this.#block[lane]!;
  }

  /** A multiple of 2^−32 in [0, 1). */
  uniform(): number {
    return this.nextUint32() * 2 ** -32;
  }

  /** An integer in [0, bound), without modulo bias (Lemire's rejection); bound from 1 to 2^32. */
  integer(bound: number): number {
    const threshold = 2 ** 32 % bound;
    for (;;) {
      const word = this.nextUint32();
      if (word >= threshold) return word % bound;
    }
  }

  /** A standard normal deviate (Box–Muller; the second of the pair is dropped, so that the state stays a counter). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles `values` in place (Fisher–Yates). */
  shuffle(values: { readonly length: number; [index: number]: number }): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = values[i]!;
      values[i] = values[j]!;
      values[j] = held;
    }
  }

  #fillBlock(index: number): void {
    philox(this.#block, index >>> 0, Math.floor(index / 2 ** 32) >>> 0, this.#stream[0], this.#stream[1], this.#key);
  }
}

/** Writes the Philox4x32-10 block of a 128-bit counter (c0 lowest) and a 64-bit key into `out`. Exported for the known-answer test. */
export function philox(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, key: readonly [number, number]): void {
  let a = c0;
  let b = c1;
  let c = c2;
  let d = c3;
  let k0 = key[0];
  let k1 = key[1];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, a);
    const low0 = Math.imul(MULTIPLIER_0, a);
    const high1 = multiplyHigh(MULTIPLIER_1, c);
    const low1 = Math.imul(MULTIPLIER_1, c);
    a = high1 ^ b ^ k0;
    b = low1;
    c = high0 ^ d ^ k1;
    d = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/** The upper 32 bits of the 64-bit product of two 32-bit words, from four 16-bit products. */
function multiplyHigh(x: number, y: number): number {
  const xHigh = x >>> 16;
  const xLow = x & 0xffff;
  const yHigh = y >>> 16;
  const yLow = y & 0xffff;
  const lowLow = xLow * yLow;
  const highLow = xHigh * yLow + (lowLow >>> 16);
  const lowHigh = xLow * yHigh + (highLow & 0xffff);
  return (xHigh * yHigh + Math.floor(highLow / 65536) + Math.floor(lowHigh / 65536)) | 0;
}

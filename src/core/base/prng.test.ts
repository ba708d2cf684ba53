import { describe, expect, it } from "vitest";
import { Prng, philox } from "./prng.ts";

describe("Philox4x32-10", () => {
  // Known answers published with Random123 (kat_vectors, "philox4x32 10").
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], expected: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      expected: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      expected: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])("gives the published block for counter $counter", ({ counter, key, expected }) => {
    const out = new Uint32Array(4);
    const [c0, c1, c2, c3] = counter as [number, number, number, number];
    philox(out, c0, c1, c2, c3, key as [number, number]);
    expect([...out]).toEqual(expected);
  });
});

describe("Prng", () => {
  it("continues a stream bit for bit from its state at every position in a block", () => {
    for (let drawn = 0; drawn < 9; drawn++) {
      const original = Prng.fromSeed(7);
      for (let i = 0; i < drawn; i++) original.nextUint32();
      const resumed = Prng.fromState(JSON.parse(JSON.stringify(original.state())));
      for (let i = 0; i < 9; i++) expect(resumed.nextUint32()).toBe(original.nextUint32());
    }
  });

  it("gives forks that depend on the label and not on what the parent has drawn", () => {
    const fresh = Prng.fromSeed(3).fork("levels");
    const used = Prng.fromSeed(3);
    used.uniform();
    expect(used.fork("levels").nextUint32()).toBe(fresh.nextUint32());
    expect(used.fork("actions").nextUint32()).not.toBe(Prng.fromSeed(3).fork("levels").nextUint32());
  });

  it("draws integers uniformly (chi-square over 10 cells, 1e-6 level)", () => {
    const prng = Prng.fromSeed(11);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[prng.integer(10)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(46.0);
  });

  it("draws normals with mean 0 and variance 1 (5 standard errors)", () => {
    const prng = Prng.fromSeed(12);
    let sum = 0;
    let squares = 0;
    const n = 100_000;
    for (let i = 0; i < n; i++) {
      const value = prng.normal();
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  it("refuses a seed that is not a non-negative safe integer", () => {
    expect(() => Prng.fromSeed(-1)).toThrow(/seed -1 given/);
    expect(() => Prng.fromSeed(0.5)).toThrow(/expected an integer/);
  });
});

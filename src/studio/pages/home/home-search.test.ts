import { describe, expect, it } from "vitest";
import { homeSearchDefaults, homeSearchSchema, seedOf, seedRefused } from "./home-search.ts";

const read = (seed?: string) => homeSearchSchema.parse(seed === undefined ? {} : { seed });

describe("the seed in the address of the first page", () => {
  it("is a whole number, and the usual one where there is none", () => {
    expect(["0", "11", "999999", "", undefined].map((seed) => seedOf(read(seed)))).toEqual([0, 11, 999_999, 7, 7]);
    expect(["11", "", undefined].map((seed) => seedRefused(read(seed)))).toEqual([null, null, null]);
    expect(read()).toEqual(homeSearchDefaults);
  });

  it("is said to be none where it is none, with what was given, what is expected and what is used", () => {
    for (const given of ["abc", "-3", "1000000", "1.5", "0x10", "1e3"]) {
      const search = read(given);
      expect(seedOf(search)).toBe(7);
      expect(seedRefused(search)).toBe(
        `The address gives the seed “${given}”; expected a whole number from 0 to 999999. 7 is used.`,
      );
      // It stays in the address, so that a page that is loaded anew says so too.
      expect(homeSearchSchema.parse({ seed: String(search.seed) })).toEqual(search);
    }
    expect(seedRefused(read("x".repeat(5000)))!.length).toBeLessThan(150);
  });
});

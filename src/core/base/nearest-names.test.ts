import { expect, test } from "vitest";
import { type MesascopeError, throwUnknown } from "./errors.ts";
import { nearestNames } from "./nearest-names.ts";

test("the nearest name takes the fewest insertions, omissions and replacements for its length, whatever the case", () => {
  // Of 3 in 7, 1 in 6 and 2 in 7 letters.
  expect(nearestNames("kitten", ["sitting", "mitten", "kitchen"])).toEqual(["mitten", "kitchen", "sitting"]);
  expect(nearestNames("shapse/aligned", ["A", "shapes/aligned-late", "shapes/aligned"])[0]).toBe("shapes/aligned");
  expect(nearestNames("ARCADE", ["parade", "arcade"])[0]).toBe("arcade");
  expect(nearestNames("Q", ["B", "A", "AB"])).toEqual(["B", "A", "AB"]);
  expect(nearestNames("", ["ab", "a", ""])).toEqual(["", "ab", "a"]);
});

test("a mistyped name is answered with the whole of a short list and with the nearest of a long one", () => {
  const messageOf = (known: readonly string[]): string => {
    try {
      return throwUnknown("thing", "item-7x", known, 'Run "list".');
    } catch (error) {
      return (error as MesascopeError).message;
    }
  };
  expect(messageOf(["b", "a"])).toBe('unknown thing "item-7x"; known: b, a. Run "list".');
  const many = Array.from({ length: 90 }, (_, i) => `item-${i}`);
  expect(messageOf(many)).toMatch(/^unknown thing "item-7x"; nearest of 90: item-7, (item-\d+, ){3}item-\d+\. Run "list"\.$/);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { spreadLabels } from "./spread-labels.ts";

test("labels that already have room stay where they are", () => {
  expect(spreadLabels([40, 10, 25], { gap: 10, low: 0, high: 100 })).toEqual([40, 10, 25]);
});

test("labels that want one place are set apart, and none leaves the room while there is any", () => {
  const wishes = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(wishes, (wanted) => {
      const placed = spreadLabels(wanted, { gap: 10, low: 0, high: 100 });
      const sorted = placed.toSorted((first, second) => first - second);
      expect(sorted[0]).toBeGreaterThanOrEqual(-1e-9);
      expect(sorted.at(-1)).toBeLessThanOrEqual(100 + 1e-9);
      for (const [index, position] of sorted.slice(1).entries()) {
        expect(position - sorted[index]!).toBeGreaterThanOrEqual(10 - 1e-9);
      }
    }),
  );
});

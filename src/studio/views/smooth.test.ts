import { expect, test } from "vitest";
import { bucketPlaces, debiasedAverage } from "./smooth.ts";

test("the average of a constant is the constant from the first value on", () => {
  for (const value of debiasedAverage([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12);
});

test("the average is the weighted mean of what was measured, with weights that fall by the factor", () => {
  const [, , third] = debiasedAverage([1, 2, 4], 0.5);
  expect(third).toBeCloseTo((0.25 * 1 + 0.5 * 2 + 1 * 4) / 1.75, 12);
  expect(debiasedAverage([1, 2, 4], 0)).toEqual([1, 2, 4]);
});

test("gaps stay gaps, count for nothing, and what is no number is one", () => {
  const [first, gap, second, odd] = debiasedAverage([1, null, 3, Number.NaN], 0.5);
  expect([first, gap, odd]).toEqual([1, null, null]);
  expect(second).toBeCloseTo((0.5 * 1 + 1 * 3) / 1.5, 12);
});

test("few places are all kept", () => {
  expect(bucketPlaces([[1, 2, 3]], { length: 3, buckets: 10 })).toEqual([0, 1, 2]);
});

test("of many places every peak, every gap and both ends are kept, and at most so many", () => {
  const length = 10_000;
  const values = Array.from({ length }, (_, i): number | null =>
    i === 4321 ? 99 : i === 8765 ? -99 : i === 500 ? null : Math.sin(i),
  );
  const places = bucketPlaces([values], { length, buckets: 100 });
  for (const place of [0, 500, 4321, 8765, length - 1]) expect(places).toContain(place);
  expect(places.length).toBeLessThanOrEqual(5 * 100);
  expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
});

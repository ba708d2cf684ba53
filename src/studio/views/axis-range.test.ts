import { expect, test } from "vitest";
import { lastInSight, leastOf, shownRange } from "./axis-range.ts";

const x = [0, 10, 20, 30];

test("a part of an axis that ends before it begins, or where it begins, is none", () => {
  expect(shownRange({ from: 20, to: 10 }, { x, isLogarithmic: false })).toBeNull();
  expect(shownRange({ from: 20, to: 20 }, { x, isLogarithmic: false })).toBeNull();
  expect(shownRange({ from: 0, to: 20 }, { x, isLogarithmic: false })).toEqual({ from: 0, to: 20 });
});

test("a logarithmic axis begins at the least value above 0", () => {
  expect(shownRange({ from: 0, to: 20 }, { x, isLogarithmic: true })).toEqual({ from: 10, to: 20 });
  expect(shownRange({ from: 0, to: 5 }, { x, isLogarithmic: true })).toBeNull();
  expect([leastOf(x, true), leastOf(x, false), leastOf([0], true)]).toEqual([10, 0, 0]);
});

test("the last measurement in sight is of the part that is looked at", () => {
  expect([null, { from: 5, to: 25 }, { from: 21, to: 29 }].map((range) => lastInSight(x, range))).toEqual([3, 2, -1]);
});

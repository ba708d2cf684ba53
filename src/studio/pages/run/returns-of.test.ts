import { expect, it } from "vitest";
import { returnsOf } from "./returns-of.ts";

/** A row of a run that is measured by so many objectives beside the base one. */
const row = (objectives: number) => ({
  ...{ environmentSteps: 0, trainingReturn: 0.5, oracleReturn: 1, oracleShare: 0.5 },
  ...Object.fromEntries(Array.from({ length: objectives }, (_, i) => [`return:objective-${i}`, i])),
});

it("gives each of up to eight series a look of its own", () => {
  const looks = returnsOf([row(6)], null).map(({ color, dash }) => `${color} ${dash}`);
  expect(looks).toHaveLength(8);
  expect(new Set(looks).size).toBe(8);
});

it("tells the lines of a run that is measured by five objectives, as one of B is, apart without color", () => {
  const dashes = returnsOf([row(5)], null).map(({ dash }) => dash);
  expect(dashes).toHaveLength(7);
  expect(new Set(dashes).size).toBe(7);
});

it("says which objective is rewarded, and has the values of each column", () => {
  const series = returnsOf([row(2)], "objective-1");
  expect(series.map(({ name }) => name)).toEqual(["base objective", "objective-0", "objective-1 (rewarded)", "oracle"]);
  expect(series.map(({ values }) => values)).toEqual([[0.5], [0], [1], [1]]);
});

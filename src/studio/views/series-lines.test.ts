import { expect, test } from "vitest";
import { tickText } from "./series-lines.ts";

test("an axis is lettered with as many digits as its step needs, and a true minus sign below 0", () => {
  const ticks = (values: readonly number[], step: number) => values.map((value) => tickText(value, { step, unit: undefined }));
  expect(ticks([-1, -0.5, 0, 0.5], 0.5)).toEqual(["−1.0", "−0.5", "0.0", "0.5"]);
  expect(ticks([-20_000, -1e-17], 10_000)).toEqual(["−20K", "0"]);
  expect([-0.5, 0.5].map((value) => tickText(value, { step: 0.5, unit: "percent" }))).toEqual(["−50%", "50%"]);
});

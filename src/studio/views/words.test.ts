import { expect, test } from "vitest";
import { duration, exactNumber, fixedNumber, percent, percentPoints, shortCode, shortNumber, signed } from "./words.ts";

test("numbers keep three digits behind the point, large ones their magnitude, and none is a dash", () => {
  expect([0.12345, 7, 999_424, null].map(shortNumber)).toEqual(["0.123", "7", "999.4K", "–"]);
  expect([0.934, null].map(percent)).toEqual(["93.4%", "–"]);
  expect([1, 0.5, 12_000, null].map(fixedNumber)).toEqual(["1.000", "0.500", "12K", "–"]);
});

test("numbers below 0 carry a true minus sign, and none where nothing is left of them in words", () => {
  expect([-0.12345, -7, -999_424, -0.0001].map(shortNumber)).toEqual(["−0.123", "−7", "−999.4K", "0.000"]);
  expect([-1, -12_000, -0.0001].map(fixedNumber)).toEqual(["−1.000", "−12K", "0.000"]);
  expect([-1_998_000, -10.375].map(exactNumber)).toEqual(["−1,998,000", "−10.375"]);
  expect([-0.934, -0.0001].map(percent)).toEqual(["−93.4%", "0.0%"]);
  expect([-0.031, -0.0001].map(percentPoints)).toEqual(["−3.1 pp", "0.0 pp"]);
});

test("steps are told to the last digit, so that neighbors differ", () => {
  expect([1_998_000, 1_999_000, 10.375, null].map(exactNumber)).toEqual(["1,998,000", "1,999,000", "10.375", "–"]);
});

test("differences have their sign, a plus where nothing of them is left in words, and as many digits as the others", () => {
  expect([0.0312, -0.2, 0].map((value) => signed(value, fixedNumber))).toEqual(["+0.031", "−0.200", "+0.000"]);
  expect([-0.0004, 0.0004, -0.04].map((value) => signed(value, percent))).toEqual(["+0.0%", "+0.0%", "−4.0%"]);
});

test("differences of shares are percentage points", () => {
  expect([-0.031, 0].map((value) => signed(value, percentPoints))).toEqual(["−3.1 pp", "+0.0 pp"]);
});

test("durations are told in the two units that matter", () => {
  expect([4.25, 41.5, 200, 7500].map(duration)).toEqual(["4.3 s", "42 s", "3 min 20 s", "2 h 5 min"]);
  expect([9.97, 59.7, 119.7, 3599.6, 7199].map(duration)).toEqual(["10 s", "1 min 0 s", "2 min 0 s", "1 h 0 min", "2 h 0 min"]);
});

test("a code version is told by the first digits of its hash", () => {
  expect([shortCode("0.1.0+0123456789"), shortCode("dev")]).toEqual(["0123456", "dev"]);
});

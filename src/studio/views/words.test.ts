import { expect, test } from "vitest";
import { duration, percent, shortCode, shortNumber, signed } from "./words.ts";

test("numbers keep three digits behind the point, large ones their magnitude, and none is a dash", () => {
  expect([0.12345, 7, 999_424, null].map(shortNumber)).toEqual(["0.123", "7", "999.4K", "–"]);
  expect([0.934, null].map(percent)).toEqual(["93.4%", "–"]);
});

test("differences have their sign", () => {
  expect([0.0312, -0.2, 0].map((value) => signed(value))).toEqual(["+0.031", "−0.200", "±0"]);
});

test("durations are told in the two units that matter", () => {
  expect([4.25, 41.5, 200, 7500].map(duration)).toEqual(["4.3 s", "42 s", "3 min 20 s", "2 h 5 min"]);
});

test("a code version is told by the first digits of its hash", () => {
  expect([shortCode("0.1.0+0123456789"), shortCode("dev")]).toEqual(["0123456", "dev"]);
});

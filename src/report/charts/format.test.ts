import { expect, test } from "vitest";
import {
  countInWords,
  formatCount,
  formatHundredths,
  formatInterval,
  formatNumber,
  formatPercent,
  formatSeconds,
  formatShortCount,
  joinWords,
  shorten,
} from "./format.ts";

test("numbers carry a true minus sign, and a rounded zero carries none", () => {
  expect(formatNumber(-0.5)).toBe("−0.50");
  expect(formatNumber(-0.001)).toBe("0.00");
  expect(formatInterval(-1, 1)).toBe("[−1.00, 1.00]");
  expect(formatPercent(0.9734, 1)).toBe("97.3%");
});

test("so do counts, on axes too", () => {
  expect([-1_500_000, -2_500, -0.25, -0.001].map(formatShortCount)).toEqual(["−1.5 M", "−2.5 k", "−0.25", "0"]);
  expect([-1234.5, 0.2, -0.001].map(formatHundredths)).toEqual(["−1234.5", "0.2", "0"]);
  expect([-1234, -0.2].map(formatCount)).toEqual(["−1,234", "0"]);
  expect([-0.031, -0.0001].map((share) => formatPercent(share, 1))).toEqual(["−3.1%", "0.0%"]);
});

test("what was not measured is said in words, never as a number", () => {
  for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(formatNumber(value)).toBe("not measured");
    expect(formatPercent(value)).toBe("not measured");
  }
  expect(formatSeconds(Number.NaN)).toBe("not measured");
});

test("times carry over into minutes", () => {
  expect(formatSeconds(38.24)).toBe("38.2 s");
  expect(formatSeconds(59.97)).toBe("1 min 0 s");
  expect(formatSeconds(247.3)).toBe("4 min 7 s");
});

test("counts and lists read as a sentence does", () => {
  expect(formatShortCount(1_500_000)).toBe("1.5 M");
  expect(formatShortCount(250_000)).toBe("250 k");
  expect(countInWords(1, "agent")).toBe("One agent");
  expect(countInWords(23, "agent")).toBe("23 agents");
  expect(joinWords(["A", "B", "C"])).toBe("A, B and C");
  expect(shorten("𝒜𝒜𝒜𝒜", 3)).toBe("𝒜𝒜…");
});

import { expect, test } from "vitest";
import {
  countInWords,
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

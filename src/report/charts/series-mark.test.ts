import { expect, test } from "vitest";
import { seriesMark } from "./series-mark.ts";

test("without color, no two of the first 35 series look the same", () => {
  const looks = Array.from({ length: 35 }, (_, index) => seriesMark(index)).map(({ dash, marker }) => `${dash}|${marker}`);
  expect(new Set(looks).size).toBe(35);
});

test("the first five series differ in dash and in marker each", () => {
  const marks = Array.from({ length: 5 }, (_, index) => seriesMark(index));
  expect(new Set(marks.map((mark) => mark.dash)).size).toBe(5);
  expect(new Set(marks.map((mark) => mark.marker)).size).toBe(5);
});

import { expect, it } from "vitest";
import { isBeginningOfKey, isJobKey, noKeyWords } from "./job-key.ts";

it("tells a key from its beginning, and both from what is neither", () => {
  const whole = "3fa9c1d2".repeat(8);
  const texts = [whole, whole.slice(0, 12), "3fa9c", "xyz", whole.toUpperCase(), `${whole}0`, ""];
  expect(texts.map(isJobKey)).toEqual([true, false, false, false, false, false, false]);
  expect(texts.map(isBeginningOfKey)).toEqual([true, true, false, false, false, false, false]);
});

it("says which key was given, as much of it as can be read, and what one looks like", () => {
  expect(noKeyWords("xyz", "a run")).toBe(
    "“xyz” is no key of a run. A key has 64 digits, 0 to 9 and a to f, such as 3fa9c1d20b…",
  );
  expect(noKeyWords("x".repeat(5000), "a run").length).toBeLessThan(200);
});

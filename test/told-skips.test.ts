import { expect, it } from "vitest";
import { linesOfSkips } from "./told-skips.ts";

it("tests that lack the same thing are counted together", () => {
  expect(linesOfSkips([])).toEqual([]);
  expect(linesOfSkips(["no python3", "no systemd", "no python3"])).toEqual([
    "2 tests skipped: no python3",
    "1 test skipped: no systemd",
  ]);
});

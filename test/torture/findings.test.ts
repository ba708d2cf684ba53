import { expect, it } from "vitest";
import { conclusion, findingsTable, none, skipped } from "./findings.ts";

const well = none("things lost", []);
const left = skipped("faults: full disk", "only root on Linux may mount a small disk");

it("what was skipped is said in the table and in the last lines, which then do not say that all is reached", () => {
  expect(conclusion([well])).toBe("all reached");
  expect(conclusion([well, left])).toBe(
    "SKIPPED faults: full disk: only root on Linux may mount a small disk\nall that was tried is reached, 1 skipped",
  );
  expect(findingsTable([well, left])).toMatch(/^faults: full disk +SKIPPED +only root/m);
});

it("what was missed is said whatever was skipped", () => {
  const lost = none("things lost", ["a record"]);
  expect(conclusion([lost])).toBe("MISSED");
  expect(conclusion([lost, left])).toMatch(/^SKIPPED .*\nMISSED$/);
});

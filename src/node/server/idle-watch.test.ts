import { expect, it } from "vitest";
import { IdleWatch } from "./idle-watch.ts";

it("says once that nobody works, after ten seconds without a worker, and again when that comes back", () => {
  let told = 0;
  const watch = new IdleWatch(() => told++);
  watch.saw(0, 1000);
  watch.saw(0, 10_900);
  expect(told).toBe(0);
  watch.saw(0, 11_000);
  watch.saw(0, 60_000);
  expect(told).toBe(1);
  watch.saw(2, 61_000);
  watch.saw(0, 62_000);
  watch.saw(0, 71_900);
  expect(told).toBe(1);
  watch.saw(0, 72_000);
  expect(told).toBe(2);
});

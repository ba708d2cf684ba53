import { expect, test } from "vitest";
import { movedRange } from "./zoom.ts";

const all = { least: 0, most: 100 };

test("zooming in halves what is seen about its middle, and out again shows all", () => {
  const half = movedRange(null, { how: "in", ...all });
  expect(half).toEqual({ from: 25, to: 75 });
  expect(movedRange(half, { how: "out", ...all })).toBeNull();
});

test("moving keeps the width and stops at the ends", () => {
  expect(movedRange({ from: 20, to: 40 }, { how: "later", ...all })).toEqual({ from: 30, to: 50 });
  expect(movedRange({ from: 5, to: 25 }, { how: "earlier", ...all })).toEqual({ from: 0, to: 20 });
  expect(movedRange({ from: 75, to: 95 }, { how: "later", ...all })).toEqual({ from: 80, to: 100 });
});

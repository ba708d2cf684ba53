import { expect, it } from "vitest";
import { shareProcessors } from "./processors.ts";

it("leaves a processor to the page, trains agents beside each other first, and gives each more threads only where the page is isolated", () => {
  const shares = (processors: number, isIsolated: boolean) => {
    const { lanes, threads } = shareProcessors({ processors, isIsolated });
    return [lanes, threads];
  };
  expect([1, 2, 4, 5, 9, 32].map((processors) => shares(processors, true))).toEqual([
    ...[
      [1, 1],
      [1, 1],
      [3, 1],
      [4, 1],
      [4, 2],
      [4, 4],
    ],
  ]);
  expect([1, 5, 32].map((processors) => shares(processors, false))).toEqual([
    [1, 1],
    [4, 1],
    [4, 1],
  ]);
});

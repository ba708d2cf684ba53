import { describe, expect, it } from "vitest";
import { silentAfter } from "../../../lab/silent-after.ts";
import { mostCounted, paceOf } from "./pace.ts";

describe("the pace of workers", () => {
  it("is that of a person watching while there are few of them", () => {
    for (const workers of [1, 4, 50]) expect(paceOf(workers)).toEqual({ poll: 2, tell: 1 });
  });

  it("slows with their number, so that all of them together tell 50 times a second", () => {
    for (const workers of [100, 1000, 3000]) expect(workers / paceOf(workers).tell).toBeCloseTo(50);
  });

  it("tells of a job before it is told as silent, however many workers there are", () => {
    expect(paceOf(mostCounted).tell).toBeLessThan(silentAfter);
  });

  it("never lets a lost job wait for longer than half a minute: 10 s of lease, 5 s to notice, and a poll", () => {
    for (const workers of [1, 500, 3000, 10_000]) expect(10 + 5 + paceOf(workers).poll).toBeLessThan(30);
  });
});

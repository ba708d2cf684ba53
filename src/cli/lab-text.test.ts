import { describe, expect, it } from "vitest";
import { pendingOf, stuckText } from "./lab-text.ts";

const counts = { blocked: 3, queued: 1, held: 0, running: 2, done: 5, failed: 1, cancelled: 0 };

describe("what a sweep still waits for", () => {
  it("is what will be done without anybody saying more", () => {
    expect(pendingOf({ counts, stuck: 0 })).toBe(6);
    expect(pendingOf({ counts, stuck: 3 })).toBe(3);
  });

  it("says how many wait for a run that does not come", () => {
    expect(stuckText({ stuck: 0 })).toBe("");
    expect(stuckText({ stuck: 1 })).toBe("1 waits for a run that failed, was cancelled or is paused");
    expect(stuckText({ stuck: 2 })).toBe("2 wait for a run that failed, was cancelled or is paused");
  });
});

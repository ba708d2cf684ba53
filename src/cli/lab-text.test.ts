import { describe, expect, it } from "vitest";
import type { SweepRow } from "../lab/api.ts";
import { endText, indexText, pendingOf, stuckText, sweepTimeLeft, typedLab, unchangedText, undoneText } from "./lab-text.ts";

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

it("says that the time left is the least it takes where nothing is known of some jobs", () => {
  expect(sweepTimeLeft({ secondsLeft: 65, unpriced: 0 })).toBe("1 min 5 s");
  expect(sweepTimeLeft({ secondsLeft: 65, unpriced: 4 })).toBe("≥ 1 min 5 s");
  expect(sweepTimeLeft({ secondsLeft: null, unpriced: 4 })).toBe("–");
});

describe("what is said after a sweep", () => {
  const none = { blocked: 0, queued: 0, held: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
  const sweepWith = (told: Partial<SweepRow["counts"]>): SweepRow => ({
    ...{ name: "long", priority: 50, acceptedAt: "2026-01-01T00:00:00Z", stuck: 0, secondsLeft: null, unpriced: 0 },
    counts: { ...none, ...told },
  });
  const at = (where: string) => ({ path: "my sweeps/long.json", where });

  it("asks the lab that was named, as a shell reads it back", () => {
    expect(typedLab({})).toBe("");
    expect(typedLab({ lab: "my lab" })).toBe(" --lab 'my lab'");
    expect(typedLab({ server: "http://127.0.0.1:4321" })).toBe(" --server http://127.0.0.1:4321");
    expect(endText(sweepWith({ done: 4 }), " --lab there")).toBe("long: 4 done. See them: mesascope runs sweep:long --lab there");
  });

  it("has nothing to add where all is done or was given up", () => {
    expect(undoneText(sweepWith({ done: 3, cancelled: 1 }), at(""))).toBe("");
  });

  it("says of a decision that changed nothing what it found and what does go on with that", () => {
    const told = (counts: Partial<SweepRow["counts"]>, action: "resume" | "retry" | "pause") =>
      unchangedText(sweepWith(counts), { action, where: " --lab there" });
    expect(told({ done: 8, cancelled: 16 }, "resume")).toBe(
      "long: resume: no job changed by it: 8 done, 16 cancelled. What failed or was cancelled goes on by: mesascope sweep retry long --reason WHY --lab there",
    );
    expect(told({ held: 2 }, "retry")).toBe(
      "long: retry: no job changed by it: 2 held. What is paused goes on by: mesascope sweep resume long --lab there",
    );
    expect(told({ done: 3 }, "resume")).toBe("long: resume: no job changed by it: 3 done.");
    expect(told({ held: 3 }, "resume")).not.toContain("goes on by");
  });

  it("says of paused and failed jobs how to go on in the same lab", () => {
    expect(undoneText(sweepWith({ done: 2, held: 22 }), at(" --lab there"))).toBe(
      "22 jobs of long are paused. Go on with it: mesascope sweep resume long --lab there, then mesascope sweep 'my sweeps/long.json' --lab there",
    );
    const both = undoneText(sweepWith({ failed: 1, held: 1 }), at(" --server http://a:1"));
    expect(both).toMatch(
      /^1 job of long failed\..* state:failed --server http:\/\/a:1\..* --reason WHY --server http:\/\/a:1\. /,
    );
    expect(both).toMatch(/1 job of long is paused\. Go on with it: mesascope sweep resume long --server http:\/\/a:1, then/);
  });
});

it("says that a lab that cannot be written is asked by an index of the command's own", () => {
  expect(indexText({ database: "pglite", isToRead: true })).toBe("index made for this command alone");
  expect(indexText({ database: "pglite", isToRead: false })).toBe("index in the lab's folder");
  expect(indexText({ database: "postgres", isToRead: false })).toBe("index in PostgreSQL");
});

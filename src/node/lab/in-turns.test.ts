import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { jobKey } from "../../lab/job.ts";
import { inTurns } from "./in-turns.ts";
import { givenJobs } from "./index/describe-jobs.ts";
import { specs } from "./lab.fixture.ts";

afterEach(() => void vi.restoreAllMocks());

describe("a long computation in turns", () => {
  it("lets others through, and returns its result", async () => {
    let others = 0;
    const timer = setInterval(() => others++, 1);
    function* long(): Generator<void, string> {
      // Until others were let through: for ever, if they never are.
      while (others < 3) yield;
      return "the result";
    }
    expect(await inTurns(long())).toBe("the result");
    clearInterval(timer);
  });

  it("throws what the computation throws", async () => {
    // biome-ignore lint/correctness/useYield: it fails before
    function* failing(): Generator<void, string> {
      throw new RangeError("no");
    }
    await expect(inTurns(failing())).rejects.toThrow(RangeError);
  });

  it("is what a sweep's jobs are keyed by, with the keys that they have anywhere", async () => {
    // Every step is a turn by this clock, however fast the machine.
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 1000));
    const jobs = specs(3);
    let isOver = false;
    const others = sleep(0).then(() => isOver);
    const given = await givenJobs([...jobs, ...Array.from({ length: 100 }, () => jobs).flat()]);
    isOver = true;
    expect(await others).toBe(false);
    expect(given.map(({ key }) => key)).toEqual(jobs.map((spec) => jobKey(spec)));
  });
});

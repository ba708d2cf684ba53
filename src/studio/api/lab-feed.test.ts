import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../lab/api.ts";
import type { LabClient } from "./lab-client.ts";
import { LabFeed } from "./lab-feed.ts";

function event(number: number): LabEvent {
  return { number, at: "2026-03-01T10:00:00.000Z", kind: "started", job: null, sweep: null, data: {} };
}

/** A lab whose streams break off after some events each, and whose events go on meanwhile; `plan` holds the last number of each stream. */
function breakingLab(plan: readonly number[], lastEvent = () => plan.at(-1)!) {
  const asked: number[] = [];
  async function* stream(after: number, until: number) {
    // One more than was asked for, as a server might that resumes too early.
    for (let number = Math.max(1, after); number <= until; number++) yield event(number);
    throw new TypeError("network error");
  }
  const client = {
    status: async () => ({ lastEvent: lastEvent() }),
    events: async ({ after = 0 }: { readonly after?: number }) => {
      asked.push(after);
      const until = plan[Math.min(asked.length, plan.length) - 1]!;
      return stream(after, until);
    },
  };
  return { client: client as object as Pick<LabClient, "events" | "status">, asked };
}

async function follow(feed: LabFeed, isOver: () => boolean): Promise<void> {
  const ending = new AbortController();
  const done = feed.start(ending.signal);
  await expect.poll(isOver, { timeout: 20_000 }).toBe(true);
  ending.abort();
  await done;
}

describe("the feed of a lab", () => {
  it("tells every event once and in order, over streams that break off, each resumed after the last that was heard", async () => {
    const { client, asked } = breakingLab([4, 4, 9]);
    const feed = new LabFeed({ client, after: 2, now: () => performance.now(), onReset: () => undefined });
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    await follow(feed, () => heard.at(-1) === 9);
    expect(heard).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(asked.slice(0, 3)).toEqual([2, 4, 4]);
  });

  it("says that it is lost while it is, and since when nothing was heard", async () => {
    const { client } = breakingLab([1]);
    let now = 0;
    const feed = new LabFeed({ client, after: 0, now: () => now, onReset: () => undefined });
    const kinds: string[] = [];
    feed.watch(() => kinds.push(feed.state().kind));
    now = 1000;
    await follow(feed, () => kinds.includes("lost"));
    expect(kinds.slice(0, 2)).toEqual(["live", "lost"]);
    expect(feed.state().heardAt).toBe(1000);
  });

  it("begins anew where the lab's numbers did, and says so", async () => {
    const { client, asked } = breakingLab([3], () => 0);
    let resets = 0;
    const feed = new LabFeed({ client, after: 70, now: () => performance.now(), onReset: () => resets++ });
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    await follow(feed, () => heard.includes(3));
    expect(asked[0]).toBe(0);
    expect(resets).toBeGreaterThan(0);
    expect(heard.slice(0, 3)).toEqual([1, 2, 3]);
  });
});

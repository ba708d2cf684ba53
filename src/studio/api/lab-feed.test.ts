import { ORPCError } from "@orpc/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LabEvent, LabStatus } from "../../lab/api.ts";
import { EventsMissed, type FollowAsked } from "./event-streams.ts";
import type { LabProblem } from "./lab-client.ts";
import { LabFeed, type LabFeedOptions } from "./lab-feed.ts";
import { idleStatus, startedEvent } from "./told-events.fixture.ts";

/** A lab whose streams break off after some events each, and whose events go on meanwhile; `plan` holds the last number of each stream. */
function breakingLab(plan: readonly number[], told: () => Partial<LabStatus> = () => ({ lastEvent: plan.at(-1)! })) {
  const asked: number[] = [];
  const follow = async function* ({ after, onContact }: FollowAsked) {
    asked.push(after);
    const until = plan[Math.min(asked.length, plan.length) - 1]!;
    onContact();
    // One more than was asked for, as a server might that resumes too early.
    for (let number = Math.max(1, after); number <= until; number++) yield startedEvent(number);
    throw new TypeError("network error");
  };
  return { client: { status: async () => ({ ...idleStatus, ...told() }) }, streams: { follow }, asked };
}

function feedOf(given: Pick<LabFeedOptions, "client" | "streams"> & Partial<LabFeedOptions>, after = 0): LabFeed {
  const nothing = () => undefined;
  return new LabFeed({
    ...{ lab: { id: "lab", lastEvent: after }, now: () => performance.now() },
    ...{ onReset: nothing, onOther: nothing, onRefused: nothing, ...given },
  });
}

async function follow(feed: LabFeed, isOver: () => boolean): Promise<void> {
  const ending = new AbortController();
  const done = feed.start(ending.signal);
  await expect.poll(isOver, { timeout: 20_000 }).toBe(true);
  ending.abort();
  await done;
}

describe("the feed of a lab", () => {
  afterEach(() => void vi.useRealTimers());

  it("tells every event once and in order, over streams that break off, each resumed after the last that was heard", async () => {
    const { asked, ...lab } = breakingLab([4, 4, 9]);
    const feed = feedOf(lab, 2);
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    await follow(feed, () => heard.at(-1) === 9);
    expect(heard).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(asked.slice(0, 3)).toEqual([2, 4, 4]);
  });

  it("says that it is lost while it is, and since when nothing was heard", async () => {
    let now = 0;
    const feed = feedOf({ ...breakingLab([1]), now: () => now });
    const kinds: string[] = [];
    feed.watch(() => kinds.push(feed.state().kind));
    now = 1000;
    await follow(feed, () => kinds.includes("lost"));
    expect(kinds.slice(0, 2)).toEqual(["live", "lost"]);
    expect(feed.state().heardAt).toBe(1000);
  });

  it("begins anew where the lab's numbers did, and says so", async () => {
    const { asked, ...lab } = breakingLab([3], () => ({ lastEvent: 0 }));
    let resets = 0;
    const feed = feedOf({ ...lab, onReset: () => resets++ }, 70);
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    await follow(feed, () => heard.includes(3));
    expect(asked[0]).toBe(0);
    expect(resets).toBeGreaterThan(0);
    expect(heard.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it("says so where events are told no more, and goes on after them", async () => {
    const { asked, ...lab } = breakingLab([9]);
    const missing = async function* (given: FollowAsked) {
      if (given.after < 5) throw new EventsMissed(5);
      yield* lab.streams.follow(given);
    };
    let resets = 0;
    const feed = feedOf({ ...lab, streams: { follow: missing }, onReset: () => resets++ }, 2);
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    await follow(feed, () => heard.at(-1) === 9);
    expect(heard).toEqual([6, 7, 8, 9]);
    expect(resets).toBe(1);
  });

  it("says that another lab answers, and tells none of its earlier events as those of the one before", async () => {
    const { asked, ...lab } = breakingLab([80], () => ({ id: "other", store: "/labs/two", lastEvent: 78 }));
    const others: string[] = [];
    const feed = feedOf({ ...lab, onOther: ({ store }) => others.push(store) }, 70);
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    await follow(feed, () => heard.includes(80));
    expect(others).toEqual(["/labs/two"]);
    expect(asked[0]).toBe(78);
    expect(heard).toEqual([79, 80]);
  });

  it("ends where the lab wants a token at a later time, and says so", async () => {
    let calls = 0;
    const { streams } = breakingLab([1]);
    const client = {
      status: async () => {
        if (++calls > 1) throw new ORPCError("UNAUTHORIZED", { status: 401 });
        return idleStatus;
      },
    };
    const problems: LabProblem[] = [];
    const feed = feedOf({ client, streams, onRefused: (problem) => problems.push(problem) });
    await feed.start(new AbortController().signal);
    expect(problems).toMatchObject([{ kind: "token-wanted" }]);
    expect(feed.state().kind).toBe("lost");
  });

  it.each([
    {
      held: 15_000,
      what: "as soon as at first after connections that held, though nothing happened on them",
      pauses: [500, 500, 500],
    },
    { held: 10, what: "later each time after connections that did not hold", pauses: [1000, 2000, 4000] },
  ])("asks again $what", async ({ held, pauses }) => {
    vi.useFakeTimers();
    const begun: number[] = [];
    const ended: number[] = [];
    const idle = async function* ({ onContact }: FollowAsked): AsyncGenerator<LabEvent> {
      begun.push(performance.now());
      onContact();
      const beating = setInterval(onContact, 5000);
      await new Promise((resolve) => setTimeout(resolve, held));
      clearInterval(beating);
      ended.push(performance.now());
      throw new TypeError("network error");
    };
    const feed = feedOf({ client: { status: async () => idleStatus }, streams: { follow: idle } });
    const ending = new AbortController();
    void feed.start(ending.signal);
    await vi.advanceTimersByTimeAsync(4 * held + 8000);
    ending.abort();
    expect(begun.slice(1, 4).map((time, i) => Math.round((time - ended[i]!) / 10) * 10)).toEqual(pauses);
  });

  it("waits for an answer as long after a long silence as after a short one", async () => {
    vi.useFakeTimers();
    const slow = () => new Promise<LabStatus>((resolve) => setTimeout(() => resolve(idleStatus), 3000));
    const { streams } = breakingLab([1]);
    const feed = feedOf({ client: { status: slow }, streams });
    await vi.advanceTimersByTimeAsync(60_000);
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    const ending = new AbortController();
    void feed.start(ending.signal);
    await vi.advanceTimersByTimeAsync(4000);
    ending.abort();
    expect(heard).toEqual([1]);
  });
});

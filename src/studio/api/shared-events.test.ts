import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../lab/api.ts";
import { answerPage } from "./answer-page.ts";
import { EventsMissed, type FollowAsked, sharedStreams } from "./event-streams.ts";
import { LabFeed } from "./lab-feed.ts";
import { LabsFollowed } from "./labs-followed.ts";
import { type Follower, SharedEvents } from "./shared-events.ts";
import { idleStatus, startedEvent } from "./told-events.fixture.ts";
import { StreamRefused } from "./wire-streams.ts";

/** A lab whose events a test tells. */
function toldLab() {
  const asked: number[] = [];
  let open: { readonly send: (event: LabEvent) => void; readonly cut: () => void } | null = null;
  const follow = async function* ({ after, signal, onContact }: FollowAsked) {
    asked.push(after);
    const waiting: (LabEvent | null)[] = [];
    let wake = () => undefined as unknown;
    const put = (item: LabEvent | null) => {
      waiting.push(item);
      wake();
    };
    open = { send: put, cut: () => put(null) };
    signal.addEventListener("abort", () => put(null));
    onContact();
    for (;;) {
      const item = waiting.shift();
      if (item === null) throw new Error("broke off");
      if (item !== undefined) yield item;
      else await new Promise<unknown>((resolve) => (wake = () => resolve(null)));
    }
  };
  return { streams: { follow }, asked, send: (number: number) => open!.send(startedEvent(number)), cut: () => open!.cut() };
}

function follower() {
  const heard: number[] = [];
  const ends: string[] = [];
  const as: Follower = {
    contact: () => undefined,
    event: ({ number }) => heard.push(number),
    missed: (at) => ends.push(`missed ${at}`),
    ended: () => ends.push("ended"),
  };
  return { as, heard, ends };
}

/** One lab, whatever its name. */
function followedBy(events: SharedEvents) {
  return {
    follow: (as: Follower, { after }: { readonly after: number }) => {
      events.follow(as, after);
      return () => events.leave(as);
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("events that pages share", () => {
  it("come over one stream to each, to who comes later from where he was on", async () => {
    const lab = toldLab();
    const events = new SharedEvents(lab.streams, "lab");
    const [first, second] = [follower(), follower()];
    events.follow(first.as, 4);
    for (const number of [5, 6]) lab.send(number);
    await settle();
    events.follow(second.as, 5);
    lab.send(7);
    await settle();
    expect([first.heard, second.heard]).toEqual([
      [5, 6, 7],
      [6, 7],
    ]);
    expect(lab.asked).toEqual([4]);
  });

  it("go on for the others when the one who opened the stream leaves, and end with the last", async () => {
    const lab = toldLab();
    const events = new SharedEvents(lab.streams, "lab");
    const [first, second] = [follower(), follower()];
    events.follow(first.as, 0);
    events.follow(second.as, 0);
    events.leave(first.as);
    lab.send(1);
    await settle();
    expect([first.heard, second.heard]).toEqual([[], [1]]);
    events.leave(second.as);
    events.follow(first.as, 1);
    await settle();
    expect(lab.asked).toEqual([0, 1]);
    lab.send(2);
    await settle();
    expect([first.heard, first.ends]).toEqual([[2], []]);
  });

  it("say that they broke off, and are resumed after the last that was heard by any", async () => {
    const lab = toldLab();
    const events = new SharedEvents(lab.streams, "lab");
    const [first, second] = [follower(), follower()];
    events.follow(first.as, 0);
    lab.send(1);
    await settle();
    lab.cut();
    await settle();
    expect(first.ends).toEqual(["ended"]);
    // One who was behind is told from what is kept.
    events.follow(second.as, 0);
    lab.send(2);
    await settle();
    expect(lab.asked).toEqual([0, 1]);
    expect(second.heard).toEqual([1, 2]);
  });

  it("say so where some cannot be told any more", () => {
    const events = new SharedEvents(toldLab().streams, "lab");
    const [first, late] = [follower(), follower()];
    events.follow(first.as, 20);
    events.follow(late.as, 3);
    expect(late.ends).toEqual(["missed 20"]);
  });

  it("are asked of the lab anew where somebody asks for less than is kept and nobody follows", async () => {
    const lab = toldLab();
    const events = new SharedEvents(lab.streams, "lab");
    const [first, again] = [follower(), follower()];
    events.follow(first.as, 100);
    lab.send(101);
    await settle();
    events.leave(first.as);
    events.follow(again.as, 60);
    lab.send(61);
    await settle();
    expect(lab.asked).toEqual([100, 60]);
    expect([again.heard, again.ends]).toEqual([[61], []]);
  });

  it("are asked of the lab anew where somebody asks for less again after he was told what is missed", async () => {
    const lab = toldLab();
    const events = new SharedEvents(lab.streams, "lab");
    const [first, late] = [follower(), follower()];
    events.follow(first.as, 100);
    events.follow(late.as, 60);
    events.follow(late.as, 60);
    await settle();
    expect(late.ends).toEqual(["missed 100"]);
    expect(first.ends).toEqual(["ended"]);
    lab.send(61);
    await settle();
    expect(lab.asked).toEqual([100, 60]);
    expect(late.heard).toEqual([61]);
  });

  it("come to a page again whose lab was restored from a backup, so that its numbers went back", async () => {
    let lastEvent = 100;
    const asked: number[] = [];
    let cut = () => undefined as unknown;
    const restored = {
      follow: async function* ({ after, onContact }: FollowAsked) {
        asked.push(after);
        if (after > lastEvent) throw new StreamRefused(400);
        onContact();
        while (lastEvent > after) yield startedEvent(++after);
        await new Promise<unknown>((_, reject) => (cut = () => reject(new Error("broke off"))));
      },
    };
    const events = new SharedEvents(restored, "lab");
    const { port1, port2 } = new MessageChannel();
    answerPage(port2, followedBy(events));
    const nothing = () => undefined;
    let resets = 0;
    const feed = new LabFeed({
      ...{ lab: { id: "lab", lastEvent }, now: () => performance.now(), onOther: nothing, onRefused: nothing },
      client: { status: async () => ({ ...idleStatus, lastEvent }) },
      streams: sharedStreams({ token: null, connect: () => port1, otherwise: toldLab().streams }),
      onReset: () => resets++,
    });
    const heard: number[] = [];
    feed.listen(({ number }) => heard.push(number));
    const ending = new AbortController();
    const done = feed.start(ending.signal);
    await expect.poll(() => feed.state().kind).toBe("live");
    lastEvent = 60;
    cut();
    await expect.poll(() => asked.at(-1), { timeout: 5000 }).toBe(60);
    await expect.poll(() => feed.state().kind, { timeout: 5000 }).toBe("live");
    lastEvent = 62;
    cut();
    await expect.poll(() => heard, { timeout: 5000 }).toEqual([61, 62]);
    expect([asked, resets]).toEqual([[100, 60, 60], 1]);
    ending.abort();
    await done;
    port1.close();
  });

  it("begin anew where the lab refuses to go on, as one whose numbers did", async () => {
    const asked: number[] = [];
    const refusing = {
      follow: async function* ({ after, onContact }: FollowAsked) {
        asked.push(after);
        if (after > 2) throw new StreamRefused(400);
        onContact();
        yield startedEvent(after + 1);
      },
    };
    const events = new SharedEvents(refusing, "lab");
    const [first, again] = [follower(), follower()];
    events.follow(first.as, 70);
    await settle();
    events.follow(again.as, 2);
    await settle();
    expect(asked).toEqual([70, 2]);
    expect(again.heard).toEqual([3]);
  });

  it("of before are told once the lab has said that it goes on after them", async () => {
    const lab = toldLab();
    let isRestored = false;
    const streams = {
      follow: async function* (asked: FollowAsked) {
        if (isRestored && asked.after > 1) throw new StreamRefused(400);
        yield* lab.streams.follow(asked);
      },
    };
    const events = new SharedEvents(streams, "lab");
    const [first, second] = [follower(), follower()];
    events.follow(first.as, 0);
    for (const number of [1, 2, 3]) lab.send(number);
    await settle();
    lab.cut();
    await settle();
    // It was restored to event 1, and what came after that never was.
    isRestored = true;
    events.follow(second.as, 0);
    await settle();
    expect([second.heard, second.ends]).toEqual([[], ["ended"]]);
    events.follow(second.as, 0);
    lab.send(1);
    await settle();
    expect(second.heard).toEqual([1]);
  });

  it("that a page cannot read are passed by, and so is what others were told", async () => {
    const { port1, port2 } = new MessageChannel();
    const streams = sharedStreams({ token: null, connect: () => port1, otherwise: toldLab().streams });
    const asked = { after: 3, lab: "lab", signal: new AbortController().signal, onContact: () => undefined };
    const own = streams.follow(asked)[Symbol.asyncIterator]();
    const [next] = [own.next(), port2.start()];
    port2.postMessage({ kind: "unheard-of", ask: 99 });
    port2.postMessage({ kind: "joined", ask: 1 });
    port2.postMessage({ kind: "event", ask: 1, event: startedEvent(4) });
    expect((await next).value).toMatchObject({ number: 4 });
    port2.postMessage({ kind: "event", ask: 1, event: { ...startedEvent(5), kind: "of a later version" } });
    await expect(own.next()).rejects.toEqual(new EventsMissed(5));
    port1.close();
  });

  it("come over a stream of their own for each token, which is kept no longer than somebody follows", async () => {
    const asked: (string | null)[] = [];
    const lab = toldLab();
    const labs = new LabsFollowed((token) => {
      asked.push(token);
      return lab.streams;
    });
    const [first, second] = [follower(), follower()];
    const which = { lab: "lab", token: "secret", after: 0 };
    const leaves = [labs.follow(first.as, which), labs.follow(second.as, which)];
    leaves[0]!();
    lab.send(1);
    await settle();
    expect([asked, first.heard, second.heard]).toEqual([["secret"], [], [1]]);
    leaves[1]!();
    labs.follow(first.as, { ...which, after: 1 });
    labs.follow(second.as, { ...which, token: null });
    expect(asked).toEqual(["secret", "secret", null]);
  });

  it("come over the page's own stream where no worker answers", async () => {
    const { port1 } = new MessageChannel();
    const otherwise = toldLab();
    const streams = sharedStreams({ token: null, connect: () => port1, otherwise: otherwise.streams, joinWithin: 10 });
    const asked = { after: 3, lab: "lab", signal: new AbortController().signal, onContact: () => undefined };
    for await (const _ of streams.follow(asked)) expect.unreachable();
    const own = streams.follow(asked)[Symbol.asyncIterator]();
    const next = own.next();
    await settle();
    otherwise.send(4);
    expect((await next).value).toMatchObject({ number: 4 });
    port1.close();
  });
});

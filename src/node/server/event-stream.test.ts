import { describe, expect, it } from "vitest";
import type { LabEvent } from "../../lab/api.ts";
import { followEvents } from "./event-stream.ts";

/** Events in memory, read in pages as an index reads them. */
class Events {
  readonly all: LabEvent[] = [];
  readonly #listeners = new Set<(event: LabEvent) => void>();

  add(count: number): void {
    for (let i = 0; i < count; i++) {
      const event: LabEvent = {
        ...{ number: this.all.length + 1, at: "2026-01-01T00:00:00.000Z", kind: "progress" },
        ...{ job: null, sweep: null, data: {} },
      };
      this.all.push(event);
      for (const listener of this.#listeners) listener(event);
    }
  }

  async events({ after, limit }: { readonly after: number; readonly limit: number }): Promise<readonly LabEvent[]> {
    const page = this.all.slice(after, after + limit);
    await new Promise((resolve) => setImmediate(resolve));
    return page;
  }

  async lastEvent(): Promise<number> {
    return this.all.length;
  }

  onEvent(listener: (event: LabEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

describe("followEvents", () => {
  it("tells each event once and in order, those before it was called and those that come while it reads", async () => {
    const events = new Events();
    events.add(1200);
    const controller = new AbortController();
    const seen: number[] = [];
    for await (const { number } of followEvents(events, { after: 7, signal: controller.signal })) {
      seen.push(number);
      if (number % 100 === 0 && events.all.length < 2000) events.add(50);
      if (number === 1750) break;
    }
    expect(seen).toEqual(Array.from({ length: 1743 }, (_, i) => i + 8));
  });

  it("wakes for an event that comes while it waits, and for one that comes while it reads the empty page before", async () => {
    const events = new Events();
    const controller = new AbortController();
    const stream = followEvents(events, { after: 0, signal: controller.signal });
    const first = stream.next();
    events.add(1); // its first page, which is empty, is being read
    expect((await first).value).toMatchObject({ number: 1 });
    const second = stream.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    events.add(1);
    expect((await second).value).toMatchObject({ number: 2 });
    controller.abort();
  });

  it("ends where numbers went back, as soon as something happens again", async () => {
    const events = new Events();
    events.add(5);
    const stream = followEvents(events, { after: 4, signal: new AbortController().signal });
    expect((await stream.next()).value).toMatchObject({ number: 5 });
    const next = stream.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    events.all.length = 2;
    events.add(1);
    expect(await next).toEqual({ done: true, value: undefined });
    expect(events.listeners).toBe(0);
  });

  it("ends when its signal aborts, also while it waits, and listens no longer", async () => {
    const events = new Events();
    const controller = new AbortController();
    const stream = followEvents(events, { after: 0, signal: controller.signal });
    const next = stream.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(events.listeners).toBe(0);
  });
});

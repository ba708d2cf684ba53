import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { jobKey } from "../../lab/job.ts";
import { trainSpec } from "../lab/lab.fixture.ts";
import { type ServedLab, serveTestLab, token } from "./served-lab.fixture.ts";

interface Heard {
  readonly numbers: number[];
  readonly kinds: string[];
}

/** Reads events as a browser does, from the last one heard on, until `until` says so or the connection ends. */
async function listen(served: ServedLab, heard: Heard, until: () => boolean): Promise<void> {
  const last = heard.numbers.at(-1);
  const controller = new AbortController();
  const path = last === undefined ? "/api/v1/events?after=0" : "/api/v1/events";
  const headers = { authorization: `Bearer ${token}`, ...(last !== undefined && { "last-event-id": String(last) }) };
  const answer = await fetch(served.server.address + path, { headers, signal: controller.signal });
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  let text = "";
  try {
    for await (const bytes of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += bytes;
      const whole = text.split("\n\n");
      text = whole.pop()!;
      for (const block of whole) hear(block, heard);
      if (until()) return controller.abort();
    }
  } catch {
    // The connection was cut.
  }
}

function hear(block: string, { numbers, kinds }: Heard): void {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
  if (field("event") !== "message") return;
  const event = JSON.parse(field("data")!);
  expect(String(event.number)).toBe(field("id"));
  numbers.push(event.number);
  kinds.push(event.kind);
}

it("tells who comes back with Last-Event-ID every event once, over broken connections and a restart of the server", async () => {
  let served = await serveTestLab();
  const { folder } = served;
  const port = Number(new URL(served.server.address).port);
  const heard: Heard = { numbers: [], kinds: [] };
  const add = (seed: number) => served.tcp.sweeps.acceptJobs({ sweep: `sweep-${seed}`, priority: 50, jobs: [trainSpec(seed)] });
  try {
    await add(1);
    const first = listen(served, heard, () => heard.numbers.length >= 3);
    await served.work();
    await add(2);
    await first;
    // What happens while nobody listens.
    await add(3);
    await served.work();
    const second = listen(served, heard, () => false);
    await add(4);
    await served.stop();
    await second;
    served = await serveTestLab({ folder, port });
    await add(5);
    await served.work();
    const { lastEvent } = await served.tcp.status();
    await listen(served, heard, () => heard.numbers.at(-1) === lastEvent);
    expect(heard.numbers).toEqual(Array.from({ length: lastEvent }, (_, i) => i + 1));
    expect(heard.kinds.filter((kind) => kind === "sweep-accepted")).toHaveLength(5);
    expect(heard.kinds.filter((kind) => kind === "done")).toHaveLength(5);
  } finally {
    await served.stop();
    await rm(join(folder, ".."), { recursive: true, force: true });
  }
});

it("tells of one sweep what happens to it and to its jobs", async () => {
  const served = await serveTestLab();
  try {
    for (const seed of [1, 2]) {
      await served.tcp.sweeps.acceptJobs({ sweep: `sweep-${seed}`, priority: 50, jobs: [trainSpec(seed)] });
    }
    await served.work();
    const kinds: string[] = [];
    for await (const { kind, job } of await served.tcp.events({ after: 0, sweep: "sweep-2" })) {
      if (job !== null) expect(job).toBe(jobKey(trainSpec(2)));
      kinds.push(kind);
      if (kind === "done") break;
    }
    expect(kinds).toEqual(["sweep-accepted", "started", "done"]);
  } finally {
    await served.remove();
  }
});

it("ends a stream of events when the caller's signal aborts, over TCP and socket, also after garbage was collected", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const served = await serveTestLab();
  try {
    await served.tcp.sweeps.acceptJobs({ sweep: "one", priority: 50, jobs: [trainSpec(1)] });
    for (const [name, client] of Object.entries({ tcp: served.tcp, socket: served.socket })) {
      const controller = new AbortController();
      const heard: number[] = [];
      const following = (async () => {
        for await (const { number } of await client.events({ after: 0 }, { signal: controller.signal })) heard.push(number);
      })().catch(() => undefined);
      while (heard.length === 0) await sleep(20);
      for (let i = 0; i < 5; i++) {
        await sleep(20);
        collectGarbage();
      }
      controller.abort();
      const late = sleep(5000).then(() => "it goes on");
      expect(await Promise.race([following, late]), name).toBeUndefined();
    }
  } finally {
    await served.remove();
  }
});

it("refuses who has seen more than there is, as after a restore, with a word on what to do", async () => {
  const served = await serveTestLab();
  try {
    await served.tcp.sweeps.acceptJobs({ sweep: "one", priority: 50, jobs: [trainSpec(1)] });
    const { lastEvent } = await served.tcp.status();
    const get = (path: string, headers = {}) =>
      fetch(`${served.server.address}/api/v1/events${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
    for (const answer of [await get("", { "last-event-id": String(lastEvent + 1) }), await get(`?after=${lastEvent + 1}`)]) {
      expect(answer.status).toBe(400);
      const { message } = (await answer.json()) as { readonly message: string };
      expect(message).toContain(`the events after ${lastEvent + 1} asked for, of which the last is ${lastEvent}`);
      expect(message).toMatch(/follow events from now on by asking without a number\.$/);
    }
    const same = await get("", { "last-event-id": String(lastEvent) });
    expect(same.status).toBe(200);
    await same.body!.cancel();
  } finally {
    await served.remove();
  }
});

it("has so many streams of events open at once, and room again when one ends", async () => {
  const served = await serveTestLab({ mostStreams: 2 });
  const open = () => fetch(`${served.server.address}/api/v1/events?after=0`, { headers: { authorization: `Bearer ${token}` } });
  try {
    const streams = [await open(), await open()];
    const refused = await open();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(await refused.json()).toMatchObject({ message: expect.stringMatching(/^2 streams of events are open, and no more/) });
    // Those of this machine's commands are not counted.
    const own = (await served.socket.events({ after: 0 }))[Symbol.asyncIterator]();
    await served.socket.sweeps.acceptJobs({ sweep: "one", priority: 50, jobs: [trainSpec(1)] });
    expect((await own.next()).value).toMatchObject({ kind: "sweep-accepted" });
    await own.return?.(undefined);
    await streams[0]!.body!.cancel();
    let again = await open();
    while (again.status === 503) {
      await sleep(20);
      again = await open();
    }
    expect(again.status).toBe(200);
    expect((await open()).status).toBe(503);
  } finally {
    await served.remove();
  }
});

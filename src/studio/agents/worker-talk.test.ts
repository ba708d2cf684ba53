import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type TalkedTo, talkTo } from "./worker-talk.ts";

const answers = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("sum"), ask: z.int(), sum: z.number() }),
  z.strictObject({ kind: z.literal("progress"), ask: z.int(), share: z.number() }),
  z.strictObject({ kind: z.literal("failed"), ask: z.int().nullable(), message: z.string() }),
]);
type Request =
  | { readonly kind: "add"; readonly ask: number; readonly to: number }
  | { readonly kind: "cancel"; readonly of: number };

/** A worker that says what a test has it say. */
class ToldWorker extends EventTarget implements TalkedTo {
  readonly heard: unknown[] = [];
  endings = 0;

  postMessage(message: unknown): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.endings++;
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

function talk() {
  const worker = new ToldWorker();
  return { worker, talk: talkTo<Request, z.infer<typeof answers>>(worker, { answers, who: "adding" }) };
}

const add = (to: number) => (ask: number) => ({ kind: "add", ask, to }) as const;

describe("talking to a worker", () => {
  it("gives each question its own answer, in whatever order they come", async () => {
    const { worker, talk: adding } = talk();
    const [one, two] = [adding.ask(add(1), "sum"), adding.ask(add(2), "sum")];
    worker.say({ kind: "sum", ask: 2, sum: 12 });
    worker.say({ kind: "failed", ask: 1, message: "too little" });
    expect((await two).sum).toBe(12);
    await expect(one).rejects.toThrow("too little");
    expect(adding.isLost()).toBe(false);
  });

  it("hears how far an answer is, until it is there", async () => {
    const { worker, talk: adding } = talk();
    const shares: number[] = [];
    const asked = adding.ask(add(1), "sum", { onProgress: (share) => shares.push(share) });
    const quiet = adding.ask(add(2), "sum");
    for (const share of [0, 0.5]) for (const ask of [1, 2, 3]) worker.say({ kind: "progress", ask, share });
    for (const ask of [1, 2]) worker.say({ kind: "sum", ask, sum: 10 + ask });
    worker.say({ kind: "progress", ask: 1, share: 1 });
    expect([(await asked).sum, (await quiet).sum, shares]).toEqual([11, 12, [0, 0.5]]);
    expect(adding.isLost()).toBe(false);
  });

  it("ends a worker that is lost, once, and rejects what was asked of it and what is asked after that", async () => {
    for (const lose of [
      (worker: ToldWorker) => worker.dispatchEvent(new Event("error")),
      (worker: ToldWorker) => worker.say("nothing that it should say"),
      (worker: ToldWorker) => worker.say({ kind: "failed", ask: null, message: "out of memory" }),
    ]) {
      const { worker, talk: adding } = talk();
      const asked = adding.ask(add(1), "sum");
      lose(worker);
      await expect(asked).rejects.toMatchObject({
        code: "worker-lost",
        message: expect.stringMatching(/^the adding worker was lost/),
      });
      expect([adding.isLost(), worker.endings]).toEqual([true, 1]);
      const why = await asked.catch((error: unknown) => error);
      adding.end();
      await expect(adding.ask(add(2), "sum")).rejects.toBe(why);
      expect(worker.endings).toBe(1);
    }
  });

  it("tells the worker of a question that nobody waits for any more, and hears its answer no more", async () => {
    const { worker, talk: adding } = talk();
    const ending = new AbortController();
    const asked = adding.ask(add(1), "sum", { signal: ending.signal, cancel: (of) => ({ kind: "cancel", of }) });
    ending.abort(new Error("never mind"));
    await expect(asked).rejects.toThrow("never mind");
    worker.say({ kind: "sum", ask: 1, sum: 11 });
    expect(worker.heard).toEqual([
      { kind: "add", ask: 1, to: 1 },
      { kind: "cancel", of: 1 },
    ]);
    expect(adding.isLost()).toBe(false);
  });
});

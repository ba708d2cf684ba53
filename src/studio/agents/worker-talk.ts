// Questions to a worker and their answers, told apart by numbers and checked on arrival: what the page's side of any worker here is made of.

import type { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";

interface Answered {
  readonly kind: string;
  readonly ask: number | null;
}

export interface AskOptions<Request> {
  readonly signal?: AbortSignal;
  /** What tells the worker that nobody waits any more. */
  readonly cancel?: (ask: number) => Request;
  /** Told how far the answer is, 0 to 1, by workers that say so. */
  readonly onProgress?: (share: number) => void;
}

export interface WorkerTalk<Request, Answer extends Answered> {
  /** Tells the worker something that it does not answer. */
  send(request: Request): void;
  /** Asks, under a number of its own. Rejects with what the worker said was wrong, and with `worker-lost` where it ends first. */
  ask<Kind extends Answer["kind"]>(
    request: (ask: number) => Request,
    kind: Kind,
    options?: AskOptions<Request>,
  ): Promise<Extract<Answer, { readonly kind: Kind }>>;
  /** It answers nothing any more: another is to be started for the next question. */
  isLost(): boolean;
  /** Ends the worker; what was asked and not answered rejects. */
  end(): void;
}

/** What of a worker a page needs to talk to it. */
export interface TalkedTo {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: "message" | "error", listener: (event: Event) => void): void;
}

/** What a worker says of a question that it could not answer. */
const failed = "failed";
/** And of one that it is still at. */
const underway = "progress";

interface Waiting<Answer> {
  readonly end: PromiseWithResolvers<Answer>;
  readonly onProgress: ((share: number) => void) | undefined;
}

/** A worker that is lost, by an error of its own or by words that cannot be read, is ended: it may still compute. */
export function talkTo<Request, Answer extends Answered>(
  worker: TalkedTo,
  options: { readonly answers: z.ZodType<Answer>; readonly who: string },
): WorkerTalk<Request, Answer> {
  const { answers, who } = options;
  const waiting = new Map<number, Waiting<Answer>>();
  let asked = 0;
  let lost: MesascopeError | null = null;
  const lose = (why: string) => {
    if (lost !== null) return;
    lost = new MesascopeError("worker-lost", `the ${who} worker was lost (${why}).`);
    worker.terminate();
    for (const { end } of waiting.values()) end.reject(lost);
    waiting.clear();
  };
  worker.addEventListener("error", (event) => lose(messageIn(event) || "its script could not be loaded"));
  worker.addEventListener("message", (event) => {
    const parsed = answers.safeParse(event instanceof MessageEvent ? event.data : null);
    if (!parsed.success) return lose("what it said could not be read");
    const said = parsed.data;
    if (said.ask === null) return lose(messageIn(said) || "it answered nobody");
    const question = waiting.get(said.ask);
    if (said.kind === underway) return question?.onProgress?.(shareIn(said));
    waiting.delete(said.ask);
    if (said.kind === failed) question?.end.reject(new Error(messageIn(said)));
    else question?.end.resolve(said);
  });
  return {
    send: (request) => worker.postMessage(request),
    ask: async (request, kind, { signal, cancel, onProgress } = {}) => {
      signal?.throwIfAborted();
      if (lost !== null) throw lost;
      const number = ++asked;
      const end = Promise.withResolvers<Answer>();
      waiting.set(number, { end, onProgress });
      const abort = () => {
        waiting.delete(number);
        if (cancel !== undefined) worker.postMessage(cancel(number));
        end.reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort);
      worker.postMessage(request(number));
      try {
        const said = await end.promise;
        if (isOfKind(said, kind)) return said;
        throw new MesascopeError("worker-lost", `the ${who} worker answered "${said.kind}" where "${kind}" was asked.`);
      } finally {
        signal?.removeEventListener("abort", abort);
      }
    },
    isLost: () => lost !== null,
    end: () => lose("it was ended"),
  };
}

function isOfKind<Answer extends Answered, Kind extends Answer["kind"]>(
  said: Answer,
  kind: Kind,
): said is Extract<Answer, { readonly kind: Kind }> {
  return said.kind === kind;
}

function messageIn(said: object): string {
  return "message" in said && typeof said.message === "string" ? said.message : "";
}

function shareIn(said: object): number {
  return "share" in said && typeof said.share === "number" ? said.share : 0;
}

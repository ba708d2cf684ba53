// A lab's API over fetch, typed by its contract, and what a failed call means to a reader.

import { createORPCClient, ORPCError } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { z } from "zod";
import { labApi } from "../../lab/api.ts";
import { apiPrefix } from "../../lab/api-prefix.ts";
import { issuesText } from "../../lab/issues-text.ts";

/** What the studio asks of a lab. Calls throw; `problemOf` says what that means. */
export type LabClient = ContractRouterClient<typeof labApi>;

export interface LabClientOptions {
  /** Without a slash at its end. */
  readonly origin: string;
  /** Null where the server wants none. */
  readonly token: string | null;
  /** Told of every sign of life on a stream of events, keep-alives included, which events themselves do not show. */
  readonly onContact?: () => void;
}

export function createLabClient({ origin, token, onContact }: LabClientOptions): LabClient {
  const link = new OpenAPILink(labApi, {
    url: `${origin}${apiPrefix}`,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    fetch: async (request, init) => {
      const answer = await reached(() => fetch(request, { ...init, credentials: "omit" }));
      if (isStream(answer)) return onContact === undefined ? answer : heard(answer, onContact);
      return ofLab(answer);
    },
  });
  return createORPCClient(link);
}

/** Nothing answered. */
class LabUnreachable extends Error {
  constructor(cause?: unknown) {
    super("The lab does not answer.", { cause });
  }
}

/** What answered is no lab: a server of files, or a page of a proxy. */
class NoLab extends Error {
  constructor(status: number) {
    super(`What answers here is no lab: status ${status}, and no JSON.`);
  }
}

/** The lab answers, but to no more questions for now. */
class LabBusy extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super(`The lab was asked too often from here; it is asked again in ${seconds} s.`);
    this.seconds = seconds;
  }
}

async function reached<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    // As fetch says of a network that failed. Anything else, such as what an abort throws, is as it is.
    throw error instanceof TypeError ? new LabUnreachable(error) : error;
  }
}

/** The answer with its whole body, so that nothing fails later that is the network's. */
async function ofLab(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  if (status === 429) throw new LabBusy(Math.max(1, Math.ceil(Number(headers.get("retry-after")) || 1)));
  const isJson = headers.get("content-type")?.includes("json") ?? false;
  if (!answer.ok && !isJson) throw status === 502 || status === 503 || status === 504 ? new LabUnreachable() : new NoLab(status);
  const body = await reached(() => answer.arrayBuffer());
  return new Response(body.byteLength === 0 ? null : body, { status, headers });
}

function isStream(answer: Response): boolean {
  return answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

function heard(answer: Response, onContact: () => void): Response {
  onContact();
  const listening = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      onContact();
      controller.enqueue(chunk);
    },
  });
  return new Response(answer.body!.pipeThrough(listening), { status: answer.status, headers: answer.headers });
}

/**
 * Why a call failed, for a reader. `refused`: what was asked is wrong, and the message says how; `forbidden`: this page may not ask at all; `broken`:
 * the lab or the studio has a bug.
 */
export interface LabProblem {
  readonly kind: "token-wanted" | "forbidden" | "unreachable" | "busy" | "no-lab" | "absent" | "refused" | "broken";
  readonly message: string;
}

export function problemOf(error: unknown): LabProblem {
  if (error instanceof LabUnreachable) return { kind: "unreachable", message: error.message };
  if (error instanceof LabBusy) return { kind: "busy", message: error.message };
  if (error instanceof NoLab) return { kind: "no-lab", message: error.message };
  if (!(error instanceof ORPCError)) return { kind: "broken", message: error instanceof Error ? error.message : String(error) };
  const { status } = error;
  const message = saidIn(error.data) ?? error.message;
  if (status === 401) return { kind: "token-wanted", message };
  if (status === 403) return { kind: "forbidden", message };
  if (status === 404) return { kind: "absent", message };
  if (status === 502 || status === 503 || status === 504) return { kind: "unreachable", message };
  if (status >= 500) return { kind: "broken", message: `${message}. The server's log says more.` };
  return { kind: "refused", message };
}

/** What the server says itself, before its API is reached: the client keeps that as it came. */
const ownWords = z.object({ body: z.object({ message: z.string() }) });

function saidIn(given: unknown): string | null {
  return ownWords.safeParse(given).data?.body.message ?? issuesText(given);
}

const mostRetries = 2;

/** Whether a question that failed so often is asked again by itself: what may pass soon, and not what is wrong. */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  const { kind } = problemOf(error);
  return failures < mostRetries && (kind === "unreachable" || kind === "busy");
}

/** Milliseconds until then; as the lab says where it does. */
export function retryPause(failures: number, error: unknown): number {
  return 1000 * (error instanceof LabBusy ? error.seconds : 2 ** failures);
}

// A lab's API over fetch, typed by its contract, and what a failed call means to a reader.

import { createORPCClient, ORPCError } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { apiPrefix, labApi } from "../../lab/api.ts";

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
      const answer = await fetch(request, { ...init, credentials: "omit" });
      return onContact !== undefined && isStream(answer) ? heard(answer, onContact) : answer;
    },
  });
  return createORPCClient(link);
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

/** Why a call failed, for a reader. `refused`: what was asked is wrong, and the message says how. */
export interface LabProblem {
  readonly kind: "token-wanted" | "unreachable" | "absent" | "refused" | "broken";
  readonly message: string;
}

export function problemOf(error: unknown): LabProblem {
  if (!(error instanceof ORPCError)) {
    if (error instanceof TypeError) return { kind: "unreachable", message: "The lab does not answer." };
    return { kind: "broken", message: error instanceof Error ? error.message : String(error) };
  }
  const { status, message } = error;
  if (status === 401) return { kind: "token-wanted", message };
  if (status === 404) return { kind: "absent", message };
  if (status === 502 || status === 503 || status === 504) return { kind: "unreachable", message };
  if (status >= 500) return { kind: "broken", message: `${message}. The server's log says more.` };
  return { kind: "refused", message };
}

// A lab as commands call it: one that this process has open, or one that another has, over TCP with a token or over the socket in its folder.

import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { createORPCClient } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { createRouterClient } from "@orpc/server";
import { labApi } from "../../lab/api.ts";
import { apiPrefix } from "../../lab/api-prefix.ts";
import { atSocketPath } from "../lab/lab-lock.ts";
import type { LabService } from "../lab/lab-service.ts";
import { type Called, callError } from "./call-error.ts";
import { labRouter } from "./lab-router.ts";

/** What a command asks of a lab. Calls throw as `callError` says. */
export type LabClient = ContractRouterClient<typeof labApi>;

export type LabAddress = { readonly url: string; readonly token: string | null } | { readonly socket: string };

/** Calls who has the lab open. */
export function createLabClient(address: LabAddress): LabClient {
  const isSocket = "socket" in address;
  const url = isSocket ? "http://localhost" : address.url.replace(/\/+$/, "");
  const token = isSocket ? null : address.token;
  const link = new OpenAPILink(labApi, {
    url: `${url}${apiPrefix}`,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    fetch: async (request, init, { signal }) => {
      const answer = isSocket
        ? await atSocketPath(address.socket, (socketPath) => fetchOverSocket(socketPath, request))
        : await fetch(request, init);
      // A request's signal follows the caller's only until the request is collected as garbage: that of a stream is kept.
      if (isStream(answer)) signal?.addEventListener("abort", () => void request, { once: true });
      return answer;
    },
    interceptors: [told({ name: isSocket ? address.socket : url, hasToken: token !== null })],
  });
  return createORPCClient(link);
}

/** Calls the lab that this process has open. */
export function createDirectClient(service: LabService, closing: AbortSignal): LabClient {
  return createRouterClient(labRouter, {
    context: { service, closing, streams: null },
    interceptors: [told({ name: "the lab" })],
  });
}

function told(called: Called) {
  return async <Result>({ next }: { next(): Promise<Result> }): Promise<Result> => {
    try {
      return await next();
    } catch (error) {
      throw callError(error, called);
    }
  };
}

function isStream(answer: Response): boolean {
  return answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

/** `fetch` on a unix socket, which the global one cannot reach. */
async function fetchOverSocket(socketPath: string, request: Request): Promise<Response> {
  const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
  const { pathname, search } = new URL(request.url);
  return await new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        socketPath,
        method: request.method,
        path: pathname + search,
        headers: { ...Object.fromEntries(request.headers), host: "localhost", ...(body && { "content-length": body.length }) },
        signal: request.signal,
      },
      (incoming) => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, String(value));
        const status = incoming.statusCode ?? 500;
        const isEmpty = status === 204 || status === 304;
        resolve(new Response(isEmpty ? null : (Readable.toWeb(incoming) as ReadableStream), { status, headers }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body ?? undefined);
  });
}

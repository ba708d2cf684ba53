// A lab that another process has open, called through its API: over TCP with a token, or over the socket in its folder.

import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { createORPCClient } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { apiPrefix, labApi } from "../../lab/api.ts";

/** What a command asks of a lab, whether it has it open itself or calls who has. */
export type LabClient = ContractRouterClient<typeof labApi>;

export type LabAddress = { readonly url: string; readonly token: string | null } | { readonly socket: string };

export function createLabClient(address: LabAddress): LabClient {
  const isSocket = "socket" in address;
  const url = isSocket ? "http://localhost" : address.url.replace(/\/+$/, "");
  const token = isSocket ? null : address.token;
  const link = new OpenAPILink(labApi, {
    url: `${url}${apiPrefix}`,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(isSocket && { fetch: (request: Request) => fetchOverSocket(address.socket, request) }),
  });
  return createORPCClient(link);
}

/** `fetch` on a unix socket, which the global one cannot reach. */
async function fetchOverSocket(socketPath: string, request: Request): Promise<Response> {
  const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
  const { pathname, search } = new URL(request.url);
  return new Promise((resolve, reject) => {
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

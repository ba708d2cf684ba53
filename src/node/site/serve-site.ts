// The studio without a lab, for who sits at this machine: the pages of a static site, on the loopback address, isolated so that they may have threads.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { acceptsGzip } from "../server/accepts-gzip.ts";
import { accessRules, refusalOf } from "../server/access.ts";
import { builtStudio, StudioFiles } from "../server/studio-files.ts";
import { sitePage } from "./site-page.ts";

const host = "127.0.0.1";

export interface SiteServer {
  /** Such as `http://127.0.0.1:4321`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts to listen at a port, 0 for any that is free. Throws what the system says where it is taken. */
export async function serveSite({
  port,
  studio = builtStudio,
}: {
  readonly port: number;
  readonly studio?: string;
}): Promise<SiteServer> {
  const files = new StudioFiles(studio, (html) => sitePage({ html, root: "/", hasLeagues: false }));
  const rules = accessRules({ host, token: null, names: [] });
  const server = createServer((request, response) => {
    const { host: name, origin, authorization } = request.headers;
    const refused = refusalOf({ host: name, origin, authorization }, rules);
    if (refused !== null) return void response.writeHead(refused.status).end(refused.message);
    answer(request, { response, files }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  return {
    address: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  request: IncomingMessage,
  { response, files }: { readonly response: ServerResponse; readonly files: StudioFiles },
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
  const { url = "/", headers: asked } = request;
  const found = await files.answer({ path: url.split("?", 1)[0]!, acceptsGzip: acceptsGzip(asked["accept-encoding"]) });
  if (found === null) return void response.writeHead(404).end();
  const { headers, body } = found;
  response.writeHead(200, { ...headers, "x-content-type-options": "nosniff", "content-length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

// A small web server for this machine: files of one folder, and what a program answers itself. Listens on the loopback address only.

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** Without these two a page has no shared memory, and the engine one thread. */
const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** What a program answers to a request. */
export interface Answer {
  readonly type: string;
  readonly body: string | Uint8Array;
}

export interface StaticServerOptions {
  readonly folder: string;
  /** Sends the headers with which browsers isolate a page across origins, which gives it threads. */
  readonly isIsolated: boolean;
  /** Asked first, with the path and the request's body; undefined leaves the request to the folder. */
  readonly answer?: (path: string, body: string) => Promise<Answer> | Answer | undefined;
}

export interface StaticServer {
  /** Ends without a slash: `http://127.0.0.1:41234`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves until it is closed, on a free port. */
export async function serveFolder(options: StaticServerOptions): Promise<StaticServer> {
  const folder = await realpath(options.folder);
  const server = createServer((request, response) => {
    respond(request, { response, options: { ...options, folder } }).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function respond(
  request: IncomingMessage,
  { response, options }: { readonly response: ServerResponse; readonly options: StaticServerOptions },
): Promise<void> {
  if (options.isIsolated) for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("X-Content-Type-Options", "nosniff");
  const path = pathOf(request.url ?? "/");
  if (path === null) return void response.writeHead(400).end();
  const answer = await options.answer?.(path, await readBody(request));
  if (answer !== undefined) return void response.writeHead(200, { "Content-Type": answer.type }).end(answer.body);
  if (request.method !== "GET" && request.method !== "HEAD") return void response.writeHead(405).end();
  const file = await fileOf(options.folder, path);
  if (file === null) return void response.writeHead(404).end();
  response.writeHead(200, {
    "Content-Type": types[extname(file.path)] ?? "application/octet-stream",
    "Content-Length": file.size,
  });
  if (request.method === "HEAD") return void response.end();
  createReadStream(file.path)
    .on("error", () => response.destroy())
    .pipe(response);
}

/** The path that is asked for, decoded; null where it is none. */
function pathOf(url: string): string | null {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
    return path.startsWith("/") && !path.includes("\0") ? path : null;
  } catch {
    return null;
  }
}

/** The file of that path; null where there is none, and for whatever lies outside the folder, by dots or by links. */
async function fileOf(folder: string, path: string): Promise<{ readonly path: string; readonly size: number } | null> {
  const wanted = join(folder, path.endsWith("/") ? `${path}index.html` : path);
  const found = await realpath(wanted).catch(() => null);
  if (found === null || !found.startsWith(folder + sep)) return null;
  const status = await stat(found);
  return status.isFile() ? { path: found, size: status.size } : null;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  request.setEncoding("utf8");
  for await (const chunk of request) body += chunk;
  return body;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

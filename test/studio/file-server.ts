// The plainest server of files that there is, as python3 -m http.server: leads folders to a slash and hands out their index.html.

import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

export interface FileServer {
  /** Without a slash at its end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** `notFound` is a file that is answered, with 404, where there is none; `isIsolated` sends the headers that give pages threads. */
export async function serveFiles({
  folder,
  notFound = null,
  isIsolated = false,
}: {
  readonly folder: string;
  readonly notFound?: string | null;
  readonly isIsolated?: boolean;
}): Promise<FileServer> {
  const server = createServer(async (request, response) => {
    if (isIsolated) {
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
    }
    const { pathname, search } = new URL(request.url!, "http://localhost");
    const found = await stat(join(folder, pathname)).catch(() => null);
    if (found?.isDirectory() && !pathname.endsWith("/"))
      return void response.writeHead(301, { location: `${pathname}/${search}` }).end();
    const file = join(folder, found?.isDirectory() ? `${pathname}index.html` : pathname);
    const content = await readFile(file).catch(() => null);
    if (content !== null)
      return void response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(content);
    if (notFound === null) return void response.writeHead(404).end();
    response.writeHead(404, { "content-type": "text/html" }).end(await readFile(notFound));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

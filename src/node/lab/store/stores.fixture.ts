// Stores for tests: folders that are removed, and buckets of a real S3 server (fauxqs) on a free port, behind a door that can fail.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFauxqs } from "fauxqs";
import { FolderStore } from "./folder-store.ts";

export const credentials = { AWS_ACCESS_KEY_ID: "AKIDFORTESTS", AWS_SECRET_ACCESS_KEY: "a-secret/of+tests" };

export interface TestFolder {
  readonly folder: string;
  open(): Promise<FolderStore>;
  remove(): Promise<void>;
}

export async function makeTestFolder(base = tmpdir()): Promise<TestFolder> {
  const folder = await mkdtemp(join(base, "mesascope-store-"));
  return { folder, open: () => FolderStore.open(folder), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** What the door does with a request: null lets it through. */
export type Fault = (asked: { readonly method: string; readonly url: string }) => Answer | null;
export type Answer =
  | { readonly kind: "status"; readonly status: number; readonly code: string }
  /** Closes the connection without a word. */
  | { readonly kind: "hang-up" }
  /** Sends only so many bytes of the answer. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** Passes the request on with one byte of it altered. */
  | { readonly kind: "alter" };

export interface TestBucket {
  /** Without credentials; takes a prefix. */
  address(prefix: string): string;
  /** Requests since the last call, as "METHOD /path?query". */
  asked(): readonly string[];
  /** When the server said that an object is kept, in milliseconds, by its path below the bucket: the last time. */
  readonly keptAt: ReadonlyMap<string, number>;
  fail(fault: Fault | null): void;
  stop(): Promise<void>;
}

export async function startBucket(bucket = "lab-of-tests"): Promise<TestBucket> {
  const server = await startFauxqs({ port: 0, logger: false, host: "127.0.0.1" });
  server.createBucket(bucket);
  let fault: Fault | null = null;
  let asked: string[] = [];
  const keptAt = new Map<string, number>();
  const door = createServer((from, to) => {
    asked.push(`${from.method} ${from.url}`);
    const answer = fault?.({ method: from.method ?? "", url: from.url ?? "" }) ?? null;
    const onKept = () =>
      keptAt.set(decodeURIComponent((from.url ?? "").replace(/\?.*/, "").replace(`/${bucket}/`, "")), Date.now());
    pass({ from, to, answer, port: server.port, onKept });
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const { port } = door.address() as AddressInfo;
  return {
    address: (prefix) => `s3://${bucket}/${prefix}?endpoint=http://127.0.0.1:${port}&region=eu-central-1`,
    keptAt,
    asked: () => {
      const told = asked;
      asked = [];
      return told;
    },
    fail: (next) => {
      fault = next;
    },
    stop: async () => {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await server.stop();
    },
  };
}

interface Passing {
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
  readonly answer: Answer | null;
  readonly port: number;
  readonly onKept: () => void;
}

function pass({ from, to, answer, port, onKept }: Passing): void {
  if (answer?.kind === "hang-up") return void from.socket.destroy();
  if (answer?.kind === "status") {
    from.resume();
    to.writeHead(answer.status, { "content-type": "application/xml" });
    to.end(`<?xml version="1.0"?><Error><Code>${answer.code}</Code><Message>of a test</Message></Error>`);
    return;
  }
  const chunks: Buffer[] = [];
  from.on("data", (chunk: Buffer) => chunks.push(chunk));
  from.on("end", () => {
    const body = Buffer.concat(chunks);
    if (answer?.kind === "alter") body[0] = (body[0] ?? 0) ^ 1;
    const { method } = from;
    const onward = request({ port, host: "127.0.0.1", method, path: from.url, headers: from.headers }, (back) => {
      if (method === "PUT" && back.statusCode === 200) onKept();
      to.writeHead(back.statusCode ?? 500, back.headers);
      if (answer?.kind !== "cut") return void back.pipe(to);
      back.on("data", (chunk: Buffer) => to.write(chunk.subarray(0, answer.bytes)));
      back.on("end", () => (method === "GET" ? setTimeout(() => to.destroy(), 20) : to.end()));
    });
    onward.on("error", () => to.destroy());
    onward.end(body);
  });
}

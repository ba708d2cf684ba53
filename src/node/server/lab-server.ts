// Where a lab's API is served: on a TCP address, or over the socket by which a lab's folder is locked.

import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { MesascopeError } from "../../core/base/errors.ts";
import type { LabService } from "../lab/lab-service.ts";
import { type AccessRules, accessRules } from "./access.ts";
import { createLabApp, defaultMostStreams, defaultRequestsPerMinute } from "./lab-app.ts";
import { builtStudio, StudioFiles } from "./studio-files.ts";

/** Milliseconds: between looks for connections that became idle, and for what is being answered to end. */
const idleLookEvery = 50;
const closeWithin = 5000;

export interface LabServerOptions {
  readonly service: LabService;
  readonly access: AccessRules;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Of one address. Default 1200. */
  readonly requestsPerMinute?: number;
  /** Open at once, of all addresses together. Default 200. */
  readonly mostStreams?: number;
  /** Where structured logs go, a line of JSON each; null for none. */
  readonly log: { write(line: string): void } | null;
  /** Folder of the studio's files. Default: where the build leaves them. */
  readonly studio?: string;
}

export interface LabServer {
  /** Such as `http://127.0.0.1:4321`. */
  readonly address: string;
  /** Ends streams and waits for what is being answered, some seconds at most. */
  close(): Promise<void>;
}

/** Starts to listen. Throws `usage` where the address is taken or not this machine's. */
export async function serveLab(options: LabServerOptions): Promise<LabServer> {
  const { host, port, studio = builtStudio, ...others } = options;
  const { requestsPerMinute = defaultRequestsPerMinute, mostStreams = defaultMostStreams } = options;
  const closing = new AbortController();
  const files = new StudioFiles(studio);
  const app = createLabApp({ ...others, studio: files, requestsPerMinute, mostStreams, closing: closing.signal });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw listenError(cause, `${host}:${port}`);
  }
  return {
    address: addressOf(app.server.address()),
    close: async () => {
      closing.abort();
      // A connection whose stream ended just now is idle only after this call has closed the idle ones.
      const idle = setInterval(() => app.server.closeIdleConnections(), idleLookEvery);
      // Nor does one count as idle that never asked anything.
      const late = setTimeout(() => app.server.closeAllConnections(), closeWithin);
      await app.close().finally(() => {
        clearInterval(idle);
        clearTimeout(late);
      });
    },
  };
}

function addressOf(bound: string | AddressInfo | null): string {
  if (bound === null || typeof bound === "string") return bound ?? "";
  return `http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`;
}

export interface LabListener {
  readonly listener: RequestListener;
  /** Ends streams, refuses what comes from now on, and waits for what is being answered, some seconds at most. */
  close(): Promise<void>;
}

/** Answers the API over a socket that others listen at and that only this user can reach: without limits and token. Made at the first request. */
export function labListener(service: LabService): LabListener {
  const closing = new AbortController();
  const answering = new Set<Promise<void>>();
  let app: Promise<FastifyInstance> | null = null;
  const access = accessRules({ host: "localhost", token: null, names: [] });
  const ready = async () => {
    const made = createLabApp({
      service,
      access,
      requestsPerMinute: null,
      mostStreams: null,
      log: null,
      studio: null,
      closing: closing.signal,
    });
    await made.ready();
    return made;
  };
  return {
    listener: (request, response) => {
      if (closing.signal.aborted) return void response.writeHead(503).end();
      const answered = new Promise<void>((resolve) => response.on("close", resolve));
      answering.add(answered);
      void answered.then(() => answering.delete(answered));
      app ??= ready();
      app.then(
        (made) => made.routing(request, response),
        () => response.writeHead(500).end(),
      );
    },
    close: async () => {
      closing.abort();
      // Who has the socket cuts what is not done by then.
      const late = new Promise((resolve) => setTimeout(resolve, closeWithin).unref());
      await Promise.race([Promise.all(answering), late]);
      await (await app)?.close();
    },
  };
}

function listenError(cause: unknown, where: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: "another program listens there. Name another with --port, or 0 for any",
    EADDRNOTAVAIL: "this machine has no such address. Name one of its own with --host",
    EACCES: "not permitted. Name a port above 1023 with --port",
    ENOTFOUND: "no such name. Name an address of this machine with --host",
    EAI_AGAIN: "no such name. Name an address of this machine with --host",
  };
  return why[code] === undefined ? cause : new MesascopeError("usage", `cannot listen at ${where}: ${why[code]}.`, { cause });
}

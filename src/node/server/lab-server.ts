// Where a lab's API is served on a TCP address; lab-listener.ts serves it over the socket by which a lab's folder is locked.

import type { AddressInfo } from "node:net";
import { MesascopeError } from "../../core/base/errors.ts";
import type { LabService } from "../lab/lab-service.ts";
import type { AccessRules } from "./access.ts";
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
  /** By which this machine calls it, such as `http://127.0.0.1:4321`. */
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
  const { family, address, port } = bound;
  // Every address of this machine is not one to call; its loopback address is, and is allowed.
  if (family === "IPv6") return `http://[${address === "::" ? "::1" : address}]:${port}`;
  return `http://${address === "0.0.0.0" ? "127.0.0.1" : address}:${port}`;
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

// A lab's API over the socket by which its folder is locked, for other commands on this machine.

import type { RequestListener } from "node:http";
import type { FastifyInstance } from "fastify";
import type { LabService } from "../lab/lab-service.ts";
import { accessRules } from "./access.ts";

/** Milliseconds for what is being answered to end. */
const closeWithin = 5000;

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
    // Most commands are done before anybody asks them, and what a server needs takes long to load.
    const { createLabApp } = await import("./lab-app.ts");
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
        () => {
          // What failed once, such as the reading of a module, is tried again for who asks next.
          app = null;
          response.writeHead(500).end();
        },
      );
    },
    close: async () => {
      closing.abort();
      // Who has the socket cuts what is not done by then.
      const late = new Promise((resolve) => setTimeout(resolve, closeWithin).unref());
      await Promise.race([Promise.all(answering), late]);
      await (await app?.catch(() => null))?.close();
    },
  };
}

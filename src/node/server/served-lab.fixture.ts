// A lab in a temporary folder that is served, for tests: jobs are done by a line of code.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { code, startWorker, until } from "../lab/lab.fixture.ts";
import { initLab, type OpenLab, openLab } from "../lab/lab-folder.ts";
import { findHolder } from "../lab/lab-lock.ts";
import { LabService } from "../lab/lab-service.ts";
import { accessRules } from "./access.ts";
import { createLabClient, type LabClient } from "./lab-client.ts";
import { labListener } from "./lab-listener.ts";
import { type LabServer, type LabServerOptions, serveLab } from "./lab-server.ts";

export const token = "0123456789abcdef0123456789abcdef";

export interface ServedLab {
  readonly folder: string;
  readonly open: OpenLab;
  readonly server: LabServer;
  readonly log: string[];
  readonly tcp: LabClient;
  readonly socket: LabClient;
  /** Does all jobs that are queued. */
  work(): Promise<void>;
  /** Ends what serves it; the folder stays. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function serveTestLab(
  options: Partial<Pick<LabServerOptions, "requestsPerMinute" | "mostStreams" | "port" | "studio">> & {
    readonly folder?: string;
    /** What callers over TCP must show. Default: `token`. */
    readonly wanted?: string | null;
  } = {},
): Promise<ServedLab> {
  const { folder: given, wanted = token, ...more } = options;
  const folder = given ?? join(await mkdtemp(join(tmpdir(), "mesascope-served-")), "lab");
  if (given === undefined) await initLab(folder);
  const open = await openLab(folder, { code, command: "a test" });
  const service = new LabService(open.lab);
  const onSocket = labListener(service);
  open.serve(onSocket.listener);
  const log: string[] = [];
  const server = await serveLab({
    ...{ service, access: accessRules({ host: "127.0.0.1", token: wanted, names: [] }), host: "127.0.0.1", port: 0 },
    requestsPerMinute: 1_000_000,
    log: { write: (line) => log.push(line) },
    ...more,
  });
  const found = await findHolder(folder);
  const stop = async () => {
    await Promise.all([server.close(), onSocket.close()]);
    await open.close();
  };
  return {
    ...{ folder, open, server, log, stop },
    tcp: createLabClient({ url: server.address, token: wanted }),
    socket: createLabClient({ socket: found!.socketPath }),
    work: async () => {
      const worker = startWorker(open.lab);
      const isOver = async () => {
        const { blocked, queued, running } = await open.lab.counts();
        return blocked + queued + running === 0;
      };
      await until(isOver, "the end of all jobs", open);
      await worker.stop();
    },
    remove: async () => {
      await stop();
      await rm(join(folder, ".."), { recursive: true, force: true });
    },
  };
}

/** A sweep file of two runs, each audited. */
export const sweepFile = {
  schema: "mesascope/sweep@1",
  name: "corners",
  runs: [{ organisms: ["corner/aligned"], presets: ["quick"], seeds: [1, 2] }],
  audits: [{ levels: 10, seed: 1 }],
};

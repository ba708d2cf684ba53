// mesascope serve: a lab's API for other programs and machines, with workers of its own where they are wanted.

import { availableParallelism, hostname } from "node:os";
import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { LabContract } from "../../node/lab/lab.ts";
import type { LabService } from "../../node/lab/lab-service.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson } from "../command.ts";
import {
  addFleetOptions,
  addLabOptions,
  type FleetOptions,
  fleetOf,
  type LabOptions,
  ofThisProcess,
  warnOfLab,
} from "../lab-options.ts";

interface ServeOptions extends CommonOptions, LabOptions, FleetOptions {
  readonly host: string;
  readonly port: number;
  readonly allowedHost?: readonly string[];
  readonly workers?: number;
  readonly open?: true;
}

export function serveCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "serve",
    summary: "serve a lab: the studio in a browser, and its API",
    description:
      "Serves the studio for browsers, the API of a lab (described at /openapi.json), /health and /metrics, and works on its jobs. Listens on this\n" +
      "machine only, unless --host and a token in MESASCOPE_TOKEN are given. Logs are lines of JSON on standard error. Ctrl-C or SIGTERM: what runs\n" +
      "is saved, and it ends.",
    seed: "without effect: nothing is drawn",
    examples: [
      "serve",
      "serve --open",
      "serve --port 4321 --workers 4",
      "serve --host 0.0.0.0 --allowed-host lab.example",
      "serve --database-url postgres://lab@db/lab --store s3://lab/files",
    ],
  })
    .option("--host <address>", "where to listen; another than 127.0.0.1 wants a token in MESASCOPE_TOKEN", "127.0.0.1")
    .option("--port <number>", "0 for any that is free", integerFrom(0, 65_535), 4321)
    .option("--allowed-host <name>", "another name that it is called by, such as a proxy's; may be given again", collect)
    .option(
      "--workers <number>",
      "jobs at a time; 0: leave them to others (default: one per core; with --database-url: 0)",
      integerFrom(0, 256),
    )
    .option("--open", "open the studio in a browser, where there is a desktop");
  return addFleetOptions(addLabOptions(command, { withServer: false })).action(async (options: ServeOptions) => {
    const { accessRules } = await import("../../node/server/access.ts");
    const access = accessRules({
      host: options.host,
      token: process.env.MESASCOPE_TOKEN || null,
      names: options.allowedHost ?? [],
    });
    const { stopSignal } = await import("../../node/interrupt.ts");
    const stop = stopSignal();
    const lab = await servedLab(options);
    try {
      const { serveLab } = await import("../../node/server/lab-server.ts");
      const log = { write: (line: string) => terminal.err.write(line) };
      const server = await serveLab({ service: lab.service, access, host: options.host, port: options.port, log });
      const { address } = server;
      if (options.json) printJson(terminal, { schema: "mesascope/served@1", address, lab: lab.name });
      else terminal.out.write(`${lab.name} is served at ${address}; its API is described at ${address}/openapi.json\n`);
      if (options.open) await (await import("../open-studio.ts")).openInBrowser(address, terminal);
      try {
        await work(lab, { slots: options.workers ?? lab.slots, signal: stop.signal, log });
      } finally {
        await server.close();
      }
    } finally {
      await lab.close();
      stop.restore();
    }
  });
}

const collect = (name: string, before: readonly string[] = []): readonly string[] => [...before, name];

interface Served {
  readonly lab: LabContract;
  readonly service: LabService;
  readonly name: string;
  /** Address of the files. */
  readonly store: string;
  /** Jobs at a time where nothing is said. */
  readonly slots: number;
  close(): Promise<void>;
}

async function servedLab(options: ServeOptions): Promise<Served> {
  const fleet = options.lab === undefined ? fleetOf(options) : null;
  if (fleet !== null) {
    const { openFleetLab } = await import("../../node/lab/open-fleet-lab.ts");
    const { LabService } = await import("../../node/lab/lab-service.ts");
    const { codeVersion } = await import("../../node/code-version.ts");
    const lab = await openFleetLab({ ...fleet, code: codeVersion, onWarning: warnOfLab });
    return { lab, service: new LabService(lab), name: lab.store.name, store: fleet.store, slots: 0, close: () => lab.close() };
  }
  const { openForCommand } = await import("../../node/server/lab-at-hand.ts");
  const { own, holder, name, close } = await openForCommand({ lab: options.lab }, ofThisProcess());
  if (own === null) {
    const who = holder === null ? "another process" : `process ${holder.processId} ("${holder.command}")`;
    throw new MesascopeError(
      "usage",
      `the lab in ${name} is open: ${who} has it. Stop that first; commands on this machine can ask it meanwhile.`,
    );
  }
  return { lab: own.lab, service: own.service, name, store: own.folder, slots: availableParallelism(), close };
}

/** Until the signal aborts. */
async function work(
  { lab, store }: Served,
  { slots, signal, log }: { readonly slots: number; readonly signal: AbortSignal; readonly log: { write(line: string): void } },
): Promise<void> {
  if (slots === 0) {
    await new Promise<void>((resolve) =>
      signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    return;
  }
  const { workInLab } = await import("../../node/lab/work-in-lab.ts");
  await workInLab(lab, {
    ...{ store, slots, signal, worker: `serve-${hostname()}-${process.pid}`, host: hostname() },
    onWarning: (text) => log.write(`${JSON.stringify({ level: 40, time: Date.now(), msg: text })}\n`),
  });
}

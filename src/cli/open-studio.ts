// The studio for who sits at the terminal: served until Ctrl-C, and opened in a browser where there is a desktop.

import { MesascopeError } from "../core/base/errors.ts";
import { isInCi } from "../node/web/open-browser.ts";
import { ofThisProcess } from "./lab-options.ts";
import type { Terminal } from "./terminal.ts";
import { shownLab } from "./use-lab.ts";

/** Where it is served if nobody else listens there. */
const usualPort = 4321;

/** Whether somebody could press Ctrl-C: what is served in a pipe, with nothing to read, or in CI would be waited for in vain. */
export function hasSomebody({ out }: Terminal): boolean {
  return out.isTerminal && process.stdin.isTTY === true && !isInCi();
}

/** Opens an address in a browser, or says that this is left to the reader: without a terminal, in CI, and where there is no desktop. */
export async function openInBrowser(address: string, terminal: Terminal): Promise<void> {
  const { browserOpener, openBrowser } = await import("../node/web/open-browser.ts");
  const opener = hasSomebody(terminal) ? browserOpener() : null;
  if (await openBrowser(new URL(address), opener)) return;
  terminal.err.write(`${whyNotOpened(opener, terminal)}: open ${address} in a browser.\n`);
}

function whyNotOpened(opener: readonly [string, ...string[]] | null, terminal: Terminal): string {
  if (opener !== null) return `${opener[0]} did not open it`;
  if (isInCi()) return "Nothing is opened in CI";
  return hasSomebody(terminal) ? "No desktop here to open it on" : "Nothing is opened without a terminal";
}

export interface OpenStudioOptions {
  /** Folder of the lab whose studio it is; null for the studio without a lab. */
  readonly lab: string | null;
  readonly opensBrowser: boolean;
  readonly terminal: Terminal;
}

/** Serves the studio until Ctrl-C or SIGTERM. Where another process has the lab open, the studio without it. */
export async function openStudio({ lab, opensBrowser, terminal }: OpenStudioOptions): Promise<void> {
  const { stopSignal } = await import("../node/interrupt.ts");
  const stop = stopSignal();
  const served = (lab === null ? null : await labServer(lab, terminal)) ?? (await siteServer());
  try {
    terminal.out.write(`The studio: ${served.address} (Ctrl-C ends it)\n`);
    if (opensBrowser) await openInBrowser(served.address, terminal);
    await new Promise<void>((resolve) =>
      stop.signal.aborted ? resolve() : stop.signal.addEventListener("abort", () => resolve(), { once: true }),
    );
  } finally {
    await served.close();
    stop.restore();
  }
}

interface Served {
  readonly address: string;
  close(): Promise<void>;
}

async function siteServer(): Promise<Served> {
  const { serveSite } = await import("../node/site/serve-site.ts");
  return await atUsualPort((port) => serveSite({ port }));
}

/** Null where another process has the lab open. */
async function labServer(folder: string, { err }: Terminal): Promise<Served | null> {
  const { openForCommand } = await import("../node/server/lab-at-hand.ts");
  const { accessRules } = await import("../node/server/access.ts");
  const { serveLab } = await import("../node/server/lab-server.ts");
  const lab = await openForCommand({ lab: folder }, ofThisProcess());
  const { own } = lab;
  if (own === null) {
    await lab.close();
    err.write(`Another process has the lab in ${shownLab(folder)} open: this studio shows none of it.\n`);
    return null;
  }
  const host = "127.0.0.1";
  const access = accessRules({ host, token: null, names: [] });
  try {
    const server = await atUsualPort((port) => serveLab({ service: own.service, access, host, port, log: null }));
    return { address: server.address, close: () => server.close().finally(() => lab.close()) };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** At any free port where another program has the usual one. */
async function atUsualPort(serve: (port: number) => Promise<Served>): Promise<Served> {
  try {
    return await serve(usualPort);
  } catch (error) {
    const cause = error instanceof MesascopeError ? error.cause : error;
    if (!(cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE")) throw error;
    return await serve(0);
  }
}

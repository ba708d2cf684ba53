// The system's Chromium: where it is, and a page of ours opened in it without a window.

import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MesascopeError } from "../../core/base/errors.ts";

/** The first is Chromium without what draws windows and tabs, which costs half a second of processor time for each page. */
const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** The program's path: MESASCOPE_CHROMIUM, else the first on the path of chromium-headless-shell, chromium, chromium-browser, google-chrome; null where there is none. */
export function findChromium(environment: Readonly<Record<string, string | undefined>> = process.env): string | null {
  const named = environment.MESASCOPE_CHROMIUM;
  if (named) {
    if (isProgram(named)) return named;
    throw new MesascopeError("usage", `MESASCOPE_CHROMIUM=${named} given, which cannot be run; expected the path of Chromium.`);
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram) ?? null;
}

/** What headless Chromium is started with: no profile but its own, nothing fetched in the background; as root it has no sandbox. */
export function chromiumArguments(): readonly string[] {
  return [
    "--headless=new",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}

export interface OpenPage {
  /** Rejects with `worker-lost` when the program ends by itself. */
  readonly lost: Promise<never>;
  /** Where it takes orders, such as `http://127.0.0.1:34567`: a program of this machine can drive its pages. Rejects as `lost`. */
  debuggerAddress(): Promise<string>;
  close(): Promise<void>;
}

/** Opens the page in a Chromium of its own. */
export async function openInChromium(program: string, url: string): Promise<OpenPage> {
  const profile = await mkdtemp(join(tmpdir(), "mesascope-chromium-"));
  const child = spawn(program, [...chromiumArguments(), `--user-data-dir=${profile}`, "--remote-debugging-port=0", url], {
    stdio: "ignore",
    detached: process.platform !== "win32",
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  const lost = ended.then((why): never => {
    throw new MesascopeError("worker-lost", `${program} was lost (${why}); expected it to keep the page open.`);
  });
  lost.catch(() => undefined);
  return {
    lost,
    debuggerAddress: () => Promise.race([lost, debuggerOf(profile)]),
    close: async () => {
      if (child.pid !== undefined) endGroup(child.pid);
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Chromium writes the port that it chose into its profile. */
async function debuggerOf(profile: string): Promise<string> {
  for (;;) {
    const text = await readFile(join(profile, "DevToolsActivePort"), "utf8").catch(() => "");
    const [port] = text.split("\n");
    if (port && text.includes("\n")) return `http://127.0.0.1:${port}`;
    await sleep(50);
  }
}

/** Chromium is many processes, all in the group of the first. */
function endGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

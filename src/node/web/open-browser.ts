// Opens an address in the browser of whoever sits at this machine, by what the system has for that; where nobody does, nothing is opened.

import { spawn } from "node:child_process";

interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const here = (): Surroundings => ({ platform: process.platform, environment: process.env });

/** Whether this runs where nobody watches: in continuous integration, as the variable CI tells, which may be set to say no. */
export function isInCi({ CI }: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return CI !== undefined && !["", "0", "false"].includes(CI);
}

/** What opens an address here, and with which words before it; null where there is no desktop to open it on. */
export function browserOpener({ platform, environment }: Surroundings = here()): readonly [string, ...string[]] | null {
  const isSet = (name: string) => environment[name] !== undefined && environment[name] !== "";
  if (isInCi(environment)) return null;
  // Windows of a program that was started over SSH would open at the other end, unless they are led here.
  const isRemote = isSet("SSH_CONNECTION") || isSet("SSH_TTY");
  if (platform === "darwin") return isRemote ? null : ["open"];
  if (platform === "win32") return isRemote ? null : ["rundll32", "url.dll,FileProtocolHandler"];
  return isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") ? ["xdg-open"] : null;
}

/** Milliseconds in which what opens an address says that it found no browser. */
const patience = 1500;

/**
 * Whether the address was handed to a browser: what opens it ended well, or goes on, as a browser of its own does. Does not wait for the browser,
 * which outlives this process.
 */
export function openBrowser(address: URL, opener: ReturnType<typeof browserOpener> = browserOpener()): Promise<boolean> {
  if (opener === null) return Promise.resolve(false);
  const [program, ...words] = opener;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(program, [...words, address.href], { stdio: "ignore", detached: true });
  child.once("exit", (code) => resolve(code === 0));
  child.once("error", () => resolve(false));
  const timer = setTimeout(() => resolve(true), patience);
  child.unref();
  return promise.finally(() => clearTimeout(timer));
}

// The lock of a lab's folder: a unix socket bound in it, which ends with its process however that ends, and by which other commands on this
// machine ask the one that has the lab. It holds among the processes of one machine.
//
// A dead socket cannot be replaced under its name without a moment in which two do so. So each holder makes a name of its own,
// lab-NUMBER.sock, one above the highest that is there, by a link that fails where another was faster; the highest is never removed,
// and who finds a higher one after his link gives up. The holder's is lab.sock, too.

import { createHash, randomBytes } from "node:crypto";
import { chmod, link, mkdir, mkdtemp, realpath, rename, rm, stat, symlink } from "node:fs/promises";
import { createServer, type RequestListener, request, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { fileSystemError, listFolder } from "../storage/files.ts";

/** Longest path of a socket in bytes: macOS has the least room, 104 with the ending zero. */
const longestPath = 103;
const digits = 9;
const numbered = new RegExp(`^lab-(\\d{${digits}})\\.sock$`);
/** A holder's own folder, and as versions before made it, a socket. */
const ownFolder = /^\.lab-[0-9a-f]{8}$/;
const ownSocket = /^\.lab-[0-9a-f]{8}\.sock$/;
/** The socket in a folder of its own. */
const socketName = "s";
/** Milliseconds after which such a folder without a socket that answers is left over, and not just being made. */
const leftOverAfter = 60_000;
/** What file systems say that have no sockets or no hard links. */
const unsupported = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);
const tries = 20;
/** Milliseconds for a holder to say who it is. */
const patience = 3000;

/** Where a holder says who it is. */
export const holderPath = "/holder";

const holderSchema = z.strictObject({
  processId: z.int(),
  /** What it does, such as `mesascope sweep corners.yaml`. */
  command: z.string(),
  since: z.iso.datetime(),
});
export type LabHolder = z.infer<typeof holderSchema>;

export class LabLock {
  readonly #server: Server;
  #listener: RequestListener | null = null;

  private constructor(command: string) {
    const holder: LabHolder = { processId: process.pid, command, since: new Date().toISOString() };
    this.#server = createServer((asked, answer) => {
      if (asked.url === holderPath) answer.setHeader("content-type", "application/json").end(JSON.stringify(holder));
      else if (this.#listener) this.#listener(asked, answer);
      else answer.writeHead(503).end();
    });
    // It keeps no process alive.
    this.#server.unref();
  }

  /** Takes the lock of a folder. Throws `usage` with the process that has it, `file-system` where no socket can be made. */
  static async take(folder: string, { command }: { readonly command: string }): Promise<LabLock> {
    const lock = new LabLock(command);
    try {
      if (process.platform === "win32") await lock.#takePipe(folder);
      else await lock.#takeSocket(await realpath(folder));
      return lock;
    } catch (cause) {
      await lock.release();
      if (unsupported.has(codeOf(cause))) throw placeError(folder, cause);
      throw fileSystemError(cause, { action: "lock the lab in", path: folder });
    }
  }

  /** Answers what other commands ask over the socket. */
  serve(listener: RequestListener): void {
    this.#listener = listener;
  }

  async release(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #takeSocket(folder: string): Promise<void> {
    const own = `.lab-${randomBytes(4).toString("hex")}`;
    const socket = join(own, socketName);
    // A socket is made with the rights that the process gives to all; in a folder that nobody else may enter there is no moment with those.
    await mkdir(join(folder, own), { mode: 0o700 });
    try {
      await atShortPath(folder, (short) => listen(this.#server, join(short, socket)));
      await chmod(join(folder, socket), 0o600);
      for (let i = 0; i < tries; i++) {
        if (await climb(folder, socket)) return await sweepUp(folder);
        await sleep(Math.random() * 20);
      }
    } finally {
      await rm(join(folder, own), { recursive: true, force: true });
    }
    throw new MesascopeError("file-system", `too many processes want the lab in ${folder} at once. Run the command again.`);
  }

  async #takePipe(folder: string): Promise<void> {
    const path = pipeOf(await realpath(folder));
    await listen(this.#server, path).catch(async (error: unknown) => {
      throw codeOf(error) === "EADDRINUSE" ? refusal(folder, await askHolder(path)) : error;
    });
  }
}

/** Where the process that has a lab's folder open answers HTTP; null where none has. Throws `file-system`. */
export async function findHolder(
  folder: string,
): Promise<{ readonly socketPath: string; readonly holder: LabHolder | null } | null> {
  const place = await realpath(folder).catch((cause: unknown) => {
    throw fileSystemError(cause, { action: "open the lab in", path: folder });
  });
  const socketPath = process.platform === "win32" ? pipeOf(place) : await highest(place);
  if (socketPath === null) return null;
  const path = process.platform === "win32" ? socketPath : join(place, socketPath);
  return (await isAlive(path)) ? { socketPath: path, holder: await askHolder(path) } : null;
}

/**
 * Calls with `path`, or where that is too long for a socket with a short one to the same place, which is gone afterwards. For connecting to
 * what `findHolder` returns.
 */
export async function atSocketPath<Result>(path: string, call: (path: string) => Promise<Result>): Promise<Result> {
  if (process.platform === "win32") return await call(path);
  const at = path.lastIndexOf("/");
  return await atShortPath(path.slice(0, at), (short) => call(join(short, path.slice(at + 1))));
}

/** Whether the socket `own` is the folder's holder now. Throws `usage` where another is. */
async function climb(folder: string, own: string): Promise<boolean> {
  const before = await highest(folder);
  if (before !== null && (await isAlive(join(folder, before)))) throw refusal(folder, await askHolder(join(folder, before)));
  const number = before === null ? 1 : numberOf(before) + 1;
  const name = `lab-${String(number).padStart(digits, "0")}.sock`;
  try {
    await link(join(folder, own), join(folder, name));
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  // One who looked before all this may have linked a name that had been swept up: whoever is highest has it.
  if ((await highest(folder)) !== name) {
    await rm(join(folder, name), { force: true });
    return false;
  }
  const second = join(folder, `.${name}`);
  await rm(second, { force: true });
  await link(join(folder, own), second);
  await rename(second, join(folder, "lab.sock"));
  return true;
}

/** Removes the sockets of holders before, but never the highest. */
async function sweepUp(folder: string): Promise<void> {
  const top = await highest(folder);
  for (const name of await listFolder(folder)) {
    const isBefore = numbered.test(name) && name !== top;
    if (isBefore || (await isLeftOver(folder, name))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether it is what a holder that was killed on its way had for itself. */
async function isLeftOver(folder: string, name: string): Promise<boolean> {
  const place = join(folder, name);
  if (ownSocket.test(name)) return !(await isAlive(place));
  if (!ownFolder.test(name)) return false;
  const found = await stat(place).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > leftOverAfter && !(await isAlive(join(place, socketName)));
}

async function highest(folder: string): Promise<string | null> {
  const names = (await listFolder(folder)).filter((name) => numbered.test(name));
  return names.at(-1) ?? null;
}

function numberOf(name: string): number {
  return Number(numbered.exec(name)![1]);
}

function refusal(folder: string, holder: LabHolder | null): MesascopeError {
  const who = holder
    ? `process ${holder.processId} ("${holder.command}", since ${holder.since})`
    : "a process that does not say which";
  return new MesascopeError(
    "usage",
    `the lab in ${folder} is open: ${who} has it. Wait until it ends or stop it; what it does can be seen by "mesascope lab status ${folder}".`,
  );
}

function placeError(folder: string, cause: unknown): MesascopeError {
  return new MesascopeError(
    "file-system",
    `cannot lock the lab in ${folder} (${codeOf(cause)}): a lab is locked by unix sockets and hard links, which this folder's file system does not have or ` +
      "permit; exFAT, FAT and some network shares have none. Move the folder to another disk: it is the same lab there.",
    { cause },
  );
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Whether a process listens there: one that does not answer counts, for it may yet write. */
async function isAlive(path: string): Promise<boolean> {
  return await atSocketPath(
    path,
    (short) =>
      new Promise<boolean>((resolve) => {
        const socket = connect(short);
        socket.once("connect", () => {
          socket.destroy();
          resolve(true);
        });
        socket.once("error", (error) => resolve(!["ECONNREFUSED", "ENOENT"].includes(codeOf(error))));
      }),
  );
}

async function askHolder(path: string): Promise<LabHolder | null> {
  return await atSocketPath(
    path,
    (socketPath) =>
      new Promise<LabHolder | null>((resolve) => {
        const asked = request({ socketPath, path: holderPath, timeout: patience }, (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (chunk: string) => {
            text += chunk;
          });
          answer.on("end", () => resolve(readHolder(text)));
          answer.on("error", () => resolve(null));
        });
        asked.on("timeout", () => asked.destroy());
        asked.on("error", () => resolve(null));
        asked.end();
      }),
  );
}

function readHolder(text: string): LabHolder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function atShortPath<Result>(folder: string, call: (folder: string) => Promise<Result>): Promise<Result> {
  if (Buffer.byteLength(join(folder, `lab-${"0".repeat(digits)}.sock`)) <= longestPath) return await call(folder);
  const way = await mkdtemp(join(tmpdir(), "ms-"));
  try {
    const short = join(way, "l");
    await symlink(folder, short);
    return await call(short);
  } finally {
    await rm(way, { recursive: true, force: true });
  }
}

function pipeOf(folder: string): string {
  return `\\\\.\\pipe\\mesascope-${createHash("sha256").update(folder.toLowerCase()).digest("hex").slice(0, 32)}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

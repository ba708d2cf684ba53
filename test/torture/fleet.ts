// A fleet: PostgreSQL, a server and workers, each a process that can be killed and started again, over a folder or a bucket.

import pg from "pg";
import { codeVersion } from "../../src/node/code-version.ts";
import { type PostgresServer, startPostgres } from "../../src/node/lab/database/postgres.fixture.ts";
import type { Lab } from "../../src/node/lab/lab.ts";
import { openFleetLab } from "../../src/node/lab/open-fleet-lab.ts";
import { createLabClient, type LabClient } from "../../src/node/server/lab-client.ts";
import type { Child } from "./children.ts";
import { checkpointSeconds, type Torture } from "./torture.ts";

const token = "0123456789abcdef0123456789abcdef";

export class Fleet {
  readonly store: string;
  readonly databaseUrl: string;
  readonly postgres: PostgresServer;
  readonly #torture: Torture;
  #server: Child;
  readonly workers: Child[] = [];
  #started = 0;

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
    return new Fleet(torture, { postgres, databaseUrl: await postgres.createDatabase(), store });
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
    const worker = this.#torture.children.start(name, {
      ...{ role: "worker", store, databaseUrl, clockJump, name, slots: 1, checkpointSeconds },
    });
    this.workers.push(worker);
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
    await Promise.all([...this.workers.splice(0), this.#server].map((child) => child.stop()));
  }

  #startServer(): Child {
    const { store, databaseUrl } = this;
    return this.#torture.children.start("server", { role: "server", store, databaseUrl, token });
  }

  async #untilDatabaseAnswers(): Promise<void> {
    for (;;) {
      const client = new pg.Client(this.databaseUrl);
      client.on("error", () => undefined);
      try {
        await client.connect();
        return await client.end();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

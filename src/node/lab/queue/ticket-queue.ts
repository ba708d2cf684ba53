// The queue of a lab: tickets in pg-boss, on the same database. A ticket only says that a job may be taken; what counts is the job's row,
// which names its one valid ticket. One queue per code version, so that a worker never takes a job it would compute differently; and one more for each
// engine that computed a part of a job, of which a worker of another engine found that out.

import { AsyncLocalStorage } from "node:async_hooks";
import { type RawBuilder, sql } from "kysely";
import { fromKysely, PgBoss, type Db as QueueDatabase } from "pg-boss";
import type { JobKey } from "../../../lab/job.ts";
import type { LabDatabase, LabTransaction } from "../database/lab-database.ts";
import { databaseError } from "../database/lab-database.ts";
import { queueSchemaName } from "../database/schema.ts";
import { queueName } from "./queue-name.ts";

/** A ticket by its id, and the code version whose queue it is in. */
export interface TicketRef {
  readonly ticket: string;
  readonly code: string;
}

export interface NewTicket extends TicketRef {
  readonly key: JobKey;
  /** Of the job. */
  readonly priority: number;
  /** Whether the job was taken before: of equal priority what was begun is finished first. */
  readonly isBegun: boolean;
  /** Whose workers alone may take it; anyone's where it is left out. */
  readonly engine?: string;
}

/** A ticket that this process has, and must keep alive. */
export interface TakenTicket extends TicketRef {
  readonly key: JobKey;
  /** The name of the queue that it is in. */
  readonly queue: string;
  /** How often it was taken before, by whomever. */
  readonly retryCount: number;
}

interface TicketContent {
  readonly key: JobKey;
  readonly engine?: string;
}

export interface TicketQueueOptions {
  readonly database: LabDatabase;
  /**
   * A ticket whose holder gave no sign for this long goes to another. At least 10, says pg-boss, and by default; on PGlite hours, since workers
   * end with the database and a busy process may be silent for long.
   */
  readonly leaseSeconds?: number;
}

/**
 * How often lost leases are looked for. With the lease it bounds how long a dead worker's job waits; on PGlite workers die with the database,
 * and looking counts all tickets in the one thread that there is.
 */
const superviseSeconds = { postgres: 5, pglite: 30 } as const;
const day = 86_400;
const defaultLease = { postgres: 10, pglite: day / 4 } as const;
/** Rows in one statement. */
const batch = 5000;

export class TicketQueue {
  readonly leaseSeconds: number;
  readonly #boss: PgBoss;
  readonly #database: LabDatabase;
  /** The open transaction of the caller: pg-boss looks queues up by statements of its own, which on PGlite would wait for it forever. */
  readonly #inside: AsyncLocalStorage<QueueDatabase>;
  readonly #prepared = new Set<string>();
  /** Queues that are there, as far as it was seen. */
  #seen: ReadonlySet<string> = new Set();

  private constructor(parts: {
    readonly boss: PgBoss;
    readonly options: TicketQueueOptions;
    readonly inside: AsyncLocalStorage<QueueDatabase>;
  }) {
    this.#boss = parts.boss;
    this.#database = parts.options.database;
    this.#inside = parts.inside;
    this.leaseSeconds = parts.options.leaseSeconds ?? defaultLease[this.#database.kind];
  }

  /** Makes pg-boss's tables where they are not there. Throws `database`. */
  static async open(options: TicketQueueOptions): Promise<TicketQueue> {
    const { database } = options;
    const inside = new AsyncLocalStorage<QueueDatabase>();
    const boss = new PgBoss({
      db: { executeSql: (text, values) => (inside.getStore() ?? database.queue).executeSql(text, values) },
      schema: queueSchemaName,
      backend: database.kind,
      schedule: false,
      superviseIntervalSeconds: superviseSeconds[database.kind],
      monitorIntervalSeconds: superviseSeconds[database.kind],
      flowIntervalSeconds: day,
      reindex: database.kind === "postgres",
      monitorVacuum: database.kind === "postgres",
    });
    // Of its own upkeep, which it tries again; the calls below throw.
    boss.on("error", () => undefined);
    try {
      await database.alone(() => boss.start());
    } catch (cause) {
      await boss.stop({ graceful: false }).catch(() => undefined);
      throw databaseError(cause, database.name);
    }
    return new TicketQueue({ boss, options, inside });
  }

  /** Makes the queues of code versions, of an engine where one is named. To be called outside of transactions, before tickets for them are sent. */
  async prepare(codes: Iterable<string>, engine?: string): Promise<void> {
    for (const code of new Set(codes)) {
      const name = queueName(code, engine);
      if (this.#prepared.has(name)) continue;
      const options = {
        heartbeatSeconds: this.leaseSeconds,
        expireInSeconds: day,
        retryLimit: 1_000_000,
        retentionSeconds: 365 * day,
        deleteAfterSeconds: day,
      };
      await this.#database.alone(async () => {
        const known = await this.#boss.getQueue(name);
        if (known === null) await this.#boss.createQueue(name, options);
        else if (known.heartbeatSeconds !== this.leaseSeconds) await this.#boss.updateQueue(name, options);
      });
      this.#prepared.add(name);
    }
  }

  /** In the order given, `delaySeconds` from now. */
  async send(trx: LabTransaction, tickets: readonly NewTicket[], delaySeconds = 0): Promise<void> {
    for (const [name, group] of Map.groupBy(tickets, ({ code, engine }) => queueName(code, engine))) {
      const jobs = group.map(({ ticket, key, priority, isBegun, engine }) => {
        const data: TicketContent = engine === undefined ? { key } : { key, engine };
        return { id: ticket, data, priority: 2 * priority + (isBegun ? 1 : 0), startAfter: delaySeconds };
      });
      for (let from = 0; from < jobs.length; from += batch) {
        await this.#in(trx, (db) => this.#boss.insert(name, jobs.slice(from, from + batch), { db }));
      }
    }
  }

  /** Void tickets, and those of jobs that are done. */
  async remove(trx: LabTransaction, tickets: readonly (TicketRef | TakenTicket)[]): Promise<void> {
    for (const [code, group] of Map.groupBy(tickets, (ticket) => ticket.code)) {
      const ids = group.map(({ ticket }) => ticket);
      const known = group.map((ticket) => ("queue" in ticket ? ticket.queue : null));
      const names = known.includes(null) ? await this.#queuesOf(trx, code) : new Set(known.filter((name) => name !== null));
      for (const name of names) {
        for (let from = 0; from < ids.length; from += batch) {
          await this.#in(trx, (db) => this.#boss.deleteJob(name, ids.slice(from, from + batch), { db }));
        }
      }
    }
  }

  /**
   * Takes up to `count` tickets of a code version: first those that only workers of this engine may take, then by priority, begun ones first, then by
   * age.
   */
  async take(trx: LabTransaction, { code, engine, count }: TicketsWanted): Promise<TakenTicket[]> {
    const own = queueName(code, engine);
    const common = queueName(code);
    const taken: TakenTicket[] = [];
    for (const queue of own !== common && this.#seen.has(own) ? [own, common] : [common]) {
      const batchSize = count - taken.length;
      if (batchSize === 0) break;
      const fetched = await this.#in(trx, (db) => this.#boss.fetch<TicketContent>(queue, { batchSize, db }));
      taken.push(...fetched.map(({ id, data, retryCount }) => ({ ticket: id, code, key: data.key, queue, retryCount })));
    }
    return taken;
  }

  /** Sees which queues there are by now: those of an engine that `take` asks only where they are. */
  async lookAtQueues(): Promise<void> {
    const table = sql.table(`${queueSchemaName}.queue`);
    const { rows } = await this.#database.query((db) => sql<{ name: string }>`SELECT name FROM ${table}`.execute(db));
    this.#seen = new Set(rows.map(({ name }) => name));
  }

  /**
   * Keeps tickets alive. Returns the ids of those that are still this process's, but for those that a transaction has just then: who settles a job
   * or decides about it may have its ticket for as long as the store takes, and the others' leases must not wait for that. pg-boss takes a ticket
   * from its holder, however alive, when it began to be `expireInSeconds` ago: it begins anew with each sign of life.
   */
  async keepAlive(tickets: readonly TakenTicket[]): Promise<ReadonlySet<string>> {
    const rows = JSON.stringify(tickets.map(({ ticket, queue, retryCount }) => ({ ticket, queue, retryCount })));
    const table = sql.table(`${queueSchemaName}.job`);
    const { rows: alive } = await this.#database.queryAside((db) =>
      sql<{ id: string }>`
        WITH mine AS (
          SELECT job.name, job.id FROM ${table} AS job
          JOIN json_to_recordset(${rows}::json) AS x (ticket uuid, queue text, "retryCount" integer)
            ON job.name = x.queue AND job.id = x.ticket AND job.retry_count = x."retryCount"
          WHERE job.state = 'active' FOR UPDATE OF job SKIP LOCKED
        )
        UPDATE ${table} AS job SET heartbeat_on = now(), started_on = now() FROM mine WHERE job.name = mine.name AND job.id = mine.id RETURNING job.id
      `.execute(db),
    );
    return new Set(alive.map(({ id }) => id));
  }

  /** A query for the ids of a code version's tickets that wait or are taken. */
  liveTickets(code: string): RawBuilder<string> {
    const [jobs, queues] = [sql.table(`${queueSchemaName}.job`), sql.table(`${queueSchemaName}.queue`)];
    return sql`
      SELECT id FROM ${jobs} WHERE state < 'completed'
        AND name = ANY(ARRAY(SELECT name FROM ${queues} WHERE starts_with(name, ${queueName(code)})))
    `;
  }

  /** After the database's clock went back: nothing waits for, or was told at, a time that is far ahead. */
  async forgetFuture(trx: LabTransaction): Promise<void> {
    const late = sql`now() + interval '1 minute'`;
    const [jobs, queues] = [sql.table(`${queueSchemaName}.job`), sql.table(`${queueSchemaName}.queue`)];
    await sql`
      UPDATE ${jobs} SET start_after = least(start_after, now()), heartbeat_on = least(heartbeat_on, now())
      WHERE state < 'completed' AND (start_after > ${late} OR heartbeat_on > ${late})
    `.execute(trx);
    await sql`
      UPDATE ${queues} SET monitor_claim_on = least(monitor_claim_on, now()), monitor_on = least(monitor_on, now())
      WHERE monitor_claim_on > ${late} OR monitor_on > ${late}
    `.execute(trx);
  }

  /** All queues of a code version. */
  async #queuesOf(trx: LabTransaction, code: string): Promise<ReadonlySet<string>> {
    const table = sql.table(`${queueSchemaName}.queue`);
    const { rows } = await sql<{ name: string }>`SELECT name FROM ${table} WHERE starts_with(name, ${queueName(code)})`.execute(
      trx,
    );
    return new Set(rows.map(({ name }) => name));
  }

  /** Removes all tickets. */
  async clear(trx: LabTransaction): Promise<void> {
    await this.#in(trx, async () => {
      for (const { name } of await this.#boss.getQueues()) await this.#boss.deleteAllJobs(name);
    });
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }

  async #in<Result>(trx: LabTransaction, call: (db: QueueDatabase) => Promise<Result>): Promise<Result> {
    const db = fromKysely(trx);
    return await this.#inside.run(db, () => call(db));
  }
}

interface TicketsWanted {
  readonly code: string;
  readonly engine?: string | undefined;
  readonly count: number;
}

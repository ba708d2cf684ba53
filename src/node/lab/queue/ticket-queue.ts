// The queue of a lab: tickets in pg-boss, on the same database. A ticket only says that a job may be taken; what counts is the job's row,
// which names its one valid ticket. One queue per code version, so that a worker never takes a job it would compute differently.

import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { type RawBuilder, sql } from "kysely";
import { fromKysely, PgBoss, type Db as QueueDatabase } from "pg-boss";
import type { JobKey } from "../../../lab/job.ts";
import type { LabDatabase, LabTransaction } from "../database/lab-database.ts";
import { databaseError } from "../database/lab-database.ts";
import { queueSchemaName } from "../database/schema.ts";

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
}

/** A ticket that this process has, and must keep alive. */
export interface TakenTicket extends TicketRef {
  readonly key: JobKey;
  /** How often it was taken before, by whomever. */
  readonly retryCount: number;
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

  /** Makes the queues of code versions. To be called outside of transactions, before tickets for them are sent. */
  async prepare(codes: Iterable<string>): Promise<void> {
    for (const code of new Set(codes)) {
      if (this.#prepared.has(code)) continue;
      const name = queueName(code);
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
      this.#prepared.add(code);
    }
  }

  /** In the order given, `delaySeconds` from now. */
  async send(trx: LabTransaction, tickets: readonly NewTicket[], delaySeconds = 0): Promise<void> {
    for (const [code, group] of byCode(tickets)) {
      const jobs = group.map(({ ticket, key, priority, isBegun }) => {
        return { id: ticket, data: { key }, priority: 2 * priority + (isBegun ? 1 : 0), startAfter: delaySeconds };
      });
      for (let from = 0; from < jobs.length; from += batch) {
        await this.#in(trx, (db) => this.#boss.insert(queueName(code), jobs.slice(from, from + batch), { db }));
      }
    }
  }

  /** Void tickets, and those of jobs that are done. */
  async remove(trx: LabTransaction, tickets: readonly TicketRef[]): Promise<void> {
    for (const [code, group] of byCode(tickets)) {
      const ids = group.map(({ ticket }) => ticket);
      for (let from = 0; from < ids.length; from += batch) {
        await this.#in(trx, (db) => this.#boss.deleteJob(queueName(code), ids.slice(from, from + batch), { db }));
      }
    }
  }

  /** Takes up to `count` tickets of a code version, by priority, begun ones first, then by age. */
  async take(trx: LabTransaction, { code, count }: { readonly code: string; readonly count: number }): Promise<TakenTicket[]> {
    const taken = await this.#in(trx, (db) => this.#boss.fetch<{ key: JobKey }>(queueName(code), { batchSize: count, db }));
    return taken.map(({ id, data, retryCount }) => ({ ticket: id, code, key: data.key, retryCount }));
  }

  /**
   * Keeps tickets alive. Returns the ids of those that are still this process's, but for those that a transaction has just then: who settles a job
   * or decides about it may have its ticket for as long as the store takes, and the others' leases must not wait for that.
   */
  async keepAlive(tickets: readonly TakenTicket[]): Promise<ReadonlySet<string>> {
    const rows = JSON.stringify(tickets.map(({ ticket, code, retryCount }) => ({ ticket, queue: queueName(code), retryCount })));
    const table = sql.table(`${queueSchemaName}.job`);
    const { rows: alive } = await this.#database.queryAside((db) =>
      sql<{ id: string }>`
        WITH mine AS (
          SELECT job.name, job.id FROM ${table} AS job
          JOIN json_to_recordset(${rows}::json) AS x (ticket uuid, queue text, "retryCount" integer)
            ON job.name = x.queue AND job.id = x.ticket AND job.retry_count = x."retryCount"
          WHERE job.state = 'active' FOR UPDATE OF job SKIP LOCKED
        )
        UPDATE ${table} AS job SET heartbeat_on = now() FROM mine WHERE job.name = mine.name AND job.id = mine.id RETURNING job.id
      `.execute(db),
    );
    return new Set(alive.map(({ id }) => id));
  }

  /** A query for the ids of a code version's tickets that wait or are taken. */
  liveTickets(code: string): RawBuilder<string> {
    const table = sql.table(`${queueSchemaName}.job`);
    return sql`SELECT id FROM ${table} WHERE name = ${queueName(code)} AND state < 'completed'`;
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

/** Names of queues may not hold all that a code version may, such as a plus sign: a hash tells any two apart. */
function queueName(code: string): string {
  return `code-${createHash("sha256").update(code).digest("hex").slice(0, 32)}`;
}

function byCode<Ticket extends TicketRef>(tickets: readonly Ticket[]): ReadonlyMap<string, readonly Ticket[]> {
  return Map.groupBy(tickets, ({ code }) => code);
}

// The database of a lab, whichever it is: queries and transactions by Kysely, notices between processes, and what the queue runs on.

import { type Dialect, Kysely, sql, type Transaction } from "kysely";
import type { Db as QueueDatabase } from "pg-boss";
import { MesascopeError } from "../../../core/base/errors.ts";
import { migrate } from "./migrate.ts";
import type { LabSchema } from "./schema.ts";

/** What PGlite and PostgreSQL each bring. */
export interface DatabaseDriver {
  readonly kind: "pglite" | "postgres";
  /** For messages, without a password. */
  readonly name: string;
  readonly dialect: Dialect;
  /** On connections of its own; null where there is but one. */
  readonly aside: Dialect | null;
  /** Statements outside of transactions, for pg-boss. */
  readonly queue: QueueDatabase;
  /** Calls back at every notice on `channel`, and when some may have been missed. Resolves to what ends it. */
  listen(channel: string, onNotice: () => void): Promise<() => Promise<void>>;
  /** After Kysely has let go. */
  close(): Promise<void>;
}

export type LabQueries = Kysely<LabSchema>;
export type LabTransaction = Transaction<LabSchema>;

/** Transactions that PostgreSQL ended to let another through or for their silence, or that waited for one too long, and how often they are tried. */
const retriable = new Set(["40001", "40P01", "55P03", "25P03"]);
const mostTries = 8;
/** Milliseconds between two signs of life of a transaction that has nothing to do but to be open. */
const signEvery = 5000;
/** Any number: the lock's name among the advisory locks of a database. */
const aloneLock = 7_204_112;

export class LabDatabase {
  readonly kind: DatabaseDriver["kind"];
  readonly name: string;
  readonly queue: QueueDatabase;
  readonly #driver: DatabaseDriver;
  readonly #kysely: LabQueries;
  readonly #aside: LabQueries;
  #isClosed = false;

  private constructor(driver: DatabaseDriver) {
    this.#driver = driver;
    this.kind = driver.kind;
    this.name = driver.name;
    this.queue = driver.queue;
    this.#kysely = new Kysely<LabSchema>({ dialect: driver.dialect });
    this.#aside = driver.aside === null ? this.#kysely : new Kysely<LabSchema>({ dialect: driver.aside });
  }

  /** Brings the tables up to this code. Throws `database`, and `unsupported-version` where a newer Mesascope has changed them. */
  static async open(driver: DatabaseDriver): Promise<LabDatabase> {
    const database = new LabDatabase(driver);
    try {
      await database.alone(() => database.query((db) => migrate(db, driver.name)));
      return database;
    } catch (error) {
      await database.close().catch(() => undefined);
      throw error;
    }
  }

  /** To be asked only: its tables stay as they are, of whichever version, or absent. */
  static openAsItIs(driver: DatabaseDriver): LabDatabase {
    return new LabDatabase(driver);
  }

  /** Runs statements outside of a transaction. Throws `database`. */
  async query<Result>(body: (db: LabQueries) => Promise<Result>): Promise<Result> {
    try {
      return await body(this.#kysely);
    } catch (cause) {
      throw this.#errorOf(cause);
    }
  }

  /** As `query`, for what is short and must not wait until others have ended their transactions, however long a store keeps these. */
  async queryAside<Result>(body: (db: LabQueries) => Promise<Result>): Promise<Result> {
    try {
      return await body(this.#aside);
    } catch (cause) {
      throw this.#errorOf(cause);
    }
  }

  /**
   * Runs `body` in a transaction, again where another was in the way: it may do outside of the database only what can be done twice. What it
   * throws rolls back. Throws `database`.
   */
  async transaction<Result>(body: (trx: LabTransaction) => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#kysely.transaction().execute(body);
      } catch (cause) {
        if (tries < mostTries && retriable.has(codeOf(cause))) continue;
        throw this.#errorOf(cause);
      }
    }
  }

  /** Runs `body` while no other process runs its own: making tables at once fails. Not to be nested. Throws `database`. */
  async alone<Result>(body: () => Promise<Result>): Promise<Result> {
    if (this.kind === "pglite") return await body();
    return await this.transaction(async (trx) => {
      // Ends with the transaction, as the server ends that of a process which is frozen.
      await sql`SELECT pg_advisory_xact_lock(${aloneLock})`.execute(trx);
      const signs = setInterval(() => void sql`SELECT 1`.execute(trx).catch(() => undefined), signEvery);
      try {
        return await body();
      } finally {
        clearInterval(signs);
      }
    });
  }

  async listen(channel: string, onNotice: () => void): Promise<() => Promise<void>> {
    try {
      return await this.#driver.listen(channel, onNotice);
    } catch (cause) {
      throw this.#errorOf(cause);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#kysely.destroy();
    if (this.#aside !== this.#kysely) await this.#aside.destroy();
    await this.#driver.close();
  }

  #errorOf(cause: unknown): MesascopeError {
    return databaseError(cause, this.name);
  }
}

/** The `database` error for a failed statement; a `MesascopeError` is passed on as it is. */
export function databaseError(cause: unknown, name: string): MesascopeError {
  if (cause instanceof MesascopeError) return cause;
  const code = codeOf(cause);
  // An AggregateError of Node, for an address that stands for several, has no message.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  const message = first instanceof Error ? first.message : String(first);
  const why = code && !message.includes(code) ? `${message} (${code})` : message;
  return new MesascopeError(
    "database",
    `the lab's database ${name} failed: ${why}. ${adviceFor(code, message)}, then run the command again.`,
    { cause },
  );
}

/** By PostgreSQL's codes; whoever refuses a user or a database runs and was reached. */
const advices: Readonly<Record<string, string>> = {
  "28P01": "Correct the user or the password in its URL",
  "28000": "Correct the user in its URL",
  "3D000": "Make that database, or correct its URL",
  "42501": "Give its user what is refused, such as CREATE in the database",
};

/** A server that lets this machine in by no line of its rules says so by the same code as of an unknown user. */
function adviceFor(code: string, message: string): string {
  if (code === "28000" && message.includes("pg_hba.conf"))
    return "Correct the user in its URL, add sslmode=verify-full to the URL if the server wants TLS, or let user and machine in by a line of its pg_hba.conf";
  return advices[code] ?? "Check that it runs and can be reached";
}

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error) || !("code" in cause)) return "";
  return typeof cause.code === "string" ? cause.code : "";
}

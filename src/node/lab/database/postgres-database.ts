// A lab's database in PostgreSQL, for any number of processes: a pool for statements, one connection more for notices.

import { type PostgresCursor, PostgresDialect, type PostgresPoolClient, type PostgresQueryResult } from "kysely";
import pg from "pg";
import { MesascopeError } from "../../../core/base/errors.ts";
import { type DatabaseDriver, databaseError, LabDatabase } from "./lab-database.ts";
import { labSchemaName } from "./schema.ts";

/** Milliseconds until a connection counts as failed, and between two tries to listen again. */
const connectionTimeout = 10_000;
const listenAgainAfter = 1000;
const mostConnections = 8;
/** For signs of life, which must not wait for those that are in a transaction. */
const connectionsAside = 2;
/**
 * Seconds after which the server ends a transaction whose process falls silent (frozen, or its machine without power), and after which one that
 * waits for its locks is told so.
 */
const mostSilence = 30;

const bigint = 20;
/** 64-bit integers are read as numbers: none here comes near 2⁵³. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: "text" | "binary") => (id === bigint ? Number : pg.types.getTypeParser(id, format)),
};

/** Opens the database at `url` (`postgres://user:password@host:port/database`). Throws `usage` for what is no such URL, and as `LabDatabase.open`. */
export async function openPostgres(
  url: string,
  { silence = mostSilence, isAsItIs = false }: PostgresOptions = {},
): Promise<LabDatabase> {
  const driver = postgresDriver(url, silence);
  return isAsItIs ? LabDatabase.openAsItIs(driver) : await LabDatabase.open(driver);
}

export interface PostgresOptions {
  /** Seconds that a process may be silent within a transaction, see `mostSilence`. */
  readonly silence?: number;
  /** Makes and changes no tables. */
  readonly isAsItIs?: boolean;
}

function postgresDriver(url: string, silence: number): DatabaseDriver {
  const name = nameOf(url);
  const config: pg.PoolConfig = {
    connectionString: url,
    connectionTimeoutMillis: connectionTimeout,
    application_name: "mesascope",
    keepAlive: true,
    types,
  };
  const poolOf = (max: number) => {
    const pool = new pg.Pool({
      ...config,
      max,
      onConnect: async (client) => {
        // One that breaks between two statements of a transaction has nobody else who listens; the next statement tells why.
        client.on("error", (error) => broken.has(client) || broken.set(client, error));
        await client.query(`
        SET search_path TO ${labSchemaName}, public;
        SET idle_in_transaction_session_timeout = '${silence}s';
        SET lock_timeout = '${silence}s';
        SET tcp_keepalives_idle = 10;
        SET tcp_keepalives_interval = 5;
        SET tcp_keepalives_count = 3;
        SET tcp_user_timeout = 20000;
      `);
      },
    });
    // A connection that breaks while nobody uses it is replaced by the next query, which tells if that fails.
    pool.on("error", () => undefined);
    return pool;
  };
  const [pool, aside] = [poolOf(mostConnections), poolOf(connectionsAside)];
  const notices = new Notices(config, name);
  return {
    kind: "postgres",
    name,
    dialect: dialectOn(pool),
    aside: dialectOn(aside),
    queue: {
      async executeSql(text, values) {
        const result: pg.QueryResult | pg.QueryResult[] = await (values?.length ? aside.query(text, values) : aside.query(text));
        // Several statements at once answer with a result each.
        return { rows: Array.isArray(result) ? result.flatMap((one) => one.rows) : result.rows };
      },
    },
    listen: (channel, onNotice) => notices.listen(channel, onNotice),
    close: async () => {
      await Promise.all([notices.close(), pool.end(), aside.end()]);
    },
  };
}

/** Why connections broke that nobody used just then, such as the server's word that a transaction was silent for too long. */
const broken = new WeakMap<object, Error>();

/**
 * With errors that tell why a connection is broken: what fails by it tells only that it is. The pool is ended with the driver: Kysely ends none by
 * which it made no query, though the queue may have made some.
 */
function dialectOn(pool: pg.Pool): PostgresDialect {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect();
    const ask = async (text: string, values: readonly unknown[]) => {
      try {
        return await client.query(text, [...values]);
      } catch (error) {
        throw broken.get(client) ?? error;
      }
    };
    return { query: queryOf(ask), release: (destroy) => client.release(destroy) };
  };
  return new PostgresDialect({ pool: { connect, end: async () => undefined, options: pool.options } });
}

/** As Kysely calls it, but for cursors, by which nothing here reads. */
function queryOf(ask: (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>): PostgresPoolClient["query"] {
  function query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query(text: unknown, values: readonly unknown[] = []): unknown {
    if (typeof text !== "string") throw new TypeError("a lab's database is not read by cursors");
    return ask(text, values);
  }
  return query;
}

/** Throws `usage` for what is no URL of PostgreSQL; nobody is asked. */
export function requirePostgresUrl(url: string): void {
  nameOf(url);
}

/** Host and database of a URL, without user and password. */
function nameOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === "postgres:" || parsed?.protocol === "postgresql:") {
    return `${parsed.searchParams.get("host") ?? parsed.host}${parsed.pathname}`;
  }
  throw new MesascopeError(
    "usage",
    "what was given as the lab's database is no URL of PostgreSQL; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE.",
  );
}

/** LISTEN on a connection of its own, taken up again when it breaks. */
class Notices {
  readonly #config: pg.ClientConfig;
  readonly #name: string;
  readonly #listeners = new Map<string, Set<() => void>>();
  #client: pg.Client | null = null;
  #connecting: Promise<void> | null = null;
  #again: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(config: pg.ClientConfig, name: string) {
    this.#config = config;
    this.#name = name;
  }

  async listen(channel: string, onNotice: () => void): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners);
    listeners.add(onNotice);
    this.#connecting ??= this.#connect();
    await this.#connecting;
    await this.#client?.query(`LISTEN ${channel}`);
    return async () => {
      listeners.delete(onNotice);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#again) clearTimeout(this.#again);
    await this.#connecting?.catch(() => undefined);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(this.#config);
    client.on("error", () => undefined);
    client.on("notification", ({ channel }) => this.#tell(channel));
    client.on("end", () => {
      if (this.#client !== client) return;
      this.#client = null;
      this.#connectAgain();
    });
    try {
      await client.connect();
      for (const channel of this.#listeners.keys()) await client.query(`LISTEN ${channel}`);
    } catch (cause) {
      await client.end().catch(() => undefined);
      this.#connecting = null;
      throw databaseError(cause, this.#name);
    }
    this.#client = client;
  }

  #connectAgain(): void {
    if (this.#isClosed) return;
    this.#again = setTimeout(() => {
      this.#connecting = this.#connect();
      this.#connecting.then(
        () => {
          for (const channel of this.#listeners.keys()) this.#tell(channel);
        },
        () => this.#connectAgain(),
      );
    }, listenAgainAfter).unref();
  }

  #tell(channel: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener();
  }
}

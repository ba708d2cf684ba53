// Workers as rows: who is there, and gave a sign of life lately.

import { sql } from "kysely";
import type { WorkerRow } from "../../../lab/api.ts";
import type { LabQueries } from "../database/lab-database.ts";
import type { LabParts } from "../lab-parts.ts";
import { emit, type NewEvent } from "./events.ts";

export interface WorkerIdentity {
  readonly worker: string;
  readonly host: string;
  readonly slots: number;
}

/** Seconds without a sign after which a worker is no longer listed, and after which its row goes. */
const listedFor = 30;
const keptFor = 60;

export async function joinWorkers(parts: LabParts, identity: WorkerIdentity): Promise<void> {
  await parts.database.transaction(async (trx) => {
    await upsert(trx, { parts, identity, trouble: null });
    await emit(trx, [eventOf("worker-joined", parts, identity.worker)]);
  });
}

/** `trouble`: what keeps it from taking jobs; null for nothing. */
export async function showLife(
  parts: LabParts,
  { trouble, ...identity }: WorkerIdentity & { readonly trouble: string | null },
): Promise<void> {
  await parts.database.queryAside((db) => upsert(db, { parts, identity, trouble }));
}

export async function leaveWorkers(parts: LabParts, worker: string): Promise<void> {
  await parts.database.transaction(async (trx) => {
    await trx.deleteFrom("workers").where("name", "=", worker).execute();
    await emit(trx, [eventOf("worker-left", parts, worker)]);
  });
}

/** Removes the rows of workers that are silent; of all, also those that showed life just now, where `areGone` says that nobody can be there. */
export async function forgetWorkers(parts: LabParts, { areGone }: { readonly areGone: boolean }): Promise<void> {
  await parts.database.transaction(async (trx) => {
    const gone = await trx
      .deleteFrom("workers")
      .where(sql<boolean>`${areGone} OR heartbeat_at < now() - ${keptFor} * interval '1 second'`)
      .returning("name")
      .execute();
    await emit(
      trx,
      gone.map(({ name }) => eventOf("worker-left", parts, name)),
    );
  });
}

/** Those that gave a sign of life lately. */
export async function listWorkers(parts: LabParts): Promise<readonly WorkerRow[]> {
  const { rows } = await parts.database.query((db) =>
    sql<{
      name: string;
      host: string;
      code: string;
      slots: number;
      started_at: Date;
      heartbeat_at: Date;
      trouble: string | null;
      running: string[];
    }>`
      SELECT *, ARRAY (SELECT key FROM mesascope.jobs WHERE state = 'running' AND worker = workers.name ORDER BY started_at, key) AS running
      FROM mesascope.workers
      WHERE heartbeat_at > now() - ${listedFor} * interval '1 second'
      ORDER BY name
    `.execute(db),
  );
  return rows.map(({ started_at: startedAt, heartbeat_at: heartbeatAt, ...row }) => {
    return { ...row, startedAt: startedAt.toISOString(), heartbeatAt: heartbeatAt.toISOString() };
  });
}

/**
 * How many jobs at once they have room for. On one machine they share its cores: how many those are they do not say, but no fewer than the slots of
 * one of them, and than jobs run there.
 */
export function slotsTogether(workers: readonly WorkerRow[]): number {
  let together = 0;
  for (const here of Map.groupBy(workers, ({ host }) => host).values()) {
    const slots = here.reduce((sum, worker) => sum + worker.slots, 0);
    const running = here.reduce((sum, worker) => sum + worker.running.length, 0);
    together += Math.min(slots, Math.max(running, ...here.map((worker) => worker.slots)));
  }
  return together;
}

async function upsert(
  db: LabQueries,
  { parts, identity, trouble }: { readonly parts: LabParts; readonly identity: WorkerIdentity; readonly trouble: string | null },
): Promise<void> {
  const { worker, host, slots } = identity;
  // The database's clock: machines of a fleet need not agree on the time.
  await sql`
    INSERT INTO mesascope.workers (name, code, host, slots, started_at, heartbeat_at, trouble)
    VALUES (${worker}, ${parts.code}, ${host}, ${slots}, now(), now(), ${trouble})
    ON CONFLICT (name) DO UPDATE SET
      code = excluded.code, host = excluded.host, slots = excluded.slots, heartbeat_at = now(), trouble = excluded.trouble
  `.execute(db);
}

function eventOf(kind: "worker-joined" | "worker-left", { clock, code }: LabParts, worker: string): NewEvent {
  return { at: clock(), kind, job: null, sweep: null, data: { worker, code } };
}

// Puts the jobs of an accepted sweep into the index. Those that the lab has already stay as they are, but that those go on which others
// cancelled or paused.

import { sql } from "kysely";
import type { JobKey, JobState } from "../../../lab/job.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import type { NewTicket, TicketRef } from "../queue/ticket-queue.ts";
import { applyDecision, takeUp } from "./apply-decision.ts";
import { addConfigs, type ConfigIds } from "./configs.ts";
import { describeRun, type GivenJob, type RunDescription, throwUnknownRun } from "./describe-jobs.ts";

export interface AcceptedSweep {
  readonly sweep: string;
  readonly priority: number;
  readonly jobs: readonly GivenJob[];
  /** Of the ledger entry. */
  readonly number: number;
  readonly at: Date;
}

export interface SweepApplied {
  /** New to the lab. */
  readonly added: number;
  /** New to the sweep, and cancelled or paused by what was decided before: they go on. */
  readonly revived: number;
  /** To be removed from the queue, before the others are sent. */
  readonly void: readonly TicketRef[];
  /** Of those that can be taken at once, in the order in which they are to be. */
  readonly tickets: readonly NewTicket[];
}

/** Rows in one statement. */
const batch = 2000;

/** Throws `usage` for a job about a run that nobody knows. */
export async function applySweep(trx: LabTransaction, accepted: AcceptedSweep): Promise<SweepApplied> {
  const { sweep, priority, jobs, number, at } = accepted;
  const before = await trx.selectFrom("sweeps").selectAll().where("name", "=", sweep).forUpdate().executeTakeFirst();
  const isMoved = before !== undefined && askedPriorityOf(before) !== priority;
  const moved = isMoved
    ? await applyDecision(trx, { action: "prioritize", priority, target: { kind: "sweep", sweep } })
    : { void: [], tickets: [] };
  const { is_paused: isPaused } = await trx
    .insertInto("sweeps")
    .values({ name: sweep, priority, asked_priority: priority, ledger_number: number, accepted_at: at })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ asked_priority: priority, is_cancelled: false }))
    .returning("is_paused")
    .executeTakeFirstOrThrow();
  const tickets: NewTicket[] = [...moved.tickets];
  const linked: JobKey[] = [];
  let added = 0;
  // Runs first: what is about them refers to their rows.
  const runs = jobs.filter(({ run }) => run === null);
  const others = jobs.filter(({ run }) => run !== null);
  for (const part of [...inBatches(runs), ...inBatches(others)]) {
    const known = await knownRuns(trx, part);
    const configs = await configsOf(trx, part);
    const rows = part.map((job) => rowOf(job, { accepted, known, configs, isPaused }));
    const inserted = await insertJobs(trx, rows);
    added += inserted.length;
    for (const { key, code, ticket } of inserted)
      if (ticket !== null) tickets.push({ key, code, ticket, priority, isBegun: false });
    const links = JSON.stringify(part.map(({ key, position }) => ({ key, position })));
    const { rows: anew } = await sql<{ job: JobKey }>`
      INSERT INTO mesascope.sweep_jobs (sweep, job, position)
      SELECT ${sweep}, x.key, x.position FROM json_to_recordset(${links}::json) AS x (key text, position integer)
      ON CONFLICT DO NOTHING RETURNING job
    `.execute(trx);
    linked.push(...(before?.is_cancelled ? part.map(({ key }) => key) : anew.map(({ job }) => job)));
  }
  const given = await givenUp(trx, { keys: linked, number });
  if (given.length > 0) tickets.push(...(await takeUp(trx, given)));
  return { added, revived: given.length, void: moved.void, tickets };
}

/** What a sweep was last accepted with, whatever was decided afterwards: with the same again, that stays. */
export function askedPriorityOf(sweep: { readonly asked_priority: number | null; readonly priority: number }): number {
  return sweep.asked_priority ?? sweep.priority;
}

/** Those of the keys that are cancelled or held, and were in the lab before; locked until the commit. */
async function givenUp(
  trx: LabTransaction,
  { keys, number }: { readonly keys: readonly JobKey[]; readonly number: number },
): Promise<readonly JobKey[]> {
  const { rows } = await sql<{ key: JobKey }>`
    SELECT key FROM mesascope.jobs
    WHERE key = ANY(${keys}::text[]) AND state IN ('held', 'cancelled') AND ledger_number < ${number}
    ORDER BY key FOR UPDATE
  `.execute(trx);
  return rows.map(({ key }) => key);
}

type Configs = ReadonlyMap<JobKey, ConfigIds>;

async function configsOf(trx: LabTransaction, jobs: readonly GivenJob[]): Promise<Configs> {
  const runs = jobs.flatMap(({ key, spec }) => (spec.kind === "train" ? [{ key, recipe: spec.recipe }] : []));
  const ids = await addConfigs(
    trx,
    runs.map(({ recipe }) => recipe),
  );
  return new Map(runs.map(({ key }, i) => [key, ids[i]!]));
}

type KnownRun = RunDescription & { readonly [part in keyof ConfigIds]: number | null } & { readonly state: JobState };
type KnownRuns = ReadonlyMap<JobKey, KnownRun>;

/** Locked until the commit, so that none is confirmed in between and forgets to unblock what is inserted. */
async function knownRuns(trx: LabTransaction, jobs: readonly GivenJob[]): Promise<KnownRuns> {
  const keys = [...new Set(jobs.flatMap(({ run }) => (run === null ? [] : [run])))];
  if (keys.length === 0) return new Map();
  const rows = await trx
    .selectFrom("jobs")
    .select(["key", "state", "world", "organism", "network", "optimizer", "config", "distribution", "seed", "name"])
    .where("key", "=", sql<string>`ANY(${keys}::text[])`)
    .where("kind", "=", "train")
    .orderBy("key")
    .forShare()
    .execute();
  return new Map(rows.map(({ key, ...row }) => [key, row]));
}

interface JobInsert extends RunDescription {
  readonly key: JobKey;
  readonly kind: string;
  readonly code: string;
  readonly state: JobState;
  readonly priority: number;
  readonly run: JobKey | null;
  readonly ledger_number: number;
  readonly position: number;
  readonly config: number | null;
  readonly distribution: number | null;
  readonly created_at: string;
  readonly spec: GivenJob["spec"];
}

function rowOf(
  job: GivenJob,
  about: {
    readonly accepted: AcceptedSweep;
    readonly known: KnownRuns;
    readonly configs: Configs;
    readonly isPaused: boolean;
  },
): JobInsert {
  const { key, spec, run, position } = job;
  const { accepted, known, configs, isPaused } = about;
  const trained = run === null ? null : (known.get(run) ?? throwUnknownRun(job));
  const { world, organism, network, optimizer, seed, name } = spec.kind === "train" ? describeRun(spec) : trained!;
  const { config, distribution } = configs.get(key) ?? trained!;
  const isReady = trained === null || trained.state === "done";
  return {
    ...{ key, kind: spec.kind, code: spec.code, run, position, spec },
    ...{ world, organism, network, optimizer, config, distribution, seed, name },
    state: isPaused ? "held" : isReady ? "queued" : "blocked",
    priority: accepted.priority,
    ledger_number: accepted.number,
    created_at: accepted.at.toISOString(),
  };
}

async function insertJobs(trx: LabTransaction, rows: readonly JobInsert[]) {
  const json = JSON.stringify(rows);
  const inserted = await sql<{ key: string; code: string; ticket: string | null; position: number }>`
    WITH given AS (
      SELECT * FROM json_to_recordset(${json}::json) AS x (
        key text, kind text, code text, state text, priority integer, run text, world text, organism text, network text, optimizer text,
        config bigint, distribution bigint, seed bigint, name text, ledger_number bigint, position integer, created_at timestamptz
      )
    )
    INSERT INTO mesascope.jobs (
      key, kind, code, state, priority, run, world, organism, network, optimizer, config, distribution, seed, name,
      ledger_number, position, created_at, ticket
    )
    SELECT *, CASE WHEN state = 'queued' THEN gen_random_uuid() END FROM given
    ON CONFLICT (key) DO NOTHING
    RETURNING key, code, ticket, position
  `.execute(trx);
  await sql`
    INSERT INTO mesascope.specs (key, spec)
    SELECT x.key, x.spec FROM json_to_recordset(${json}::json) AS x (key text, spec jsonb)
    ON CONFLICT (key) DO NOTHING
  `.execute(trx);
  return inserted.rows.sort((a, b) => a.position - b.position);
}

function* inBatches(jobs: readonly GivenJob[]): Iterable<readonly GivenJob[]> {
  for (let from = 0; from < jobs.length; from += batch) yield jobs.slice(from, from + batch);
}

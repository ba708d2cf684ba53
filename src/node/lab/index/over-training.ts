// The audits of one run over its training, as far as they are.

import { sql } from "kysely";
import type { JobRow } from "../../../lab/api.ts";
import type { AuditJob, JobKey, JobState } from "../../../lab/job.ts";
import { auditedPoint, type OverTraining } from "../../../lab/over-training.ts";
import type { Outcome } from "../../../lab/record.ts";
import type { LabDatabase } from "../database/lab-database.ts";

/** What a lab knows of a run over its training. */
export interface RunOverTraining {
  /** How many snapshots were kept; null while the run is not done. */
  readonly snapshots: number | null;
  /** Of the snapshots that audits over its training are of; none while the run is not done. */
  readonly places: readonly number[];
  readonly audited: readonly OverTraining[];
}

interface Audit {
  readonly key: JobKey;
  readonly state: JobState;
  readonly spec: AuditJob;
  readonly outcome: Outcome | null;
}

/**
 * By levels, seed and code, in the order in which they were accepted, those of which snapshots are audited; snapshots in their order, then the end,
 * which is an audit like any other and may be there already or not at all.
 */
export async function auditsOverTraining(database: LabDatabase, run: JobRow): Promise<OverTraining[]> {
  const { rows } = await database.query((db) =>
    sql<Audit>`
      SELECT jobs.key, jobs.state, specs.spec, jobs.outcome FROM jobs JOIN specs ON specs.key = jobs.key
      WHERE jobs.run = ${run.key} AND jobs.kind = 'audit' ORDER BY jobs.ledger_number, jobs.position, jobs.key
    `.execute(db),
  );
  const end = run.outcome?.kind === "train" ? run.outcome.environmentSteps : null;
  const budgets = Map.groupBy(rows, ({ spec: { levels, seed, code } }) => JSON.stringify([levels, seed, code]));
  return [...budgets.values()].flatMap((audits) => {
    if (audits.every(({ spec }) => spec.snapshot === undefined)) return [];
    const { levels, seed, code } = audits[0]!.spec;
    const placeOf = ({ spec }: Audit) => spec.snapshot ?? Number.POSITIVE_INFINITY;
    const inOrder = audits.toSorted((a, b) => placeOf(a) - placeOf(b));
    return [{ levels, seed, code, audits: inOrder.map((audit) => told(audit, end)) }];
  });
}

function told({ key, state, spec, outcome }: Audit, end: number | null): OverTraining["audits"][number] {
  const point = outcome === null ? null : auditedPoint(outcome, end);
  return { job: key, state, snapshot: spec.snapshot ?? null, point };
}

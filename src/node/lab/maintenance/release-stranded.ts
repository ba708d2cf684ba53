// Jobs that wait for a worker of the engine by which they were begun, when none takes them: they begin anew, by whichever engine there is.

import { type RawBuilder, sql } from "kysely";
import type { JobKey } from "../../../lab/job.ts";
import type { LabTransaction } from "../database/lab-database.ts";
import { queueSchemaName } from "../database/schema.ts";
import { issueTickets, waiting } from "../index/apply-decision.ts";
import { emit, queueChannel } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import { engineMark } from "../queue/queue-name.ts";
import type { TicketRef } from "../queue/ticket-queue.ts";
import { removeCheckpoints } from "../worker/store-checkpoints.ts";

/** Seconds that they wait. A fleet's workers may be replaced meanwhile; in a folder's lab nobody comes but by starting it anew. */
export const engineWaitSeconds = { postgres: 3600, pglite: 600 } as const;

export async function releaseStranded(parts: LabParts): Promise<void> {
  for (const stranded of await strandedTickets(parts)) await release(parts, stranded);
}

interface StrandedTicket extends TicketRef {
  readonly key: JobKey;
  /** The name of the queue that it is in. */
  readonly queue: string;
  /** The one that nobody brought. */
  readonly engine: string;
}

/** Those that no worker of their engine took for so long since they were sent, or since the lease of one ran out. */
async function strandedTickets({ database }: LabParts): Promise<readonly StrandedTicket[]> {
  const queues = sql.table(`${queueSchemaName}.queue`);
  const { rows } = await database.query((db) =>
    sql<StrandedTicket>`
      SELECT job.id AS ticket, jobs.code, jobs.key, queue.name AS queue, job.data ->> 'engine' AS engine
      FROM ${queues} AS queue JOIN ${tickets} AS job ON job.name = queue.name JOIN mesascope.jobs ON jobs.ticket = job.id
      WHERE strpos(queue.name, ${engineMark}) > 0 AND ${isStranded(database.kind)}
    `.execute(db),
  );
  return rows;
}

const tickets = sql.table(`${queueSchemaName}.job`);

function isStranded(kind: keyof typeof engineWaitSeconds): RawBuilder<boolean> {
  return sql`job.state < 'active' AND job.start_after < now() - ${engineWaitSeconds[kind]} * interval '1 second'`;
}

async function release(parts: LabParts, stranded: StrandedTicket): Promise<void> {
  const { key, ticket, code, engine } = stranded;
  await parts.database.transaction(async (trx) => {
    if (!(await lockStranded(trx, { stranded, kind: parts.database.kind }))) return;
    const job = await trx
      .updateTable("jobs")
      .set(waiting)
      .where("key", "=", key)
      .where("ticket", "=", ticket)
      .where("state", "in", ["queued", "running"])
      .returning("attempt")
      .executeTakeFirst();
    if (job === undefined) return;
    // While nobody can take it, but others can, whose events wait for nothing here; and where the commit fails, whoever takes it begins anew all the same.
    await removeCheckpoints(parts.store, key);
    await parts.tickets.remove(trx, [{ ticket, code }]);
    await parts.tickets.send(trx, await issueTickets(trx, [key]));
    const reason = `no worker of ${engine} was there to go on with it: it begins anew`;
    const data = { attempt: job.attempt, reason };
    await emit(trx, [{ at: parts.clock(), kind: "returned", job: key, sweep: null, data }], [queueChannel]);
  });
}

/** False where somebody has taken it since it was found, or has it just then: that attempt needs its checkpoints. */
async function lockStranded(
  trx: LabTransaction,
  { stranded, kind }: { readonly stranded: StrandedTicket; readonly kind: keyof typeof engineWaitSeconds },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM ${tickets} AS job WHERE job.name = ${stranded.queue} AND job.id = ${stranded.ticket} AND ${isStranded(kind)}
    FOR UPDATE SKIP LOCKED
  `.execute(trx);
  return rows.length > 0;
}

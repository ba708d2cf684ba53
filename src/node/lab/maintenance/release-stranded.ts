// Jobs that wait for a worker of the engine by which they were begun, when none takes them: they begin anew, by whichever engine there is.

import { sql } from "kysely";
import type { JobKey } from "../../../lab/job.ts";
import { queueSchemaName } from "../database/schema.ts";
import { issueTickets } from "../index/apply-decision.ts";
import { emit, queueChannel } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import { engineMark } from "../queue/queue-name.ts";
import type { TicketRef } from "../queue/ticket-queue.ts";
import { removeCheckpoints } from "../worker/store-checkpoints.ts";

/** Seconds that they wait. A fleet's workers may be replaced meanwhile; in a folder's lab nobody comes but by starting it anew. */
export const engineWaitSeconds = { postgres: 3600, pglite: 600 } as const;

export async function releaseStranded(parts: LabParts): Promise<void> {
  const waitSeconds = engineWaitSeconds[parts.database.kind];
  for (const stranded of await strandedTickets(parts, waitSeconds)) {
    // First: where the rest fails, whoever takes it begins anew.
    await removeCheckpoints(parts.store, stranded.key);
    await release(parts, stranded);
  }
}

interface StrandedTicket extends TicketRef {
  readonly key: JobKey;
  /** The one that nobody brought. */
  readonly engine: string;
}

/** Those that no worker of their engine took for so long since they were sent, or since the lease of one ran out. */
async function strandedTickets({ database }: LabParts, seconds: number): Promise<readonly StrandedTicket[]> {
  const [jobs, queues] = [sql.table(`${queueSchemaName}.job`), sql.table(`${queueSchemaName}.queue`)];
  const { rows } = await database.query((db) =>
    sql<StrandedTicket>`
      SELECT job.id AS ticket, jobs.code, jobs.key, job.data ->> 'engine' AS engine
      FROM ${queues} AS queue JOIN ${jobs} AS job ON job.name = queue.name JOIN mesascope.jobs ON jobs.ticket = job.id
      WHERE strpos(queue.name, ${engineMark}) > 0 AND job.state < 'active' AND job.start_after < now() - ${seconds} * interval '1 second'
    `.execute(db),
  );
  return rows;
}

async function release(parts: LabParts, { key, ticket, code, engine }: StrandedTicket): Promise<void> {
  await parts.database.transaction(async (trx) => {
    const job = await trx
      .updateTable("jobs")
      .set({ state: "queued", worker: null, progress: null, started_at: null })
      .where("key", "=", key)
      .where("ticket", "=", ticket)
      .returning("attempt")
      .executeTakeFirst();
    if (job === undefined) return;
    await parts.tickets.remove(trx, [{ ticket, code }]);
    await parts.tickets.send(trx, await issueTickets(trx, [key]));
    const reason = `no worker of ${engine} was there to go on with it: it begins anew`;
    const data = { attempt: job.attempt, reason };
    await emit(trx, [{ at: parts.clock(), kind: "returned", job: key, sweep: null, data }], [queueChannel]);
  });
}

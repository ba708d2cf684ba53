// Jobs that wait for a worker of the engine by which they were begun, when none takes them: they begin anew, by whichever engine there is.

import { issueTickets } from "../index/apply-decision.ts";
import { emit, queueChannel } from "../index/events.ts";
import type { LabParts } from "../lab-parts.ts";
import type { StrandedTicket } from "../queue/ticket-queue.ts";
import { removeCheckpoints } from "../worker/store-checkpoints.ts";

/** Seconds that they wait. A fleet's workers may be replaced meanwhile; in a folder's lab nobody comes but by starting it anew. */
export const engineWaitSeconds = { postgres: 3600, pglite: 600 } as const;

export async function releaseStranded(parts: LabParts): Promise<void> {
  const waitSeconds = engineWaitSeconds[parts.database.kind];
  for (const stranded of await parts.tickets.stranded(waitSeconds)) {
    // First: where the rest fails, whoever takes it begins anew.
    await removeCheckpoints(parts.store, stranded.key);
    await release(parts, stranded);
  }
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

// What happened to jobs against what was decided of them.

import type { LabEvent } from "../../src/lab/api.ts";
import { isAbout, type SweepOfJob } from "./kills.ts";

type JobStanding = "cancelled" | "held" | "free" | "done";

export interface DecisionCheck {
  readonly sweeps: SweepOfJob;
  /** When the record of each job that has one was written, in milliseconds of this machine's clock. */
  readonly records: ReadonlyMap<string, number>;
  /** When each event was told by its number, by the same clock. */
  readonly toldAt: ReadonlyMap<number, number>;
}

/**
 * A job that is cancelled or paused is neither begun nor done before somebody decides otherwise, a sentence for each that was. One whose record
 * was written before the decision was told is done all the same: its worker was killed before it could say so, and whoever finds the record says
 * it later.
 */
export function againstDecisions(events: readonly LabEvent[], { sweeps, records, toldAt }: DecisionCheck): readonly string[] {
  const wrong: string[] = [];
  for (const [job] of sweeps) {
    let state: JobStanding = "free";
    let decidedAt = 0;
    for (const event of events) {
      if (!isAbout(event, { job, sweeps })) continue;
      const { kind, data, number } = event;
      if (kind === "decided" && state !== "done") {
        const before: JobStanding = state;
        if (data.action === "cancel") state = "cancelled";
        if (data.action === "pause" && state === "free") state = "held";
        if (data.action === "resume" && state === "held") state = "free";
        if (data.action === "retry" && state === "cancelled") state = "free";
        if (state !== before) decidedAt = toldAt.get(number) ?? 0;
      } else if (kind === "started" || kind === "done") {
        const wasDoneBefore = kind === "done" && (records.get(job) ?? Number.POSITIVE_INFINITY) < decidedAt;
        if ((state === "cancelled" || state === "held") && !wasDoneBefore)
          wrong.push(`${job} was ${kind} while ${state} (event ${number})`);
        if (kind === "done") state = "done";
      }
    }
  }
  return wrong;
}

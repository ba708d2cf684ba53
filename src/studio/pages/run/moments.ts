// The moments of a training that were audited, as the page of a run draws them.

import { type AuditedPoint, momentsOf, type OverTraining } from "../../../lab/over-training.ts";

export interface Moment extends AuditedPoint {
  /** Key of the audit. */
  readonly job: string;
}

/** An objective that never had this share is not drawn. */
export const leastShare = 0.05;

/** Those that are known by now, ascending in steps. */
export function momentsKnown({ audits }: OverTraining): readonly Moment[] {
  return momentsOf(audits.flatMap(({ job, point }) => (point === null ? [] : [{ ...point, job }])));
}

/** The objectives that had a share worth a line at some moment; in the order of the world's, whatever they had. */
export function objectivesDrawn(moments: readonly Moment[]): readonly string[] {
  const names = [...new Set(moments.flatMap(({ posterior }) => Object.keys(posterior)))].sort();
  return names.filter((name) => moments.some(({ posterior }) => (posterior[name] ?? 0) >= leastShare));
}

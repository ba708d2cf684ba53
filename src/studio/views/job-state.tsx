// The state of a job as a shape and a word; of one that runs also how far it is.

import type { ReactNode } from "react";
import type { JobRow } from "../../lab/api.ts";
import type { JobState } from "../../lab/job.ts";
import { duration } from "./words.ts";
import "./job-state.css";

/** Within a box of 12 by 12. */
const shapes: Readonly<Record<JobState, ReactNode>> = {
  blocked: <circle cx="6" cy="6" r="4" strokeDasharray="2 2.2" />,
  queued: <circle cx="6" cy="6" r="4" />,
  held: <path d="M4 2.5v7M8 2.5v7" />,
  running: (
    <>
      <circle cx="6" cy="6" r="4" />
      <path d="M6 2a4 4 0 0 1 0 8z" className="solid" />
    </>
  ),
  done: <circle cx="6" cy="6" r="4" className="solid" />,
  failed: <path d="M2.8 2.8l6.4 6.4M9.2 2.8L2.8 9.2" />,
  cancelled: (
    <>
      <circle cx="6" cy="6" r="4" />
      <path d="M3.4 8.6l5.2-5.2" />
    </>
  ),
};

export function JobStateMark({ row }: { readonly row: Pick<JobRow, "state" | "progress" | "error"> }): ReactNode {
  const { state, progress, error } = row;
  return (
    <span className={`job-state job-state-${state}`} title={error?.message}>
      <svg aria-hidden="true" viewBox="0 0 12 12">
        {shapes[state]}
      </svg>
      {state}
      {state === "running" && progress !== null && <span className="job-share">{Math.round(progress.share * 100)}%</span>}
    </span>
  );
}

/** `1 min 5 s left`, where something is known of it. */
export function timeLeft({ state, progress }: Pick<JobRow, "state" | "progress">): string | null {
  return state !== "running" || progress?.secondsLeft == null ? null : `${duration(progress.secondsLeft)} left`;
}

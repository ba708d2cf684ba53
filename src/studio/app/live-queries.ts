// What was asked of the lab, kept true by what happens in it: progress is written into the answers at hand without asking again; of anything else
// what is on the screen is asked anew, at most about once a second however much happens.

import type { QueryClient } from "@tanstack/react-query";
import { type JobProgress, type JobRow, jobProgressSchema, type LabEvent } from "../../lab/api.ts";
import type { LabFeed } from "../api/lab-feed.ts";

/** Of every query, by its first word. */
export const queryKeys = {
  jobs: (asked: object) => ["jobs", asked] as const,
  groups: (asked: object) => ["groups", asked] as const,
  job: (key: string) => ["job", key] as const,
  curve: (key: string) => ["curve", key] as const,
};

const pause = 1000;

interface JobPage {
  readonly rows: readonly JobRow[];
  readonly total: number;
}

/** Follows the feed until it is told to end. */
export function keepTrue(queries: QueryClient, feed: LabFeed): () => void {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const refresh = () => {
    timer = null;
    const keys = [...stale];
    stale.clear();
    void queries.invalidateQueries({ predicate: ({ queryKey }) => keys.includes(nameOf(queryKey)) });
  };
  const later = (...names: readonly string[]) => {
    for (const name of names) stale.add(name);
    timer ??= setTimeout(refresh, pause);
  };
  const unlisten = feed.listen((event) => {
    if (event.kind === "progress" && event.job !== null) {
      patchProgress(queries, event);
      later(`curve ${event.job}`);
    } else {
      later("jobs", "groups", ...(event.job === null ? [] : [`job ${event.job}`, `curve ${event.job}`]));
      // A decision about a sweep is about jobs that it does not name.
      if (event.job === null) later("job");
    }
  });
  return () => {
    unlisten();
    if (timer !== null) clearTimeout(timer);
  };
}

/** `job KEY` and `curve KEY`; `jobs` and `groups` whatever was asked of them. */
function nameOf([kind, about]: readonly unknown[]): string {
  return typeof about === "string" ? `${kind} ${about}` : String(kind);
}

function patchProgress(queries: QueryClient, { job, data }: LabEvent): void {
  const { attempt: _, ...told } = data;
  const progress = jobProgressSchema.safeParse(told);
  if (!progress.success) return;
  queries.setQueriesData<JobPage>(
    { queryKey: ["jobs"] },
    (page) => page && { ...page, rows: patched(page.rows, job, progress.data) },
  );
  queries.setQueriesData<{ readonly row: JobRow }>(
    { queryKey: ["job", job] },
    (found) => found && { ...found, row: { ...found.row, progress: progress.data } },
  );
}

function patched(rows: readonly JobRow[], key: string | null, progress: JobProgress): readonly JobRow[] {
  return rows.some((row) => row.key === key) ? rows.map((row) => (row.key === key ? { ...row, progress } : row)) : rows;
}

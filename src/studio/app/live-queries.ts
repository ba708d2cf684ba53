// What was asked of the lab, kept true by what happens in it: progress is written into the answers at hand without asking again; of anything else
// what is on the screen is asked anew, a second after the answers before are in, however much happens and however slow the lab is.

import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import { type JobProgress, type JobRow, jobProgressSchema, type LabEvent } from "../../lab/api.ts";
import type { LabFeed } from "../api/lab-feed.ts";
import { type Heard, heardBefore, heardOf } from "./heard-of.ts";

/** Of every query that events keep true; by its first word, and where there is one by the job. */
export const queryKeys = {
  jobs: (asked: object) => ["jobs", asked] as const,
  groups: (asked: object) => ["groups", asked] as const,
  comparison: (asked: object) => ["comparison", asked] as const,
  job: (key: string) => ["job", key] as const,
  curve: (key: string) => ["curve", key] as const,
  overTraining: (key: string) => ["over-training", key] as const,
  /** `Heard`, which events and answers about jobs tell, and nobody asks for. */
  heardOf: (key: string) => ["heard-of", key] as const,
};

/** Milliseconds from something that happened, and from the answers before, to the next questions. */
const pause = 1000;
/** Milliseconds after which who does not answer holds up no other question. */
const patience = 10_000;

interface JobPage {
  readonly rows: readonly JobRow[];
  readonly total: number;
}

export type Curve = readonly Readonly<Record<string, number | null>>[];

export interface KeepTrueOptions {
  readonly feed: Pick<LabFeed, "listen" | "watch" | "state">;
  /** The points of a job's curve after so many environment steps. */
  readonly readCurve: (key: string, after: number) => Promise<Curve>;
}

/** Follows the feed until it is told to end. */
export function keepTrue(queries: QueryClient, { feed, readCurve }: KeepTrueOptions): () => void {
  const refresher = new Refresher(queries, readCurve);
  // Of a job that is heard of no more this is what there is to tell.
  queries.setQueryDefaults(["heard-of"], { gcTime: Number.POSITIVE_INFINITY });
  const unlisten = feed.listen((event) => {
    if (event.job !== null)
      queries.setQueryData<Heard>(queryKeys.heardOf(event.job), (before) => heardOf(event, { before, now: Date.now() }));
    if (event.kind === "progress" && event.job !== null) {
      patchProgress(queries, event);
      refresher.markGrown(event.job);
      return;
    }
    refresher.mark(["jobs"], ["groups"], ["comparison"], ["over-training"]);
    // A decision about a sweep, or about several jobs, is about jobs that it does not name.
    if (event.job === null) refresher.mark(["job"]);
    else refresher.mark(queryKeys.job(event.job), queryKeys.curve(event.job));
  });
  // Of what was told before the page was opened, or while it was not connected.
  const uncache = queries.getQueryCache().subscribe((change) => {
    // What was written into an answer at hand is no answer.
    if (change.type !== "updated" || change.action.type !== "success" || change.action.manual === true) return;
    for (const { key, silentFor } of rowsIn(change.query))
      if (silentFor !== null)
        queries.setQueryData<Heard>(queryKeys.heardOf(key), (before) => heardBefore(silentFor, { before, now: Date.now() }));
  });
  let kind = feed.state().kind;
  const unwatch = feed.watch(() => {
    const before = kind;
    kind = feed.state().kind;
    if (kind === "live" && before === "lost") refresher.markUnanswered();
  });
  return () => {
    unlisten();
    uncache();
    unwatch();
    refresher.end();
  };
}

/** Asks anew what was marked, round by round. */
class Refresher {
  readonly #queries: QueryClient;
  readonly #readCurve: KeepTrueOptions["readCurve"];
  readonly #marked = new Map<string, QueryKey>();
  /** Jobs whose curves have more points. */
  readonly #grown = new Set<string>();
  #round: ReturnType<typeof setTimeout> | null = null;
  #hasEnded = false;

  constructor(queries: QueryClient, readCurve: KeepTrueOptions["readCurve"]) {
    this.#queries = queries;
    this.#readCurve = readCurve;
  }

  /** Every query whose key begins so. */
  mark(...keys: readonly QueryKey[]): void {
    for (const key of keys) this.#marked.set(JSON.stringify(key), key);
    if (!this.#hasEnded) this.#round ??= setTimeout(() => void this.#ask(), pause);
  }

  markGrown(job: string): void {
    this.#grown.add(job);
    this.mark();
  }

  /** What was asked while nothing answered: it failed, or is still waited for. */
  markUnanswered(): void {
    const isUnanswered = ({ state }: Query) => state.status === "error" || state.isInvalidated || state.fetchStatus !== "idle";
    this.mark(
      ...this.#queries
        .getQueryCache()
        .findAll({ predicate: isUnanswered })
        .map(({ queryKey }) => queryKey),
    );
  }

  end(): void {
    this.#hasEnded = true;
    if (this.#round !== null) clearTimeout(this.#round);
  }

  async #ask(): Promise<void> {
    const keys = [...this.#marked.values()];
    const grown = [...this.#grown].filter((job) => !keys.some((key) => beginsWith(queryKeys.curve(job), key)));
    this.#marked.clear();
    this.#grown.clear();
    const found = this.#queries
      .getQueryCache()
      .findAll({ predicate: ({ queryKey }) => keys.some((key) => beginsWith(queryKey, key)) });
    // What is under way was asked before this happened: its answer is let in, and it is asked again after that.
    const busy = new Set(found.filter(({ state }) => state.fetchStatus === "fetching"));
    const idle = new Set(found.filter((query) => !busy.has(query)));
    const answered = this.#queries.invalidateQueries({ predicate: (query) => idle.has(query) }, { cancelRefetch: false });
    const appended = Promise.all(grown.map((job) => this.#append(job)));
    await Promise.race([Promise.all([answered, appended]), new Promise((resolve) => setTimeout(resolve, patience))]);
    this.#round = null;
    for (const { queryKey } of busy) this.#marked.set(JSON.stringify(queryKey), queryKey);
    if (this.#marked.size > 0 || this.#grown.size > 0) this.mark();
  }

  /** Asks only for what is new; the whole curve where something is unclear, as one that is not shown. */
  async #append(job: string): Promise<void> {
    const key = queryKeys.curve(job);
    const query = this.#queries.getQueryCache().find<Curve>({ queryKey: key });
    if (query === undefined) return;
    const before = query.state.data;
    const after = before?.at(-1)?.environmentSteps ?? null;
    if (before === undefined || after === null || !query.isActive() || query.state.fetchStatus !== "idle") {
      await this.#queries.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
      return;
    }
    try {
      const more = await this.#readCurve(job, after);
      this.#queries.setQueryData<Curve>(key, (now) => (now === before ? [...before, ...more] : now));
    } catch {
      this.mark(key);
    }
  }
}

function beginsWith(key: QueryKey, start: QueryKey): boolean {
  return start.every((part, i) => key[i] === part || JSON.stringify(key[i]) === JSON.stringify(part));
}

/** Rows of jobs in an answer about a list of them or about one. */
function rowsIn({ queryKey: [what], state: { data } }: Query): readonly JobRow[] {
  if (what === "jobs") return (data as Partial<JobPage>).rows ?? [];
  if (what !== "job") return [];
  const { row } = data as { readonly row?: JobRow };
  return row === undefined ? [] : [row];
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

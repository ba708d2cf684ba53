// What must hold of a lab after all: nothing that was confirmed is lost, nothing happened twice, nothing is stuck, and the files alone give the
// same answers.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "../../src/core/base/canonical-json.ts";
import type { JobRow, LabEvent } from "../../src/lab/api.ts";
import { recordsPrefix } from "../../src/lab/layout.ts";
import type { Lab } from "../../src/node/lab/lab.ts";
import { verifyLab } from "../../src/node/lab/maintenance/verify.ts";
import { againstDecisions } from "./decisions.ts";
import { type Finding, none } from "./findings.ts";
import type { SweepOfJob } from "./kills.ts";
import type { Confirmed, Recorder } from "./recorder.ts";

const page = 1000;

export interface Checked {
  readonly findings: readonly Finding[];
  readonly events: readonly LabEvent[];
  readonly jobs: readonly JobRow[];
}

/** When a document was written, in milliseconds of this machine's clock. */
export type WrittenAt = (path: string) => Promise<number> | number;

/** Of a lab in a folder. */
export const writtenInFolder =
  (folder: string): WrittenAt =>
  async (path) =>
    (await stat(join(folder, path))).mtimeMs;

/** Checks a lab in which nobody works. It is rebuilt on the way. */
export async function checkLab(
  lab: Lab,
  { recorder: { confirmed, contradictions }, writtenAt }: { readonly recorder: Recorder; readonly writtenAt: WrittenAt },
): Promise<Checked> {
  const jobs = await allJobs(lab);
  const events = await allEvents(lab);
  const sweeps = sweepsOfJobs(confirmed);
  const before = await answers(lab);
  const records = await recordsOf(lab, writtenAt);
  const { problems } = await verifyLab(lab.store, {
    doneJobs: jobs.filter(({ state }) => state === "done").map(({ key }) => key),
    entries: await lab.entries(),
  });
  const { warnings } = await lab.rebuild();
  const after = await answers(lab);
  return {
    jobs,
    events,
    findings: [
      { name: "confirmed things", value: sizeOf(confirmed), goal: null, note: describe(confirmed) },
      none("confirmed things lost", await lostOf(lab, { confirmed, jobs, events })),
      none("double effects", [
        ...contradictions,
        ...doubleStarts(events),
        ...againstDecisions(events, { sweeps, records, toldAt: confirmed.toldAt }),
        ...wrongRecords(jobs, records),
      ]),
      none("jobs stuck", stuckOf(jobs, confirmed)),
      none(
        "jobs failed",
        jobs.flatMap(({ key, state, error }) => (state === "failed" ? [`${key.slice(0, 8)}: ${error?.message}`] : [])),
      ),
      none(
        "problems that verify finds",
        problems.map(({ file, what }) => `${file}: ${what}`),
      ),
      none("answers that rebuild changes", [...differences(before, after), ...warnings]),
    ],
  };
}

function sizeOf({ sweeps, decisions, done }: Confirmed): number {
  return sweeps.size + decisions + done.size;
}

function describe({ sweeps, decisions, done, events, cancelled }: Confirmed): string {
  return `${sweeps.size} sweeps, ${decisions} decisions (${cancelled.size} jobs cancelled), ${done.size} jobs done; ${events.size} events told`;
}

export function sweepsOfJobs({ sweeps }: Confirmed): SweepOfJob {
  return new Map([...sweeps].flatMap(([sweep, { jobs }]) => jobs.map((job) => [job, sweep] as const)));
}

async function lostOf(
  lab: Lab,
  {
    confirmed,
    jobs,
    events,
  }: { readonly confirmed: Confirmed; readonly jobs: readonly JobRow[]; readonly events: readonly LabEvent[] },
): Promise<readonly string[]> {
  const rows = new Map(jobs.map((row) => [row.key, row]));
  const sweeps = new Map((await lab.sweeps()).map((row) => [row.name, row]));
  const lost: string[] = [];
  for (const [name, { jobs: keys, priority }] of confirmed.sweeps) {
    if (sweeps.get(name)?.priority !== priority)
      lost.push(`sweep ${name} was given priority ${priority}, and has ${sweeps.get(name)?.priority}`);
    for (const key of keys) if (!rows.get(key)?.sweeps.includes(name)) lost.push(`job ${key} was accepted in ${name}`);
  }
  for (const [key, outcome] of confirmed.done) {
    const row = rows.get(key);
    if (row?.state !== "done" || canonicalJson(row.outcome) !== outcome)
      lost.push(`job ${key} was seen as done, and is ${row?.state}`);
  }
  for (const key of confirmed.cancelled) {
    const state = rows.get(key)?.state;
    if (state !== "cancelled" && state !== "done") lost.push(`job ${key} was cancelled, and is ${state}`);
  }
  return [...lost, ...lostEvents(events, confirmed)];
}

/** All events are told, each as it is kept; of those that are gone there may only be progress, which goes after an hour. */
function lostEvents(events: readonly LabEvent[], confirmed: Confirmed): readonly string[] {
  const now = new Map(events.map((event) => [event.number, canonicalJson(event)]));
  const last = Math.max(0, ...confirmed.events.keys());
  return Array.from({ length: last }, (_, i) => i + 1).flatMap((number) => {
    const [kept, told] = [now.get(number), confirmed.events.get(number)];
    if (told === undefined) return [`event ${number} was never told (${kept})`];
    if (kept === undefined && told.kind === "progress") return [];
    return kept === canonicalJson(told) ? [] : [`event ${number} was told as ${canonicalJson(told)}, and is ${kept}`];
  });
}

/** Attempts of a job begin one after the other, each once, and a job is done once. */
function doubleStarts(events: readonly LabEvent[]): readonly string[] {
  const attempts = new Map<string, number>();
  const done = new Set<string>();
  const wrong: string[] = [];
  for (const { kind, job, data, number } of events) {
    if (job === null) continue;
    if (kind === "started") {
      if (data.attempt !== (attempts.get(job) ?? 0) + 1)
        wrong.push(`attempt ${data.attempt} of ${job} began after ${attempts.get(job) ?? 0} (event ${number})`);
      attempts.set(job, Number(data.attempt));
    }
    if (kind !== "done" && kind !== "started") continue;
    if (done.has(job)) wrong.push(`${job} was ${kind} after it was done (event ${number})`);
    if (kind === "done") done.add(job);
  }
  return wrong;
}

/** A record for each job that is done, and no other. */
function wrongRecords(jobs: readonly JobRow[], records: ReadonlyMap<string, number>): readonly string[] {
  return jobs.flatMap(({ key, state }) =>
    (state === "done") === records.has(key)
      ? []
      : [`${key} is ${state}, its record is ${records.has(key) ? "there" : "missing"}`],
  );
}

function stuckOf(jobs: readonly JobRow[], { cancelled }: Confirmed): readonly string[] {
  const ends = new Set(["done", "failed"]);
  return jobs.flatMap(({ key, state, kind, attempt }) =>
    ends.has(state) || cancelled.has(key) ? [] : [`${kind} ${key.slice(0, 8)} is ${state} after ${attempt} attempts`],
  );
}

/** What the lab answers, but for what only the old index knows of jobs that did not end. */
async function answers(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const jobs = await allJobs(lab);
  const told = jobs.map((row): [string, string] => {
    if (row.state === "done") return [row.key, JSON.stringify({ ...row, createdAt: null })];
    const { key, state, priority, sweeps, run, name } = row;
    return [key, JSON.stringify({ key, state, priority, sweeps, run, name })];
  });
  const groups = await lab.groups({ by: ["sweep", "kind", "state"] });
  return new Map([
    ...told,
    ...(await lab.sweeps()).map((row): [string, string] => [row.name, JSON.stringify({ ...row, secondsLeft: null })]),
    ["groups", JSON.stringify(groups)],
  ]);
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    before.get(key) === after.get(key) ? [] : [`${before.get(key)} became ${after.get(key)}`],
  );
}

async function allJobs(lab: Lab): Promise<readonly JobRow[]> {
  const jobs: JobRow[] = [];
  for (;;) {
    const { rows, total } = await lab.jobs({ offset: jobs.length, limit: page });
    jobs.push(...rows);
    if (jobs.length >= total || rows.length === 0) return jobs;
  }
}

async function allEvents(lab: Lab): Promise<readonly LabEvent[]> {
  const events: LabEvent[] = [];
  for (;;) {
    const some = await lab.events({ after: events.at(-1)?.number ?? 0, limit: page });
    events.push(...some);
    if (some.length < page) return events;
  }
}

/** Keys of the jobs that have a record, each with when it was written. */
async function recordsOf({ store }: Lab, writtenAt: WrittenAt): Promise<ReadonlyMap<string, number>> {
  const written = new Map<string, number>();
  for await (const { path } of store.listDocuments(recordsPrefix)) {
    written.set(path.slice(recordsPrefix.length, -".json".length), await writtenAt(path));
  }
  return written;
}

// What the lab confirmed to a client, noted as it was said: to be held against what is there in the end.

import { setTimeout as sleep } from "node:timers/promises";
import { canonicalJson } from "../../src/core/base/canonical-json.ts";
import type { JobRow, LabEvent } from "../../src/lab/api.ts";
import { type JobKey, jobKey } from "../../src/lab/job.ts";
import type { Decision } from "../../src/lab/ledger.ts";
import type { LabClient } from "../../src/node/server/lab-client.ts";
import type { TortureSweep } from "./jobs.ts";

/** Milliseconds between two tries, and for one. */
const pause = 150;
const patience = 90_000;
const answerWithin = 10_000;

export interface Confirmed {
  readonly sweeps: Map<string, { readonly jobs: readonly JobKey[]; priority: number; isPaused: boolean }>;
  /** Jobs that were cancelled and not retried. */
  readonly cancelled: Set<JobKey>;
  decisions: number;
  /** Jobs that were seen as done, with their outcome. */
  readonly done: Map<JobKey, string>;
  /** Events as the stream told them. */
  readonly events: Map<number, LabEvent>;
  /** When the stream told each event by its number, in milliseconds of this machine's clock. */
  readonly toldAt: Map<number, number>;
}

export class Recorder {
  readonly confirmed: Confirmed = {
    ...{ sweeps: new Map(), cancelled: new Set<JobKey>(), decisions: 0 },
    ...{ done: new Map(), events: new Map(), toldAt: new Map() },
  };
  /** What cannot be, a sentence each. */
  readonly contradictions: string[] = [];
  readonly #connect: () => Promise<LabClient>;
  readonly #over = new AbortController();
  readonly #following: Promise<unknown>;

  /** `connect` throws while nobody can be reached. */
  constructor(connect: () => Promise<LabClient>) {
    this.#connect = connect;
    this.#following = Promise.all([this.#followEvents(), this.#look()]);
  }

  async accept({ sweep, priority, jobs }: TortureSweep): Promise<void> {
    await this.ask((client, options) => client.sweeps.acceptJobs({ sweep, priority, jobs: [...jobs] }, options));
    const known = this.confirmed.sweeps.get(sweep);
    if (known === undefined)
      this.confirmed.sweeps.set(sweep, { jobs: jobs.map((spec) => jobKey(spec)), priority, isPaused: false });
  }

  async decide(decision: Decision): Promise<void> {
    await this.ask((client, options) => client.decide(decision, options));
    const { sweeps, cancelled } = this.confirmed;
    this.confirmed.decisions++;
    const { target } = decision;
    const sweep = target.kind === "sweep" ? sweeps.get(target.sweep) : undefined;
    for (const key of target.kind === "jobs" ? target.jobs : (sweep?.jobs ?? [])) {
      if (decision.action === "cancel") cancelled.add(key);
      if (decision.action === "retry") cancelled.delete(key);
    }
    if (sweep && decision.action === "prioritize") sweep.priority = decision.priority;
    if (sweep && (decision.action === "pause" || decision.action === "resume")) sweep.isPaused = decision.action === "pause";
  }

  /** Asks until it is answered, as a user would: what was cut off may have happened or not. */
  async ask<Result>(call: (client: LabClient, options: { readonly signal: AbortSignal }) => Promise<Result>): Promise<Result> {
    const end = performance.now() + patience;
    for (;;) {
      try {
        return await call(await this.#connect(), { signal: AbortSignal.timeout(answerWithin) });
      } catch (error) {
        if (performance.now() > end || this.#over.signal.aborted) throw error;
      }
      await sleep(pause);
    }
  }

  /** When all events so far were told, or after some seconds. */
  async end(): Promise<void> {
    const { lastEvent } = await this.ask((client) => client.status());
    const told = () => Math.max(0, ...this.confirmed.events.keys());
    for (let tries = 0; tries < 100 && told() < lastEvent; tries++) await sleep(pause);
    if (told() < lastEvent) this.contradictions.push(`events after ${told()} were not told, though there are ${lastEvent}`);
    this.#over.abort();
    await this.#following;
  }

  abandon(): void {
    this.#over.abort();
  }

  async #followEvents(): Promise<void> {
    const { signal } = this.#over;
    let after = 0;
    while (!signal.aborted) {
      try {
        const client = await this.#connect();
        for await (const event of await client.events({ after }, { signal })) {
          if (event.number <= after) this.contradictions.push(`event ${event.number} was told after event ${after}`);
          after = event.number;
          this.confirmed.events.set(event.number, event);
          this.confirmed.toldAt.set(event.number, Date.now());
        }
      } catch {
        // It ended with its server; the next one goes on after the last event.
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        const client = await this.#connect();
        const query = { filter: "state:done", sort: "finished", descending: true, limit: 50 } as const;
        const { rows } = await client.jobs.list(query, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithin)]) });
        for (const row of rows) this.#sawDone(row);
      } catch {
        // Nobody is there just now.
      }
      await sleep(4 * pause, undefined, { signal }).catch(() => undefined);
    }
  }

  #sawDone({ key, outcome }: JobRow): void {
    const seen = this.confirmed.done.get(key);
    const now = canonicalJson(outcome);
    if (seen !== undefined && seen !== now) this.contradictions.push(`job ${key} was done with ${seen}, then with ${now}`);
    this.confirmed.done.set(key, now);
  }
}

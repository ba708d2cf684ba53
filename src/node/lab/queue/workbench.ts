// A worker: takes jobs, as many at once as it has slots, keeps their leases alive while they run elsewhere, and tells how far they are. What becomes
// of each is in attendant.ts. A database or a store that fails is waited for: what was computed is not lost by it.

import { setTimeout as sleep } from "node:timers/promises";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { JobKey } from "../../../lab/job.ts";
import { lostIndex } from "../identify-lab.ts";
import { decisionsChannel, queueChannel } from "../index/events.ts";
import { joinWorkers, leaveWorkers, showLife } from "../index/workers.ts";
import type { LabParts } from "../lab-parts.ts";
import { reconcile } from "../maintenance/reconcile.ts";
import { vacuum } from "../maintenance/vacuum.ts";
import type { ExecuteJob } from "../taken-job.ts";
import { newestCheckpoint } from "../worker/store-checkpoints.ts";
import { type Attempt, forgetLosses, stopReasons, takeJobs, tellProgress } from "./attempts.ts";
import { Attendant, pause, surroundings } from "./attendant.ts";
import { CoreSeats, type Seat } from "./core-seats.ts";
import { countWorkers, paceOf } from "./pace.ts";
import { type Running, runningOf, stopWith } from "./running.ts";
import { Trouble } from "./trouble.ts";

export interface WorkOptions {
  /** Unique among the workers that are alive. */
  readonly worker: string;
  readonly host: string;
  /** How many jobs at once. */
  readonly slots: number;
  /** How many at once the workers of this lab do together on this machine; `lab` is its id. Default: as many as they have slots. */
  readonly seats?: { readonly lab: string; readonly count: number };
  readonly execute: ExecuteJob;
  /** By which `execute` computes: jobs that were begun by another are left to workers of that one. */
  readonly engine?: string;
  /** Stops taking jobs and asks those that run to save and stop. */
  readonly signal: AbortSignal;
  /** Told of things the user should know. */
  readonly onWarning: (text: string) => void;
  /** Told of each job that this worker brought to its end. */
  readonly onEnd?: (job: JobKey, how: "done" | "failed") => void;
}

/** Seconds. */
const showLifeEvery = 5;
/** Its own leases are looked after as often whatever they last: that tells, too, when a job is another's. */
const longestSilence = 10;
const reconcileEvery = 30;
const paceEvery = 30;
const forgetLossesEvery = 10;
const vacuumEvery = 600;
/** Most between two tries: of a call, and of a job whose surroundings failed. */
const longestCallWait = 4;
const longestJobWait = 30;

/** Takes jobs until the signal aborts; resolves when the last has ended. */
export async function work(parts: LabParts, options: WorkOptions): Promise<void> {
  await new Workbench(parts, options).run();
}

class Workbench {
  readonly #parts: LabParts;
  readonly #options: WorkOptions;
  readonly #running = new Map<Running, Promise<void>>();
  /** Ends the upkeep, after the last job. */
  readonly #over = new AbortController();
  #wake: () => void = () => undefined;
  #isWoken = false;
  #isIndex = true;
  /** Of calls to the database; and of jobs that could not be done or settled, for which the store may be the reason. */
  readonly #callTrouble: Trouble;
  readonly #jobTrouble: Trouble;
  readonly #attendant: Attendant;
  readonly #seats: CoreSeats | null;
  #pace = paceOf(1);

  constructor(parts: LabParts, options: WorkOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#callTrouble = new Trouble(options.onWarning, longestCallWait);
    this.#jobTrouble = new Trouble(options.onWarning, longestJobWait);
    this.#attendant = new Attendant({ parts, options, trouble: this.#jobTrouble });
    this.#seats = options.seats ? new CoreSeats(options.seats, () => this.#wakeUp()) : null;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const { database, tickets } = this.#parts;
    const wake = () => this.#wakeUp();
    const checkAll = () => void this.#orTellTrouble(() => this.#check([...this.#running.keys()]));
    signal.addEventListener("abort", wake);
    await this.#insist(() => this.#begin());
    const listening = await this.#insist(() =>
      Promise.all([database.listen(queueChannel, wake), database.listen(decisionsChannel, checkAll)]),
    );
    const upkeep = [
      this.#repeat(
        () => this.#pace.tell,
        () => this.#tell(),
      ),
      this.#repeat(paceEvery, () => this.#setPace()),
      this.#repeat(forgetLossesEvery, () => this.#forgetLosses()),
      this.#repeat(Math.min(tickets.leaseSeconds, longestSilence) / 4, () => this.#keepAlive()),
      this.#repeat(showLifeEvery, () =>
        showLife(this.#parts, { ...this.#options, trouble: this.#callTrouble.text ?? this.#jobTrouble.text }),
      ),
      this.#repeat(reconcileEvery, () => this.#reconcile()),
      // A server does so by itself.
      ...(database.kind === "pglite" ? [this.#repeat(vacuumEvery, () => vacuum(database))] : []),
    ];
    while (!signal.aborted) await this.#takeSome();
    for (const running of this.#running.keys()) stopWith(running, "stopping");
    await Promise.all(this.#running.values());
    this.#over.abort();
    this.#seats?.close();
    await Promise.all(upkeep);
    signal.removeEventListener("abort", wake);
    await this.#orTellTrouble(async () => {
      for (const stop of listening ?? []) await stop();
      await leaveWorkers(this.#parts, this.#options.worker);
    });
  }

  async #begin(): Promise<void> {
    await this.#parts.tickets.prepare([this.#parts.code]);
    await joinWorkers(this.#parts, this.#options);
    await this.#setPace();
    await this.#lookAtIndex();
  }

  /** Fills the free slots, or waits for a reason to try again. */
  async #takeSome(): Promise<void> {
    const { worker, engine, slots, signal } = this.#options;
    // Given back jobs wake the worker: what troubles them is waited for all the same, until it is over.
    const { wait } = this.#jobTrouble;
    for (let waited = 0; waited < wait && this.#jobTrouble.wait > 0 && !signal.aborted; waited++) await pause(1, signal);
    this.#isWoken = false;
    const free = slots - this.#running.size;
    const seats = this.#isIndex && !signal.aborted ? await this.#takeSeats(free) : [];
    if (seats.length > 0) {
      const taken = await this.#orTellTrouble(() => takeJobs(this.#parts, { worker, engine, count: seats.length }));
      const attempts = taken?.attempts ?? [];
      for (const [i, seat] of seats.entries()) {
        if (i < attempts.length) this.#start(attempts[i]!, seat);
        else seat.release();
      }
      if (taken && taken.tickets > 0) return;
    }
    await this.#sleep(Math.max(this.#pace.poll, this.#callTrouble.wait));
  }

  async #takeSeats(count: number): Promise<readonly Seat[]> {
    return this.#seats ? await this.#seats.take(count) : Array.from({ length: count }, () => ({ release: () => undefined }));
  }

  #start(attempt: Attempt, seat: Seat): void {
    const running = runningOf(attempt, seat);
    // While it was taken the worker may have been told to stop.
    if (this.#options.signal.aborted) stopWith(running, "stopping");
    const ended = this.#attendant.attend(running).finally(() => {
      this.#running.delete(running);
      this.#wakeUp();
    });
    this.#running.set(running, ended);
  }

  async #reconcile(): Promise<void> {
    await this.#lookAtIndex();
    if (!this.#isIndex) return;
    for (const warning of await reconcile(this.#parts, { isOpening: false })) this.#options.onWarning(warning);
  }

  /** Another database may have taken the place of this one: then what this one's queue says is no longer to be done. */
  async #lookAtIndex(): Promise<void> {
    const lost = await lostIndex(this.#parts);
    if (lost !== null) this.#jobTrouble.tell(new Error(lost));
    else if (!this.#isIndex) this.#jobTrouble.end();
    this.#isIndex = lost === null;
  }

  /** Whether there was something to ask the database for; as the others that say so. */
  async #tell(): Promise<boolean> {
    const telling = [...this.#running.keys()].filter(({ progress, isSettling }) => progress !== null && !isSettling);
    if (telling.length === 0) return false;
    const told = telling.map((running) => ({
      running,
      progress: running.progress!,
      rows: running.rows,
    }));
    for (const { running } of told) Object.assign(running, { progress: null, rows: [] });
    try {
      const current = await tellProgress(
        this.#parts,
        told.map(({ running: { attempt, toldRows }, progress, rows }) => ({ attempt, progress, rows, firstRow: toldRows })),
      );
      for (const { running, rows } of told) running.toldRows += rows.length;
      await this.#check(telling.filter(({ attempt }) => !current.has(attempt.key)));
      return true;
    } catch (error) {
      for (const { running, progress, rows } of told) {
        running.progress ??= progress;
        running.rows = rows.concat(running.rows);
      }
      throw error;
    }
  }

  async #keepAlive(): Promise<boolean> {
    const running = [...this.#running.keys()];
    if (running.length === 0) return false;
    const alive = await this.#parts.tickets.keepAlive(running.map(({ attempt }) => attempt.ticket));
    await this.#check(running.filter(({ attempt }) => !alive.has(attempt.ticket.ticket)));
    return true;
  }

  async #forgetLosses(): Promise<boolean> {
    let hasAsked = false;
    for (const running of this.#running.keys()) {
      if (running.checkpoint === undefined || running.isSettling) continue;
      if ((await newestCheckpoint(this.#parts.store, running.attempt.key)) === running.checkpoint) continue;
      await forgetLosses(this.#parts, running.attempt);
      running.checkpoint = undefined;
      hasAsked = true;
    }
    return hasAsked;
  }

  /** Stops those that are no longer this worker's to run. */
  async #check(running: readonly Running[]): Promise<void> {
    const asked = running.filter(({ isSettling }) => !isSettling);
    if (asked.length === 0) return;
    const reasons = await stopReasons(
      this.#parts,
      asked.map(({ attempt }) => attempt),
    );
    for (const one of asked) {
      const reason = reasons.get(one.attempt);
      if (reason) stopWith(one, reason);
    }
  }

  /** Undefined where it failed: a worker waits for database and store, and does not end by them. */
  async #orTellTrouble<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await call();
      // What had nothing to ask for tells nothing about the database.
      if (result !== false) this.#callTrouble.end();
      return result;
    } catch (error) {
      this.#callTrouble.tell(error);
      return undefined;
    }
  }

  /** What a worker cannot do without, again until the database answers: it may go just when its lab was opened. Undefined where the worker was stopped meanwhile. */
  async #insist<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        const result = await call();
        this.#callTrouble.end();
        return result;
      } catch (error) {
        if (!(error instanceof MesascopeError) || !surroundings.has(error.code)) throw error;
        this.#callTrouble.tell(error);
      }
      await pause(this.#callTrouble.wait, signal);
    }
    return undefined;
  }

  async #setPace(): Promise<void> {
    this.#pace = paceOf(await countWorkers(this.#parts.database));
    await this.#parts.tickets.lookAtQueues();
  }

  async #repeat(every: number | (() => number), call: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const seconds = typeof every === "number" ? every : every();
      await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.#orTellTrouble(call);
    }
  }

  #wakeUp(): void {
    this.#isWoken = true;
    this.#wake();
  }

  async #sleep(seconds: number): Promise<void> {
    if (this.#isWoken || this.#options.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, seconds * 1000);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}

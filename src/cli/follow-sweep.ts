// Waits for a sweep with its state on a board, asking again and again: whoever works in the lab may come and go.

import { setTimeout as sleep } from "node:timers/promises";
import { MesascopeError } from "../core/base/errors.ts";
import type { SweepRow } from "../lab/api.ts";
import { IdleWatch } from "../node/server/idle-watch.ts";
import type { LabClient } from "../node/server/lab-client.ts";
import { pendingOf } from "./lab-text.ts";
import { mostJobs, type SweepBoard } from "./sweep-board.ts";
import type { SweepVariants } from "./sweep-variants.ts";

export interface FollowOptions {
  readonly client: LabClient;
  readonly sweep: string;
  readonly board: SweepBoard;
  /** Told when nobody has worked in the lab for a while. */
  readonly onIdle: () => void;
  /** Whether this process works in the lab, or is about to. */
  readonly isOwn: boolean;
  readonly variants: SweepVariants;
  /** Ends it, with the signal's reason thrown. */
  readonly signal: AbortSignal;
}

/** Milliseconds from one question to the next, at least, and in parts of what the answer took: a large lab is not kept busy by them. */
const pause = 1000;
const restFactor = 10;

/** Until no job of the sweep runs, or waits for what comes by itself. Throws `lab-unreachable` where who has the lab open goes away. */
export async function followSweep(options: FollowOptions): Promise<SweepRow> {
  const { client, sweep: name, board, onIdle, isOwn, variants, signal } = options;
  const idle = new IdleWatch(onIdle);
  for (;;) {
    signal.throwIfAborted();
    const began = performance.now();
    const sweep = (await client.sweeps.list()).find((row) => row.name === name);
    if (!sweep) throw new MesascopeError("usage", `no sweep ${name} in this lab any more.`);
    const { rows: running, total } = await client.jobs.list({ filter: "state:running", sort: "started", limit: 100 });
    const workers = (await client.workers()).length;
    if (!isOwn) idle.saw(workers);
    const told = await variants.of(running.slice(0, mostJobs), async (key) => (await client.jobs.get({ key })).spec);
    board.show({ ...{ sweep, running, runningInAll: total, workers }, isStarting: isOwn, variants: told });
    if (pendingOf(sweep) === 0 || !(await isWorkable(client, name))) return sweep;
    const took = performance.now() - began;
    await sleep(Math.max(pause, restFactor * took), undefined, { signal }).catch(() => undefined);
  }
}

/** Whether jobs of a sweep wait or run that are of the lab's own code: others are not done here, however long one waits. */
async function isWorkable(client: LabClient, name: string): Promise<boolean> {
  const { waitingForOtherCode, code } = await client.status();
  if (Object.keys(waitingForOtherCode).length === 0) return true;
  const filter = `sweep:${name} code:"${code}" (state:queued OR state:running OR state:blocked)`;
  return (await client.jobs.list({ filter, limit: 1 })).total > 0;
}

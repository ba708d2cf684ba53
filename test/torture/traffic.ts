// What a user asks of the lab meanwhile: sweeps, one after the other and now and then one again, priorities, pauses, cancels, retries.

import { setTimeout as sleep } from "node:timers/promises";
import type { Prng } from "../../src/core/base/prng.ts";
import { leafOf, type SweepSize, sweepOf, type TortureSweep } from "./jobs.ts";
import type { Recorder } from "./recorder.ts";

/** Jobs that wait while more is asked for. */
const enough = 10;
const pause = 300;

export interface TrafficOptions {
  readonly recorder: Recorder;
  readonly size: SweepSize;
  readonly prng: Prng;
  /** No more sweeps; what is paused is resumed. */
  readonly until: AbortSignal;
}

/** Resolves when the last thing asked for is confirmed. */
export async function makeTraffic({ recorder, size, prng, until }: TrafficOptions): Promise<void> {
  const sweeps: TortureSweep[] = [];
  while (!until.aborted) {
    const { queued, blocked } = (await recorder.ask((client, options) => client.status(undefined, options))).counts;
    if ((queued ?? 0) + (blocked ?? 0) < enough) {
      const sweep = sweepOf(sweeps.length, size);
      await recorder.accept(sweep);
      sweeps.push(sweep);
    }
    await meddle({ recorder, sweeps, prng });
    await sleep(pause * (1 + 2 * prng.uniform()), undefined, { signal: until }).catch(() => undefined);
  }
  for (const [sweep, { isPaused }] of recorder.confirmed.sweeps) {
    if (isPaused) await recorder.decide({ action: "resume", target: { kind: "sweep", sweep } });
  }
}

interface Meddling {
  readonly recorder: Recorder;
  readonly sweeps: readonly TortureSweep[];
  readonly prng: Prng;
}

async function meddle({ recorder, sweeps, prng }: Meddling): Promise<void> {
  const some = sweeps[Math.max(0, sweeps.length - 1 - prng.integer(3))]!;
  const whole = { kind: "sweep", sweep: some.sweep } as const;
  const leaf = { kind: "jobs" as const, jobs: [leafOf(some, prng)] };
  switch (prng.integer(8)) {
    case 0:
      return await recorder.accept(some);
    case 1:
      return await recorder.decide({ action: "prioritize", target: whole, priority: 40 + prng.integer(20) });
    case 2:
      return await recorder.decide({ action: "pause", target: whole });
    case 3:
    case 4:
      for (const [sweep, { isPaused }] of recorder.confirmed.sweeps) {
        if (isPaused) await recorder.decide({ action: "resume", target: { kind: "sweep", sweep } });
      }
      return;
    case 5:
      return await recorder.decide({ action: "cancel", target: leaf });
    case 6:
      if (prng.integer(3) > 0) return;
      return await recorder.decide({ action: "cancel", target: whole });
    default:
      return await recorder.decide({ action: "retry", target: whole, reason: "the torture changed its mind" });
  }
}

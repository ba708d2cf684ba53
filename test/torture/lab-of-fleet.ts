// A fleet, its workers, its server and its database killed at random.

import { setTimeout as sleep } from "node:timers/promises";
import { Prng } from "../../src/core/base/prng.ts";
import { checkLab, sweepsOfJobs, type WrittenAt } from "./check-lab.ts";
import type { Child } from "./children.ts";
import { longest } from "./findings.ts";
import { Fleet } from "./fleet.ts";
import { type Kill, restartTimes } from "./kills.ts";
import { awaitMoment, drawMoment, type Moment, momentText, type WatchStore } from "./moments.ts";
import { Recorder } from "./recorder.ts";
import { type Outcome, restartGoal, resumedRuns, settle, type Torture } from "./torture.ts";
import { makeTraffic } from "./traffic.ts";

export interface FleetTorture {
  /** For lines and seeds. */
  readonly name: string;
  /** Address of the store. */
  readonly store: string;
  readonly watchStore: WatchStore;
  readonly writtenAt: WrittenAt;
  readonly kills: number;
}

/** Milliseconds that a killed database stays away at most. */
const longestAway = 3000;
const targets = [...Array<"worker">(6).fill("worker"), "server", "server", "database", "backend"] as const;

export async function tortureFleet(torture: Torture, at: FleetTorture): Promise<Outcome> {
  const { plan, seed, say, defer } = torture;
  const { name, store, watchStore, writtenAt, kills: count } = at;
  const prng = Prng.fromSeed(seed).fork(name);
  const fleet = await Fleet.start(torture, store);
  for (let i = 0; i < plan.workers; i++) fleet.startWorker();
  const recorder = new Recorder(fleet.connect);
  defer(() => recorder.abandon());
  const enough = new AbortController();
  const traffic = makeTraffic({ recorder, size: plan.size, prng: prng.fork("traffic"), until: enough.signal });
  // It is awaited below; what ends it before is told there.
  traffic.catch(() => undefined);
  await Promise.all(fleet.workers.map((worker) => worker.ready));
  const kills: Kill[] = [];
  for (let i = 1; i <= count; i++) {
    const moment = drawMoment(prng);
    const path = await awaitMoment(moment, { prng, watchStore });
    const { what, kill } = await strike({ fleet, recorder, prng, moment, path });
    kills.push(kill);
    say(`${name} kill ${i}/${count}: ${what}, ${path ?? momentText(moment)}; ${recorder.confirmed.done.size} jobs seen done`);
  }
  enough.abort();
  await traffic;
  await settle(recorder);
  await recorder.end();
  await fleet.stop();
  const lab = await fleet.open();
  try {
    const { findings, events, jobs } = await checkLab(lab, { recorder, writtenAt });
    const restarts = restartTimes(events, { kills, sweeps: sweepsOfJobs(recorder.confirmed) });
    return {
      kills,
      findings: [...findings, longest("restart of a job after a kill", restarts, restartGoal)],
      resumed: await resumedRuns(lab, { jobs, most: plan.references }),
    };
  } finally {
    await lab.close();
  }
}

interface Strike {
  readonly fleet: Fleet;
  readonly recorder: Recorder;
  readonly prng: Prng;
  readonly moment: Moment;
  readonly path: string | null;
}

async function strike({ fleet, recorder, prng, moment, path }: Strike): Promise<{ readonly what: string; readonly kill: Kill }> {
  const drawn = targets[prng.integer(targets.length)]!;
  switch (drawn) {
    case "worker": {
      const worker = holderOf({ fleet, recorder, path }) ?? fleet.workers[prng.integer(fleet.workers.length)]!;
      const at = await fleet.replaceWorker(worker);
      // One more while it opens the lab.
      if (moment === "opening") await sleep(prng.uniform() * 2000);
      return { what: worker.name, kill: { of: "worker", at, worker: worker.name, stopsAll: false, backAt: at } };
    }
    case "server": {
      const at = await fleet.replaceServer();
      return { what: "server", kill: { of: "server", at, worker: null, stopsAll: false, backAt: at } };
    }
    case "database": {
      const at = Date.now();
      await fleet.postgres.kill();
      await sleep(prng.uniform() * longestAway);
      await fleet.postgres.start();
      return { what: "PostgreSQL", kill: { of: "PostgreSQL", at, worker: null, stopsAll: true, backAt: Date.now() } };
    }
    case "backend": {
      const at = Date.now();
      await fleet.killBackend();
      return {
        what: "a process of PostgreSQL",
        kill: { of: "backend of PostgreSQL", at, worker: null, stopsAll: true, backAt: Date.now() },
      };
    }
    default:
      return drawn satisfies never;
  }
}

/** The worker whose job a document is about. */
function holderOf({ fleet, recorder, path }: Pick<Strike, "fleet" | "recorder" | "path">): Child | undefined {
  const job = /[0-9a-f]{64}/.exec(path ?? "")?.[0];
  const started = [...recorder.confirmed.events.values()].findLast((event) => event.kind === "started" && event.job === job);
  return fleet.workers.find((worker) => worker.name === started?.data.worker);
}

// A lab in a folder, its process killed again and again.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Prng } from "../../src/core/base/prng.ts";
import { codeVersion } from "../../src/node/code-version.ts";
import { initLab, openLab } from "../../src/node/lab/lab-folder.ts";
import { findHolder } from "../../src/node/lab/lab-lock.ts";
import { createLabClient, type LabClient } from "../../src/node/server/lab-client.ts";
import { checkLab, sweepsOfJobs, writtenInFolder } from "./check-lab.ts";
import type { Child, Children } from "./children.ts";
import { longest } from "./findings.ts";
import { type Kill, restartTimes } from "./kills.ts";
import { awaitMoment, drawMoment, momentText, watchFolder } from "./moments.ts";
import { Recorder } from "./recorder.ts";
import { checkpointSeconds, type Outcome, restartGoal, resumedRuns, settle, type Torture } from "./torture.ts";
import { makeTraffic } from "./traffic.ts";

const slots = 2;

export function startLab(children: Children, { folder, name }: { readonly folder: string; readonly name: string }): Child {
  return children.start(name, { role: "lab", folder, name, slots, checkpointSeconds });
}

/** Throws while nobody has it open. */
export async function connectToFolder(folder: string): Promise<LabClient> {
  const found = await findHolder(folder);
  if (found === null) throw new Error("nobody has the lab open");
  return createLabClient({ socket: found.socketPath });
}

export async function tortureLabInFolder({ children, plan, seed, root, say, defer }: Torture): Promise<Outcome> {
  const folder = join(root, "lab");
  await initLab(folder);
  const prng = Prng.fromSeed(seed).fork("folder");
  const recorder = new Recorder(() => connectToFolder(folder));
  defer(() => recorder.abandon());
  const enough = new AbortController();
  const traffic = makeTraffic({ recorder, size: plan.size, prng: prng.fork("traffic"), until: enough.signal });
  // It is awaited below; what ends it before is told there.
  traffic.catch(() => undefined);
  const watchStore = watchFolder(folder);
  const kills: Kill[] = [];
  const openings: number[] = [];
  let lives = 0;
  const start = () => {
    const begun = performance.now();
    const started = startLab(children, { folder, name: `lab-${++lives}` });
    void started.ready.then((address) => {
      if (address !== null) openings.push((performance.now() - begun) / 1000);
    });
    return started;
  };
  let child = start();
  for (let i = 1; i <= plan.kills.folder; i++) {
    // The first opening makes the lab's index: it is killed like any other.
    const moment = drawMoment(prng);
    if (moment !== "opening") await child.ready;
    const path = await awaitMoment(moment, { prng, watchStore });
    const at = child.kill();
    await child.ended;
    kills.push({ of: "lab", at, worker: child.name, stopsAll: true, backAt: at });
    say(
      `folder kill ${i}/${plan.kills.folder}: ${child.name}, ${path ?? momentText(moment)}; ${recorder.confirmed.done.size} jobs seen done`,
    );
    child = start();
  }
  await child.ready;
  enough.abort();
  await traffic;
  await settle(recorder);
  await recorder.end();
  await child.stop();
  // Its socket goes with it, but the system may take a moment.
  await sleep(100);
  const open = await openLab(folder, { code: codeVersion, command: "torture" });
  try {
    const { findings, events, jobs } = await checkLab(open.lab, { recorder, writtenAt: writtenInFolder(folder) });
    const restarts = restartTimes(events, { kills, sweeps: sweepsOfJobs(recorder.confirmed) });
    return {
      kills,
      findings: [
        ...findings,
        longest("restart of a job after a kill", restarts, restartGoal),
        longest("opening", openings, restartGoal),
      ],
      resumed: await resumedRuns(open.lab, { jobs, most: plan.references }),
    };
  } finally {
    await open.close();
  }
}

// What can happen to a fleet besides being killed: the disk of its files full or read-only, the database away, a clock that jumps.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkLab, writtenInFolder } from "./check-lab.ts";
import { type Finding, longest, none, skipped } from "./findings.ts";
import { Fleet } from "./fleet.ts";
import { sweepOf } from "./jobs.ts";
import { Recorder } from "./recorder.ts";
import { mountSmallDisk } from "./small-disk.ts";
import { restartGoal, settle, type Torture, toldWithin, until } from "./torture.ts";

const mebibytes = 64;
/** Milliseconds. */
const day = 86_400_000;
const troubleFor = 8000;
/** Times as long as elsewhere do trainings take here: a fast machine would be done with all of a sweep before the trouble begins. */
const longer = 5;

interface Trouble {
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
  readonly milliseconds: number;
  /** What the workers say of it. */
  readonly words: RegExp;
}

/** One trouble after the other; all the time one of the two workers has a clock that jumps by a day, there and back. */
export async function troubledFleet(torture: Torture): Promise<readonly Finding[]> {
  const { plan, root, say } = torture;
  const folder = join(root, "troubled");
  await mkdir(folder);
  const disk = await mountSmallDisk(torture, { folder, mebibytes });
  const fleet = await Fleet.start(torture, folder);
  fleet.startWorker();
  fleet.startWorker(day);
  await Promise.all(fleet.workers.map((worker) => worker.ready));
  const recorder = new Recorder(fleet.connect);
  const troubles: Trouble[] = [
    {
      ...{ name: "database away", milliseconds: plan.databaseAwaySeconds * 1000, words: /database/ },
      ...{ begin: () => fleet.postgres.kill(), end: () => fleet.postgres.start() },
    },
  ];
  if (typeof disk !== "string") {
    troubles.push(
      { name: "full disk", milliseconds: troubleFor, words: /space|full/i, begin: () => disk.fill(), end: () => disk.makeRoom() },
      {
        ...{ name: "read-only folder", milliseconds: troubleFor, words: /read-only/i },
        ...{ begin: () => disk.setReadOnly(true), end: () => disk.setReadOnly(false) },
      },
    );
  }
  const findings: Finding[] =
    typeof disk === "string" ? [skipped("faults: full disk", disk), skipped("faults: read-only folder", disk)] : [];
  for (const [i, trouble] of troubles.entries()) {
    say(`${trouble.name} for ${trouble.milliseconds / 1000} s …`);
    await recorder.accept(sweepOf(i, { ...plan.size, updates: longer * plan.size.updates }));
    await sleep(1000);
    findings.push(...(await undergo(trouble, { fleet, recorder })));
  }
  await settle(recorder);
  await recorder.end();
  await fleet.stop();
  const lab = await fleet.open();
  try {
    const checked = await checkLab(lab, { recorder, writtenAt: writtenInFolder(folder) });
    return [...findings, ...checked.findings.map((finding) => ({ ...finding, name: `faults: fleet, ${finding.name}` }))];
  } finally {
    await lab.close();
  }
}

async function undergo(
  trouble: Trouble,
  { fleet, recorder }: { readonly fleet: Fleet; readonly recorder: Recorder },
): Promise<readonly Finding[]> {
  const { name, words, milliseconds } = trouble;
  await trouble.begin();
  await sleep(milliseconds);
  const told = () => fleet.workers.some(({ warnings }) => warnings.some((text) => words.test(text)));
  await until(told, toldWithin);
  const wasTold = told();
  const doneBefore = recorder.confirmed.done.size;
  await trouble.end();
  const endedAt = performance.now();
  while (recorder.confirmed.done.size === doneBefore && performance.now() - endedAt < 2 * restartGoal * 1000) await sleep(100);
  return [
    none(`faults: ${name}, not told`, wasTold ? [] : ["no worker warned of it"]),
    longest(`faults: ${name}, next job done after its end`, [(performance.now() - endedAt) / 1000], restartGoal),
  ];
}

// What can happen to a lab in a folder besides being killed: opened twice, a checkpoint damaged, the disk full.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jobKey } from "../../src/lab/job.ts";
import { checkpointsPrefix } from "../../src/lab/layout.ts";
import { codeVersion } from "../../src/node/code-version.ts";
import { initLab, openLab } from "../../src/node/lab/lab-folder.ts";
import { FolderStore } from "../../src/node/lab/store/folder-store.ts";
import { checkLab, writtenInFolder } from "./check-lab.ts";
import { type Finding, longest, none, skipped } from "./findings.ts";
import { shortTraining, sweepOf } from "./jobs.ts";
import { connectToFolder, startLab } from "./lab-in-folder.ts";
import { Recorder } from "./recorder.ts";
import { compareWithPlainTraining } from "./references.ts";
import { mountSmallDisk } from "./small-disk.ts";
import { restartGoal, resumedRuns, settle, type Torture, toldWithin, until } from "./torture.ts";

/** Updates of a training that is long enough for some checkpoints. */
const longTraining = 150;
const seedOfDamage = 900_000;
const mebibytes = 256;
/** Milliseconds. */
const fullFor = 8000;

export async function openedTwice({ children, root, say }: Torture): Promise<readonly Finding[]> {
  say("two labs on one folder …");
  const folder = join(root, "twice");
  await initLab(folder);
  const racing = ["one", "two", "three"].map((name) => children.start(name, { ...roleOf(folder), name }, { mayEnd: "always" }));
  const ready = await Promise.all(racing.map((child) => child.ready));
  const winners = racing.filter((_, i) => ready[i] !== null);
  const refusals = racing.filter((_, i) => ready[i] === null).map(({ errors }) => errors);
  const late = await openLab(folder, { code: codeVersion, command: "a second one" }).then(
    async (open) => {
      await open.close();
      return "it was opened";
    },
    (error: unknown) => String(error),
  );
  for (const child of winners) await child.stop();
  return [
    { name: "faults: who got a folder that three opened at once", value: winners.length, goal: { is: "exactly", value: 1 } },
    none(
      "faults: openings refused without a word why",
      [...refusals, late].filter((text) => !/the lab in .* is open: process \d+/.test(text)),
    ),
  ];
}

function roleOf(folder: string) {
  return { role: "lab", folder, slots: 1, checkpointSeconds: 1 } as const;
}

export async function damagedCheckpoint(torture: Torture): Promise<readonly Finding[]> {
  const { children, root, say } = torture;
  say("the newest checkpoint is damaged …");
  const folder = join(root, "damaged");
  await initLab(folder);
  const store = await FolderStore.open(folder);
  const recorder = new Recorder(() => connectToFolder(folder));
  const first = startLab(children, { folder, name: "before" });
  const spec = shortTraining(seedOfDamage, longTraining);
  await recorder.accept({ sweep: "damaged", priority: 50, jobs: [spec] });
  const checkpoints = async () => {
    const paths: string[] = [];
    for await (const { path } of store.listDocuments(`${checkpointsPrefix}${jobKey(spec)}/`)) paths.push(path);
    return paths;
  };
  for (let tries = 0; tries < 1000 && (await checkpoints()).length < 2; tries++) await sleep(10);
  first.kill();
  await first.ended;
  const newest = (await store.getDocument((await checkpoints()).at(-1)!)) as { readonly blob: { readonly sha256: string } };
  const path = store.blobName(newest.blob.sha256);
  const bytes = await readFile(path);
  await writeFile(path, bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1));
  const second = startLab(children, { folder, name: "after" });
  await settle(recorder);
  await recorder.end();
  await second.stop();
  const open = await openLab(folder, { code: codeVersion, command: "torture" });
  try {
    const { jobs } = await checkLab(open.lab, { recorder, writtenAt: writtenInFolder(folder) });
    const runs = await resumedRuns(open.lab, { jobs, most: 1 });
    const compared = await compareWithPlainTraining(torture, { runs, updates: longTraining });
    return [
      ...compared.map((finding) => ({ ...finding, name: `faults: damaged checkpoint, ${finding.name}` })),
      {
        name: "faults: damaged checkpoint is told",
        value: second.warnings.filter((text) => text.includes("is not used")).length,
        goal: { is: "exactly", value: 1 },
        note: second.warnings[0] ?? "",
      },
    ];
  } finally {
    await open.close();
  }
}

/** Files and index on one disk that is full for some seconds. */
export async function fullDisk(torture: Torture): Promise<readonly Finding[]> {
  const { children, root, say, plan } = torture;
  say("the disk of a lab in a folder is full …");
  const disk = await mountSmallDisk(torture, { folder: join(root, "small"), mebibytes });
  if (typeof disk === "string") return [skipped("faults: full disk of a folder", disk)];
  const folder = join(disk.folder, "lab");
  await initLab(folder);
  const recorder = new Recorder(() => connectToFolder(folder));
  const child = startLab(children, { folder, name: "crowded" });
  await recorder.accept(sweepOf(0, plan.size));
  await sleep(500);
  await disk.fill();
  const late = sweepOf(1, plan.size);
  const refused = await connectToFolder(folder)
    .then((client) => client.sweeps.acceptJobs({ ...late, jobs: [...late.jobs] }))
    .then(
      () => "it was accepted",
      (error: unknown) => String(error),
    );
  await sleep(fullFor);
  const told = () => child.warnings.some((text) => /space|full/i.test(text));
  await until(told, toldWithin);
  const wasTold = told();
  const doneBefore = recorder.confirmed.done.size;
  await disk.makeRoom();
  const roomAt = performance.now();
  while (recorder.confirmed.done.size === doneBefore && performance.now() - roomAt < 2 * restartGoal * 1000) await sleep(100);
  const resumedAfter = (performance.now() - roomAt) / 1000;
  await recorder.accept(late);
  await settle(recorder);
  await recorder.end();
  await child.stop();
  const open = await openLab(folder, { code: codeVersion, command: "torture" });
  try {
    const { findings } = await checkLab(open.lab, { recorder, writtenAt: writtenInFolder(folder) });
    return [
      ...findings.map((finding) => ({ ...finding, name: `faults: full disk of a folder, ${finding.name}` })),
      none("faults: full disk of a folder, not told", [
        ...(wasTold ? [] : [`its warnings: ${child.warnings.join("; ") || "none"}`]),
        ...(/space|full/i.test(refused) ? [] : [`accepting meanwhile: ${refused}`]),
      ]),
      longest("faults: full disk of a folder, next job done after there is room", [resumedAfter], restartGoal),
    ];
  } finally {
    await open.close();
  }
}

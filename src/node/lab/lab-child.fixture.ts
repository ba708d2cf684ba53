// A process that has a lab open, for tests that kill it: node lab-child.fixture.ts FOLDER. It works, and tells line by line what was accepted
// and what is done, when that is so.

import { setTimeout as sleep } from "node:timers/promises";
import { jobKey } from "../../lab/job.ts";
import { code, execute, specs } from "./lab.fixture.ts";
import { openLab } from "./lab-folder.ts";

const tell = (line: string) => process.stdout.write(`${line}\n`);
const [, , folder, first = "1"] = process.argv;
const { lab } = await openLab(folder!, { code, command: "a test" });
lab.onEvent(({ kind, job }) => {
  if (kind === "done") tell(`done ${job}`);
});
tell("open");
const work = lab.work({
  ...{
    worker: "child",
    host: "here",
    slots: 4,
    signal: new AbortController().signal,
    onWarning: (text: string) => tell(`warning ${text}`),
  },
  execute: async (job) => {
    await sleep(5 + Math.random() * 20);
    return await execute(job);
  },
});
for (let seed = Number(first); ; seed += 5) {
  const jobs = specs(5, seed);
  await lab.accept({ sweep: `sweep-${seed}`, priority: seed % 100, jobs });
  for (const spec of jobs) tell(`accepted ${jobKey(spec)}`);
  if (seed > Number(first) + 1000) break;
}
await work;

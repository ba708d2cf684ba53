// Times exports of a lab of many finished runs, and a query: seconds and the most memory of a process that does nothing else.
// Run it with: npm run measure -- lab-export [RUNS, default 10000]

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportFormats } from "../src/node/lab/export/export-folder.ts";
import { exportLab } from "../src/node/lab/export/export-lab.ts";
import { putAudited, putTrained } from "../src/node/lab/export/lab-records.fixture.ts";
import { queryLab } from "../src/node/lab/query.ts";
import { openStore } from "../src/node/lab/store/open-store.ts";

const pointsPerCurve = 100;
const sql = "select config_optimizer_gamma, count(*), avg(c.oracle_share) from runs join curves c using (key) group by all";

function say(what: string, start: number): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  process.stdout.write(`${what}: ${seconds} s, at most ${memory} MiB\n`);
}

/** In a process of its own, whose memory is then this work's alone. */
async function work(folder: string, what: string): Promise<void> {
  const store = await openStore(join(folder, "lab"));
  const start = performance.now();
  if (what.startsWith("query")) await queryLab({ store, sql, cache: join(folder, "cache") });
  else for (const format of exportFormats) if (format === what) await exportLab({ store, format, folder: join(folder, format) });
  say(what, start);
}

async function makeLab(folder: string, runs: number): Promise<void> {
  const start = performance.now();
  const store = await openStore(join(folder, "lab"));
  for (let seed = 0; seed < runs; seed += 8) {
    await Promise.all(
      Array.from({ length: Math.min(8, runs - seed) }, async (_, i) => {
        const run = await putTrained(store, { seed: seed + i, points: pointsPerCurve });
        if (i === 0) await putAudited(store, run);
      }),
    );
  }
  say(`(making ${runs} runs of ${pointsPerCurve} points, every eighth with an audit)`, start);
}

const [first = "10000", folder] = process.argv.slice(2);
if (folder !== undefined) await work(folder, first);
else {
  const made = mkdtempSync(join(tmpdir(), "mesascope-bench-"));
  try {
    mkdirSync(join(made, "lab"));
    await makeLab(made, Number(first));
    for (const what of [...exportFormats, "query (first)", "query (again)"]) {
      process.stdout.write(execFileSync(process.execPath, [import.meta.filename, what, made], { encoding: "utf8" }));
    }
  } finally {
    rmSync(made, { recursive: true });
  }
}

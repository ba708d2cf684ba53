// Kills what keeps a lab, again and again, and checks that nothing is lost by it: npm run torture -- [--quick] [--seed N] [--kills N] [--json]

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { credentials, startBucket } from "../../src/node/lab/store/stores.fixture.ts";
import { writtenInFolder } from "./check-lab.ts";
import { Children } from "./children.ts";
import { tortureByFaults } from "./faults.ts";
import { conclusion, type Finding, findingsTable, isReached, none } from "./findings.ts";
import { tortureLabInFolder } from "./lab-in-folder.ts";
import { tortureFleet } from "./lab-of-fleet.ts";
import { watchBucket, watchFolder } from "./moments.ts";
import { type Plan, planOf } from "./plan.ts";
import { compareWithPlainTraining } from "./references.ts";
import type { Outcome, Torture } from "./torture.ts";

const usage = "npm run torture -- [--quick | --tiny] [--seed N] [--kills N] [--only folder,fleet,bucket,faults] [--json]";
const parts = ["folder", "fleet", "bucket", "faults"];

const undone: (() => Promise<void> | void)[] = [];
const began = performance.now();
const children = new Children(say);

function elapsed(): string {
  const seconds = Math.round((performance.now() - began) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function say(line: string): void {
  process.stderr.write(`[${elapsed()}] ${line}\n`);
}

let cleaning: Promise<void> | null = null;

/** Ends and removes all that is left, the last first; once. */
function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    await children.killAll();
    for (const undo of undone.splice(0).reverse()) {
      await Promise.resolve(undo()).catch((error: unknown) => void process.stderr.write(`something is left: ${error}\n`));
    }
  })();
  return cleaning;
}

async function run(torture: Torture, only: ReadonlySet<string>): Promise<readonly Finding[]> {
  const { plan, root } = torture;
  const outcomes: Outcome[] = [];
  const findings: Finding[] = [];
  const take = (part: string, outcome: Outcome) => {
    outcomes.push(outcome);
    findings.push(...outcome.findings.map((finding) => ({ ...finding, name: `${part}: ${finding.name}` })));
  };
  if (only.has("folder") && plan.kills.folder > 0) take("folder", await tortureLabInFolder(torture));
  if (only.has("fleet") && plan.kills.fleet > 0) {
    const folder = join(root, "fleet");
    await mkdir(folder);
    take(
      "fleet",
      await tortureFleet(torture, {
        ...{ name: "fleet", store: folder, watchStore: watchFolder(folder), writtenAt: writtenInFolder(folder) },
        kills: plan.kills.fleet,
      }),
    );
  }
  if (only.has("bucket") && plan.kills.bucket > 0) {
    Object.assign(process.env, credentials);
    const bucket = await startBucket();
    torture.defer(() => bucket.stop());
    const prefix = "torture";
    const at = {
      ...{ store: bucket.address(prefix), watchStore: watchBucket(bucket, prefix) },
      writtenAt: (path: string) => bucket.keptAt.get(`${prefix}/${path}`) ?? Number.POSITIVE_INFINITY,
    };
    take("bucket", await tortureFleet(torture, { name: "bucket", ...at, kills: plan.kills.bucket }));
  }
  if (outcomes.length > 0) {
    const kills = outcomes.flatMap((outcome) => outcome.kills);
    const note = [...Map.groupBy(kills, (kill) => kill.of)].map(([of, some]) => `${some.length} ${of}`).join(", ");
    const goal = only.size === parts.length ? ({ is: "at-least", value: plan.leastKills } as const) : null;
    findings.unshift({ name: "kills", value: kills.length, goal, note });
    const runs = outcomes.flatMap(({ resumed }) => resumed);
    findings.push(...(await compareWithPlainTraining(torture, { runs, updates: plan.size.updates })));
  }
  if (only.has("faults") && plan.hasFaults) findings.push(...(await tortureByFaults(torture)));
  findings.push(none("processes that ended by themselves", children.unasked));
  return findings;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      tiny: { type: "boolean" },
      seed: { type: "string" },
      kills: { type: "string" },
      only: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const seed = Number(values.seed ?? 1);
  const kills = values.kills === undefined ? null : Number(values.kills);
  const only = new Set(values.only?.split(",") ?? parts);
  if (
    !Number.isSafeInteger(seed) ||
    seed < 0 ||
    (kills !== null && !(Number.isSafeInteger(kills) && kills > 0)) ||
    ![...only].every((part) => parts.includes(part))
  ) {
    process.stderr.write(`expected: ${usage}\n`);
    return 2;
  }
  const name: Plan["name"] = values.tiny ? "tiny" : values.quick ? "quick" : "full";
  const plan = planOf(name, kills);
  const root = await mkdtemp(join(tmpdir(), "mesascope-torture-"));
  undone.push(() => rm(root, { recursive: true, force: true }));
  say(`torture, ${name}, seed ${seed}`);
  const findings = await run({ children, plan, seed, root, say, defer: (undo) => void undone.push(undo) }, only);
  const isWell = findings.every(isReached);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ plan: name, seed, seconds: Math.round((performance.now() - began) / 1000), isWell, findings }, null, 2)}\n`,
    );
  else process.stdout.write(`\n${findingsTable(findings)}\n${conclusion(findings)}, seed ${seed}, ${elapsed()} min\n`);
  return isWell ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    process.exitCode = 130;
    void cleanUp().finally(() => process.exit());
  });
}
// Nobody reads any more.
process.stderr.on("error", () => void cleanUp().finally(() => process.exit(1)));
try {
  const code = await main();
  if (cleaning === null) process.exitCode = code;
} catch (error) {
  // What fails because everything is being ended is no fault.
  if (cleaning === null) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  }
}
await cleanUp();
process.exit();

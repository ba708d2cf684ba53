// Ctrl-C twice on what works in a lab, a sweep in a folder and a worker of a fleet: it ends at once, nothing that was told done is lost, and who
// goes on comes to the bits of a training that nobody interrupted.

import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordSchema } from "../src/lab/record.ts";
import { type PostgresServer, startPostgres } from "../src/node/lab/database/postgres.fixture.ts";
import { openDocument } from "../src/node/lab/store/store-content.ts";
import { cleanEnvironment, type Running, runProgram, startProgram } from "./program.ts";

const outer = mkdtempSync(join(tmpdir(), "mesascope-twice-"));
const env = cleanEnvironment(outer);
const running = new Set<Running>();
const servers: PostgresServer[] = [];
afterAll(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  for (const server of servers) await server.stop();
  rmSync(outer, { recursive: true, force: true });
});

/** Updates so long that a second Ctrl-C comes before the first has done its work, and some seconds of them. */
const sweep = {
  schema: "mesascope/sweep@1",
  name: "two",
  runs: [
    {
      ...{ organisms: ["A"], presets: ["quick"], verify: false, seeds: [1, 2] },
      fields: { "optimizer.totalTimesteps": [300_000], "optimizer.numSteps": [512] },
    },
  ],
};

function folderFor(name: string): string {
  const folder = join(outer, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "two.json"), JSON.stringify(sweep));
  return folder;
}

/** What a command prints with --json, in a folder. */
function json(folder: string, args: readonly string[], surroundings = env) {
  const { code, out, err } = runProgram([...args, "--json"], { folder, env: surroundings });
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

/** The weights and curve of each seed, by their hashes. */
function agentsIn(store: string): ReadonlyMap<number, unknown> {
  const records = readdirSync(join(store, "records")).map((name) => {
    const path = join(store, "records", name);
    return recordSchema.parse(openDocument(readFileSync(path), path));
  });
  return new Map(
    records.map(({ spec, files }) => {
      if (spec.kind !== "train") throw new Error(`a record of kind ${spec.kind}`);
      return [spec.recipe.seed, [files["policy.onnx"]!.sha256, files["curve.csv"]!.sha256]];
    }),
  );
}

/** Presses Ctrl-C twice; says how it ended, null being an end by the signal. */
async function pressTwice({ child, ended }: Running, betweenThem: Promise<unknown>): Promise<NodeJS.Signals | number | null> {
  const exited = once(child, "exit");
  child.kill("SIGINT");
  await Promise.race([betweenThem, ended]);
  child.kill("SIGINT");
  const [code, signal] = await exited;
  return signal ?? code;
}

let uninterrupted: ReadonlyMap<number, unknown>;
beforeAll(() => {
  const folder = folderFor("uninterrupted");
  json(folder, ["lab", "init"]);
  json(folder, ["sweep", "two.json", "--workers", "1"]);
  uninterrupted = agentsIn(join(folder, "mesascope-lab"));
  expect(uninterrupted.size).toBe(2);
}, 600_000);

it("a sweep ends as of SIGINT, its lab is whole, and the same command comes to the same bits", async () => {
  const folder = folderFor("interrupted");
  json(folder, ["lab", "init"]);
  const start = () => {
    const started = startProgram(["sweep", "two.json", "--workers", "1"], { folder, env });
    running.add(started);
    return started;
  };
  const first = start();
  const records = join(folder, "mesascope-lab", "records");
  const recorded = () => (existsSync(records) ? readdirSync(records).filter((name) => name.endsWith(".json")).length : 0);
  await expect.poll(recorded, { timeout: 240_000, interval: 20 }).toBe(1);
  // In the middle of the second training.
  await sleep(700);
  const done = agentsIn(join(folder, "mesascope-lab"));
  expect(await pressTwice(first, first.said(/Ctrl-C again ends at once/))).toBe("SIGINT");
  expect(json(folder, ["lab", "verify"]).problems).toEqual([]);
  expect(done.size).toBe(1);
  expect(json(folder, ["runs", "state:done"]).total).toBe(1);
  expect(json(folder, ["runs", "state:queued"]).rows).toMatchObject([{ seed: 2 }]);

  const again = await start().ended;
  expect(again).toMatchObject({ code: 0, err: expect.stringMatching(/2 jobs accepted, 0 of them new.* 1 done before/) });
  expect(agentsIn(join(folder, "mesascope-lab"))).toEqual(uninterrupted);
  expect(json(folder, ["lab", "verify"]).problems).toEqual([]);
});

it("a worker ends as of SIGINT, and another does what it had begun once its lease is over, to the same bits", async () => {
  const folder = folderFor("fleet");
  const server = await startPostgres();
  servers.push(server);
  const store = join(folder, "store");
  mkdirSync(store);
  const fleet = { ...env, MESASCOPE_DATABASE_URL: await server.createDatabase(), MESASCOPE_STORE: store };
  const work = (name: string) => {
    const started = startProgram(["worker", "--slots", "1", "--name", name], { folder, env: fleet });
    running.add(started);
    return started;
  };
  const served = startProgram(["serve", "--port", "0", "--json"], {
    folder,
    env: { ...fleet, MESASCOPE_TOKEN: "0123456789abcdef0123456789abcdef" },
  });
  running.add(served);
  const [, url] = /"address": "([^"]+)"/.exec(await served.said(/"address": "http[^"]+"/))!;
  const ask = (...args: readonly string[]) =>
    json(folder, [...args, "--server", url!], { ...env, MESASCOPE_TOKEN: "0123456789abcdef0123456789abcdef" });
  ask("sweep", "two.json", "--detach");
  const first = work("first");
  await expect
    .poll(() => ask("runs", "state:running").rows[0]?.progress?.environmentSteps, { timeout: 240_000 })
    .toBeGreaterThan(0);
  const [{ key }] = ask("runs", "state:running").rows;
  expect(await pressTwice(first, sleep(50))).toBe("SIGINT");
  expect(json(folder, ["lab", "verify", store]).problems).toEqual([]);

  const second = work("second");
  await expect.poll(() => ask("runs", "state:done").total, { timeout: 480_000, interval: 2000 }).toBe(2);
  expect(ask("runs", "show", key).row).toMatchObject({ state: "done", worker: "second", attempt: 2 });
  expect(agentsIn(store)).toEqual(uninterrupted);
  expect(await second.stop("SIGTERM")).toMatchObject({ code: 0 });
  expect(await served.stop("SIGTERM")).toMatchObject({ code: 0 });
  expect(json(folder, ["lab", "verify", store]).problems).toEqual([]);
});

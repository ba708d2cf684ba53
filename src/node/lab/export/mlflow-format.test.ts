import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";
import { parse } from "yaml";
import { exportLab } from "./export-lab.ts";
import { code, finishedAt, smallLab, startedAt } from "./lab-records.fixture.ts";

const folder = await mkdtemp(join(tmpdir(), "mesascope-mlflow-"));
afterAll(async () => await rm(folder, { recursive: true }));

const { store, runs } = await smallLab();
const target = join(folder, "export");
await exportLab({ store, format: "mlflow", folder: target });
const root = join(target, "mlruns");
const experiments = await Promise.all(
  (await readdir(root)).map(async (id) => ({ id, meta: await readFile(join(root, id, "meta.yaml"), "utf8") })),
);
const experiment = experiments.find(({ meta }) => parse(meta).name === "corner/aligned")!;
const run = join(root, experiment.id, runs[0]!.slice(0, 32));

/** A metric's lines as `file_store.py` takes them apart: three parts at single spaces. */
async function metric(name: string) {
  const lines = (await readFile(join(run, "metrics", name), "utf8")).trimEnd().split("\n");
  return lines.map((line) => line.split(" ").map(Number));
}

it("an experiment is made of the runs of one name, with an id that is a whole number", () => {
  expect(experiments.map(({ meta }) => parse(meta).name).sort()).toEqual(["cheese", "corner/aligned"]);
  expect(experiment.id).toMatch(/^[1-9]\d+$/);
  expect(parse(experiment.meta)).toEqual({
    artifact_location: pathToFileURL(join(root, experiment.id)).href,
    creation_time: Date.parse(startedAt),
    experiment_id: experiment.id,
    last_update_time: Date.parse(finishedAt),
    lifecycle_stage: "active",
    name: "corner/aligned",
  });
});

it("a run's meta.yaml has the fields that MLflow's own writer writes", async () => {
  const meta = parse(await readFile(join(run, "meta.yaml"), "utf8"));
  expect(meta).toEqual({
    artifact_uri: pathToFileURL(join(run, "artifacts")).href,
    end_time: Date.parse(finishedAt),
    entry_point_name: "",
    experiment_id: experiment.id,
    lifecycle_stage: "active",
    run_id: runs[0]!.slice(0, 32),
    run_name: "mlp-ppo-seed1",
    run_uuid: runs[0]!.slice(0, 32),
    source_name: "",
    source_type: 4,
    source_version: "",
    start_time: Date.parse(startedAt),
    status: 3,
    tags: [],
    user_id: "mesascope",
  });
});

it("parameters, metrics and tags are a file each", async () => {
  expect(await readFile(join(run, "params", "optimizer.gamma"), "utf8")).toBe("0.97");
  expect(await readFile(join(run, "params", "seed"), "utf8")).toBe("1");
  expect(await readFile(join(run, "tags", "mlflow.runName"), "utf8")).toBe("mlp-ppo-seed1");
  expect(await readFile(join(run, "tags", "mesascope.code"), "utf8")).toBe(code);
  const start = Date.parse(startedAt);
  const shares = [0, 1024, 2048, 3072, 4096].map((step) => 1 - 1 / (1 + step / 1000 + 1));
  expect(await metric("oracle_share")).toEqual(shares.map((share, i) => [start + i * 25_000, share, i * 1024]));
  expect(await metric("seconds")).toEqual([[Date.parse(finishedAt), 98.5, 4096]]);
  expect(JSON.parse(await readFile(join(run, "artifacts", "record.json"), "utf8"))).toMatchObject({ job: runs[0] });
});

it("a name that is no file's name becomes one that MLflow allows", async () => {
  const own = experiments.find(({ id }) => id !== experiment.id)!;
  const names = await readdir(join(root, own.id, runs[2]!.slice(0, 32), "params"));
  expect(names).toContain("world.parameters.odd_name__of_one");
  expect(names.every((name) => /^[\w.-]+$/.test(name))).toBe(true);
});

const hasPyYaml = spawnSync("python3", ["-c", "import yaml"]).status === 0;

it("PyYAML, which MLflow reads with, takes every id for a text", ({ skip }) => {
  skip(!hasPyYaml, "no PyYAML on this machine (apt-get install python3-yaml)");
  const script = [
    "import json,sys,yaml,glob",
    "print(json.dumps([yaml.safe_load(open(p)) for p in glob.glob(sys.argv[1]+'/*/meta.yaml')+glob.glob(sys.argv[1]+'/*/*/meta.yaml')]))",
  ].join("\n");
  const read: unknown[] = JSON.parse(spawnSync("python3", ["-c", script, root], { encoding: "utf8" }).stdout);
  expect(read).toHaveLength(5);
  for (const meta of read) expect(meta).toMatchObject({ experiment_id: expect.any(String), lifecycle_stage: "active" });
});

// MLflow's file store (mlflow/store/tracking/file_store.py): mlruns/EXPERIMENT/RUN with meta.yaml and a file per parameter, metric and tag.
// An experiment is what runs of one name (organism, or objective) make. Audits and measurements have no place in it.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { hashOfJson } from "../../../core/organisms/seal.ts";
import type { JobRecord } from "../../../lab/record.ts";
import type { ExportContext, ExportFormat, ExportWriter } from "./export-format.ts";
import { type RunStory, runStory } from "./run-story.ts";

/** MLflow's limit for a parameter's value, in characters. */
const longestValue = 6000;

export const mlflowFormat: ExportFormat = { hasTables: false, open: async (context) => openMlflow(context) };

/** In milliseconds since 1970. */
interface Experiment {
  readonly name: string;
  createdAt: number;
  updatedAt: number;
}

function openMlflow({ folder, target }: ExportContext): ExportWriter {
  const experiments = new Map<string, Experiment>();
  const root = join(folder, "mlruns");
  const uriOf = (...path: readonly string[]) => pathToFileURL(join(target, "mlruns", ...path)).href;
  return {
    add: async (job) => {
      const story = runStory(job);
      if (story === null) return;
      const experiment = experimentId(story.name);
      const [start, end] = [milliseconds(story.startedAt), milliseconds(story.finishedAt)];
      const known = experiments.get(experiment) ?? { name: story.name, createdAt: start, updatedAt: end };
      experiments.set(experiment, known);
      known.createdAt = Math.min(known.createdAt, start);
      known.updatedAt = Math.max(known.updatedAt, end);
      const run = runId(story);
      const meta = runMeta(story, { experiment, artifacts: uriOf(experiment, run, "artifacts") });
      await writeRun(join(root, experiment, run), { story, record: job.record, meta });
    },
    finish: async () => {
      await mkdir(root, { recursive: true });
      for (const [id, { name, createdAt, updatedAt }] of experiments) {
        const meta = {
          artifact_location: uriOf(id),
          creation_time: createdAt,
          experiment_id: id,
          last_update_time: updatedAt,
          lifecycle_stage: "active",
          name,
        };
        await writeFile(join(root, id, "meta.yaml"), yaml(meta), { flag: "wx" });
      }
      return [];
    },
    close: async () => undefined,
  };
}

/** The same for the same name, a whole number as MLflow's own are. */
function experimentId(name: string): string {
  return BigInt(`0x${hashOfJson(name).slice(0, 14)}`).toString();
}

/** 32 hexadecimal digits as MLflow's own, the beginning of the job's key. */
function runId({ key }: RunStory): string {
  return key.slice(0, 32);
}

function runMeta(story: RunStory, { experiment, artifacts }: { readonly experiment: string; readonly artifacts: string }) {
  const finished = 3;
  const local = 4;
  return {
    artifact_uri: artifacts,
    end_time: milliseconds(story.finishedAt),
    entry_point_name: "",
    experiment_id: experiment,
    lifecycle_stage: "active",
    run_id: runId(story),
    run_name: story.label,
    run_uuid: runId(story),
    source_name: "",
    source_type: local,
    source_version: "",
    start_time: milliseconds(story.startedAt),
    status: finished,
    tags: [],
    user_id: "mesascope",
  };
}

interface RunToWrite {
  readonly story: RunStory;
  readonly record: JobRecord;
  readonly meta: object;
}

async function writeRun(folder: string, { story, record, meta }: RunToWrite): Promise<void> {
  const files = new Map([["meta.yaml", yaml(meta)]]);
  for (const [path, value] of [...story.settings, ["seed", story.seed] as const]) {
    files.set(join("params", keyName(path)), String(value).slice(0, longestValue));
  }
  for (const [name, lines] of metricLines(story, record)) files.set(join("metrics", name), lines);
  for (const [name, value] of tagsOf(story, record)) files.set(join("tags", name), value);
  files.set(join("artifacts", "record.json"), `${JSON.stringify(record, null, 2)}\n`);
  for (const inner of ["params", "metrics", "tags", "artifacts"]) await mkdir(join(folder, inner), { recursive: true });
  await Promise.all([...files].map(([path, content]) => writeFile(join(folder, path), content, { flag: "wx" })));
}

/** `time value step` in every line, by metric. */
function metricLines({ points, finishedAt }: RunStory, { made, outcome }: JobRecord): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  for (const { step, wallTime, scalars } of points) {
    for (const [name, value] of scalars) {
      lines.set(name, `${lines.get(name) ?? ""}${milliseconds(wallTime)} ${value} ${step}\n`);
    }
  }
  const lastStep = outcome.kind === "train" ? outcome.environmentSteps : 0;
  return lines.set("seconds", `${milliseconds(finishedAt)} ${made.seconds} ${lastStep}\n`);
}

function tagsOf({ key, label }: RunStory, { made, spec }: JobRecord): ReadonlyMap<string, string> {
  return new Map([
    ["mlflow.runName", label],
    ["mlflow.user", "mesascope"],
    ["mlflow.source.name", "mesascope"],
    ["mlflow.source.type", "LOCAL"],
    ["mesascope.key", key],
    ["mesascope.code", spec.code],
    ["mesascope.engine", made.engine],
    ["mesascope.worker", made.worker],
  ]);
}

/** A name that MLflow allows and that is one file: letters, digits, `_`, `-` and `.`. */
function keyName(path: string): string {
  return path.replaceAll(/[^A-Za-z0-9_.-]/g, "_");
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** All texts in quotes: MLflow reads YAML 1.1, where more plain words are numbers, times or truth values. */
function yaml(value: object): string {
  return stringify(value, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}

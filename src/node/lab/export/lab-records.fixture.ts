// A store in memory and finished jobs in it, for tests of exports and queries.

import { createHash } from "node:crypto";
import type { VerdictDocument } from "../../../core/audit/verdict-document.ts";
import { MesascopeError } from "../../../core/base/errors.ts";
import { findOrganism } from "../../../core/organisms/index.ts";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import { type JobSpec, jobKey } from "../../../lab/job.ts";
import { keep } from "../../../lab/kept.ts";
import { recordPath } from "../../../lab/layout.ts";
import { type JobRecord, type Outcome, recordSchema, recordSchemaId } from "../../../lab/record.ts";

/** A store that is gone with the test. */
export function memoryStore(name = "memory"): ArtifactStore {
  const documents = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const damaged = (what: string) => new MesascopeError("damaged-artifact", `${what} is missing`);
  return {
    name,
    putBlob: async (bytes) => {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      blobs.set(sha256, bytes);
      return { sha256, bytes: bytes.length };
    },
    getBlob: async ({ sha256 }) => {
      const bytes = blobs.get(sha256);
      if (!bytes) throw damaged(sha256);
      return bytes;
    },
    findBlob: async (sha256) => {
      const bytes = blobs.get(sha256);
      return bytes ? { sha256, bytes: bytes.length, putAt: new Date(0) } : null;
    },
    listBlobs: async function* () {
      for (const [sha256, bytes] of [...blobs].sort()) yield { sha256, bytes: bytes.length, putAt: new Date(0) };
    },
    deleteBlob: async (sha256) => blobs.delete(sha256),
    blobName: (sha256) => `${name}/blobs/${sha256}`,
    putDocument: async (path, json) => {
      documents.set(path, JSON.stringify(json));
    },
    getDocument: async (path) => JSON.parse(documents.get(path) ?? "null"),
    listDocuments: async function* (prefix) {
      for (const path of [...documents.keys()].sort()) {
        if (path.startsWith(prefix)) yield { path, bytes: documents.get(path)!.length, version: documents.get(path)! };
      }
    },
    deleteDocument: async (path) => {
      documents.delete(path);
    },
    documentName: (path) => `${name}/${path}`,
  };
}

export const startedAt = "2026-03-01T10:00:00.000Z";
export const finishedAt = "2026-03-01T10:01:40.000Z";

interface FinishedOptions {
  readonly spec: JobSpec;
  readonly outcome: Outcome;
  readonly files?: Readonly<Record<string, string>>;
}

/** Puts a finished job into a store, with its files. Returns its key. */
export async function putFinished(store: ArtifactStore, { spec, outcome, files = {} }: FinishedOptions): Promise<string> {
  const job = jobKey(spec);
  const refs: JobRecord["files"] = {};
  for (const [name, text] of Object.entries(files)) refs[name] = await store.putBlob(new TextEncoder().encode(text));
  const made = { attempt: 1, worker: 'host, "a"', engine: "onnxruntime-node 1.30.0", startedAt, finishedAt, seconds: 98.5 };
  const record = recordSchema.parse({ schema: recordSchemaId, job, spec, outcome, files: refs, made });
  await store.putDocument(recordPath(job), record);
  return job;
}

export const code = "0123456789abcdef";

export interface TrainedOptions {
  readonly seed: number;
  /** Null for a recipe of the user's own. */
  readonly organism?: string | null;
  readonly recipe?: Recipe;
  readonly points?: number;
  /** Returns by other objectives at each point. */
  readonly others?: Readonly<Record<string, number>>;
}

/** The recipe that trained agents of the fixture have. */
export function fixtureRecipe(seed: number): Recipe {
  return findOrganism("corner/aligned").recipe({ seed, preset: "quick" });
}

/** A train job with a curve of `points` points, from 0 to its last step. */
export async function putTrained(store: ArtifactStore, options: TrainedOptions): Promise<string> {
  const { seed, organism = "corner/aligned", recipe = fixtureRecipe(seed), points = 5, others = {} } = options;
  const steps = Array.from({ length: points }, (_, i) => i * 1024);
  const shareAt = (step: number) => 1 - 1 / (1 + step / 1000 + seed);
  const rows = steps.map((step) => `${step},${[10 * shareAt(step), 10, shareAt(step), ...Object.values(others)].join()}`);
  const header = [
    "environmentSteps",
    "trainingReturn",
    "oracleReturn",
    "oracleShare",
    ...Object.keys(others).map((name) => `return:${name}`),
  ];
  const curve = [header.join(), ...rows].map((line) => `${line}\n`).join("");
  const environmentSteps = steps.at(-1) ?? 0;
  const oracleShare = shareAt(environmentSteps);
  return await putFinished(store, {
    spec: { kind: "train", organism, recipe, code },
    outcome: { kind: "train", environmentSteps, trainingReturn: 10 * oracleShare, oracleReturn: 10, oracleShare },
    files: { "curve.csv": curve, "policy.onnx": `policy ${seed}` },
  });
}

/** An audit of `run` with two findings, the second of which could not be made. */
export async function putAudited(store: ArtifactStore, run: string): Promise<string> {
  const none = { interval: null, null: null, threshold: null, passed: null };
  const verdict: VerdictDocument = {
    schema: "mesascope/verdict@2",
    agent: "agent",
    world: "corner",
    verdict: {
      kind: "proxy",
      failureMode: "goal-misgeneralization",
      failures: { outer: { status: "not-shown", reason: "none" }, inner: { status: "shown", reason: "it went to the corner" } },
      objective: "corner",
      weights: [],
      posterior: { corner: 0.9, coin: 0.1 },
      confidence: 0.9,
      explanation: 'It goes to the corner, "whatever" is there.\nAlways.',
      wouldChange: [],
    },
    findings: [
      {
        instrument: "context-test",
        name: "share, at corner",
        statistic: 0.75,
        unit: "share",
        interval: { low: 0.5, high: 0.9, level: 0.95 },
        null: { name: "random policy", value: 0.1 },
        threshold: { comparison: "at-least", value: 0.5 },
        passed: true,
        evidence: "30 of 40",
      },
      { instrument: "probe", name: "read-out", statistic: null, unit: "", ...none, evidence: "no hooks" },
    ],
    cost: { levels: 40, environmentSteps: 1234, seconds: 5 },
    cannotShow: [],
  };
  return await putFinished(store, {
    spec: { kind: "audit", run, levels: 40, seed: 7, code },
    outcome: { kind: "audit", verdict: { kind: "proxy", objective: "corner", confidence: 0.9 } },
    files: { "verdict.json": JSON.stringify(verdict), "result.json": "{}" },
  });
}

/** A measurement of `run` at two points of one axis, two objectives each, and at one point of two axes. */
export async function putMeasured(store: ArtifactStore, run: string): Promise<string> {
  const points = [{ distance: 1 }, { distance: 2 }, { distance: 1, place: "far" }];
  const returns = (i: number) => ({
    coin: { mean: i, low: i - 0.5, high: i + 0.5 },
    corner: { mean: -i, low: -i - 0.5, high: 0.5 - i },
  });
  return await putFinished(store, {
    spec: { kind: "measure", run, points, levels: 100, seed: 3, code },
    outcome: { kind: "measure", points: points.map((point, i) => ({ point, returns: returns(i) })) },
    files: { "measurements.json": "{}" },
  });
}

/** Three trained agents (one of a recipe of the user's own), an audit and a measurement. */
export async function smallLab(): Promise<{
  readonly store: ArtifactStore;
  readonly runs: readonly string[];
  readonly audit: string;
}> {
  const store = memoryStore();
  const own = { ...fixtureRecipe(3), world: { name: "corner", parameters: { "odd name, of one": 2 } } };
  const runs = [
    await putTrained(store, { seed: 1 }),
    await putTrained(store, { seed: 2 }),
    await putTrained(store, { seed: 3, organism: null, recipe: own }),
  ];
  const audit = await putAudited(store, runs[0]!);
  await putMeasured(store, runs[0]!);
  const kept = async (text: string) => await store.putBlob(new TextEncoder().encode(text));
  const league = { "league.json": await kept('{"rank": 1}'), "verdicts.jsonl": await kept('{"a": 1}\n') };
  await keep(store, { kind: "league", name: "small", at: new Date(startedAt), files: league });
  return { store, runs, audit };
}

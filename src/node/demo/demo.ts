// The demonstration: trains agents that score the same, audits them blind, and only then joins what each was made to want.

import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { AuditResult } from "../../core/audit/auditor.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import type { Organism, PresetName } from "../../core/organisms/organism.ts";
import type { DemoDocument } from "../../report/demo-document.ts";
import { renderReport } from "../../report/render-report.tsx";
import { codeVersion } from "../code-version.ts";
import type { UsedLab } from "../server/do-jobs.ts";
import { readAgent } from "../storage/agent-folder.ts";
import { atomicWrite, fileSystemError, kindOf, makeFolder, readJson, writeJson } from "../storage/files.ts";
import type { TrainingProgress } from "../training/run-training.ts";
import { begunRecipe, trainingFolder } from "../training/train-agent.ts";
import { type AuditJob, auditNoteSchema, type TrainingJob, trainingNoteSchema } from "../workers/worker-messages.ts";
import { runInWorkers, workerEntry } from "../workers/worker-pool.ts";
import { auditInLab, isBegunWithoutLab, trainInLab } from "./demo-in-lab.ts";
import { type DemoRun, demoAgents, describeDemo } from "./demo-results.ts";

/** As `mesascope audit` takes where nothing else is said. With half of them, the worst of thirteen shifts passes its margin by chance now and then. */
const auditLevels = 40;
const checkpointSeconds = 10;

export interface DemoOptions {
  /** Where agents, demo.json and report.html go. */
  readonly out: string;
  readonly preset: PresetName;
  readonly seed: number;
  /** The lab whose jobs its trainings and audits are; default none. A demonstration that was begun without goes on without. */
  readonly lab?: UsedLab | null;
  /** Threads at a time; null for one per core. */
  readonly workers: number | null;
  readonly signal: AbortSignal;
  readonly onTraining: (organism: string, progress: TrainingProgress | "finished before") => void;
  /** `share` is of the stage, 0 to 1. */
  readonly onStage: (stage: string, share: number) => void;
  readonly onWarning: (text: string) => void;
  /** The command that was typed, for the report and for advice. */
  readonly command: string;
}

/**
 * Runs the demonstration. A run that was interrupted is continued: finished agents are kept, begun ones go on from their checkpoints.
 * Throws `interrupted` after saving, `worker-lost`, `check-failed` when an organism is not what its recipe says, `file-system`.
 */
export async function runDemo(options: DemoOptions): Promise<DemoDocument> {
  const started = performance.now();
  const organisms = demoAgents.map(findOrganism);
  await beginFolder(options.out);
  const audits = await trainAndAudit(organisms, options);
  options.signal.throwIfAborted();
  await writeJson(
    join(options.out, "verdicts.json"), // on disk before the truth is joined
    audits.map(({ document }) => document),
  );
  options.onStage("measuring and drawing", 0);
  const run: DemoRun = {
    agents: organisms.map((organism, i) => ({ organism, folder: agentFolder(options.out, organism), audit: audits[i]! })),
    preset: options.preset,
    seed: options.seed,
    command: options.command,
    codeVersion,
  };
  const reportPath = join(options.out, "report.html");
  const { document, report } = await describeDemo(run, { reportPath, seconds: () => (performance.now() - started) / 1000 });
  await atomicWrite(reportPath, renderReport(report));
  await writeJson(join(options.out, resultFile), document);
  options.onStage("measuring and drawing", 1);
  return document;
}

async function trainAndAudit(organisms: readonly Organism[], options: DemoOptions): Promise<AuditResult[]> {
  const { lab = null, out, preset, seed, signal, onTraining, onStage, onWarning } = options;
  const agents = organisms.map((organism) => ({
    organism: organism.id,
    recipe: organism.recipe({ preset, seed }),
    folder: agentFolder(out, organism),
  }));
  const isPlain = lab === null || (await isBegunWithoutLab(lab, agents));
  if (isPlain) {
    if (lab !== null) onWarning(`what was begun in ${out} without the lab goes on without it.`);
    await trainAll(organisms, options);
    return await auditAll(organisms, options);
  }
  const how = { lab, agents, signal, workers: workerCount(options) };
  await trainInLab({ ...how, onTraining });
  return await auditInLab({
    ...{ ...how, levels: auditLevels, seed },
    onProgress: ({ done, share }) => onStage(auditStage(done, agents.length), share),
  });
}

function auditStage(done: number, all: number): string {
  return `auditing blind, ${done} of ${all}`;
}

/** Written last: where it stands, the demonstration before was finished, and a new one starts afresh. */
const resultFile = "demo.json";

async function beginFolder(out: string): Promise<void> {
  await makeFolder(join(out, "agents"));
  const path = join(out, resultFile);
  if ((await kindOf(path)) === null) return;
  const before: unknown = await readJson(path).catch(() => null);
  const isOurs =
    typeof before === "object" && before !== null && "schema" in before && String(before.schema).startsWith("mesascope/demo@");
  if (!isOurs) throw fileSystemError(new Error("a file of another kind is already there"), { action: "write", path });
  const made = demoAgents.map((id) => join(out, "agents", id));
  for (const folder of [...made, ...made.map(trainingFolder), path]) {
    await rm(folder, { recursive: true, force: true }).catch((cause: unknown) => {
      throw fileSystemError(cause, { action: "remove", path: folder });
    });
  }
}

function agentFolder(out: string, organism: Organism): string {
  return join(out, "agents", organism.id);
}

function workerCount({ workers }: DemoOptions): number {
  return workers ?? availableParallelism();
}

async function trainAll(organisms: readonly Organism[], options: DemoOptions): Promise<void> {
  const { preset, seed } = options;
  const jobs: { readonly name: string; readonly input: TrainingJob; readonly steps: number }[] = [];
  for (const organism of organisms) {
    const folder = agentFolder(options.out, organism);
    const recipe = organism.recipe({ preset, seed });
    const isSame = (other: unknown) => isDeepStrictEqual(other, recipe); // in whatever order a file has its fields
    if ((await kindOf(join(folder, "manifest.json"))) === "file") {
      const { manifest } = await readAgent(folder);
      if (isSame(manifest.recipe) && manifest.codeVersion === codeVersion) {
        options.onTraining(organism.id, "finished before");
        continue;
      }
    }
    const start = isSame(await begunRecipe(folder)) ? null : { recipe, organism: organism.id };
    jobs.push({ name: organism.id, input: { folder, start, checkpointSeconds }, steps: recipe.optimizer.totalTimesteps });
  }
  await runInWorkers({
    entry: workerEntry("training/train-worker"),
    jobs: jobs.sort((a, b) => b.steps - a.steps),
    workers: workerCount(options),
    signal: options.signal,
    notes: trainingNoteSchema,
    onNote: ({ name }, note) => {
      if (note.kind === "warning") options.onWarning(`${name}: ${note.text}`);
      else options.onTraining(name, note);
    },
    advice: `run "${options.command}" again`,
  });
}

/** The audits in the order of `organisms`. The agents are dealt out over the workers; each solves the same levels for itself. */
async function auditAll(organisms: readonly Organism[], options: DemoOptions): Promise<AuditResult[]> {
  const folders = organisms.map((organism) => agentFolder(options.out, organism));
  const lanes = Math.min(workerCount(options), folders.length);
  const jobs = Array.from({ length: lanes }, (_, lane) => {
    const input: AuditJob = {
      folders: folders.filter((_, i) => i % lanes === lane),
      levels: auditLevels,
      seed: options.seed,
    };
    return { name: `audit ${lane + 1}`, input };
  });
  const results = new Map<string, AuditResult>();
  const shares = new Map<string, number>();
  await runInWorkers({
    entry: workerEntry("audit/audit-worker"),
    jobs,
    workers: lanes,
    signal: options.signal,
    notes: auditNoteSchema,
    onNote: ({ name }, note) => {
      if (note.kind === "result") results.set(note.folder, note.result);
      else shares.set(name, note.share);
      const done = results.size === folders.length ? lanes : [...shares.values()].reduce((sum, share) => sum + share, 0);
      options.onStage(auditStage(results.size, folders.length), done / lanes);
    },
    advice: `run "${options.command}" again`,
  });
  return folders.map((folder) => results.get(folder)!);
}

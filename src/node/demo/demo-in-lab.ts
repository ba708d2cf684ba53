// The trainings and audits of a demonstration as jobs of a lab. Its agents lie in folders all the same.

import { isDeepStrictEqual } from "node:util";
import type { AuditResult } from "../../core/audit/auditor.ts";
import { type Recipe, recipeSchema } from "../../core/organisms/recipe.ts";
import { auditResultSchema } from "../../lab/audit-result.ts";
import { type AuditJob, type JobKey, jobKey, type TrainJob } from "../../lab/job.ts";
import { codeVersion } from "../code-version.ts";
import { findRunOf } from "../lab/find-run.ts";
import { openStore } from "../lab/store/open-store.ts";
import { readStoredAudit } from "../lab/stored-audit.ts";
import { readStoredAgent, readStoredSnapshots } from "../lab/worker/stored-agent.ts";
import { doJobs, trainingProgressOf, type UsedLab } from "../server/do-jobs.ts";
import { readAgent, writeAgent } from "../storage/agent-folder.ts";
import { kindOf, listFolder } from "../storage/files.ts";
import type { TrainingProgress } from "../training/run-training.ts";
import { isBegun } from "../training/train-agent.ts";

/** An agent of the demonstration. */
export interface DemoAgent {
  /** Id of its organism. */
  readonly organism: string;
  readonly recipe: Recipe;
  /** Where it is written. */
  readonly folder: string;
}

interface InLab {
  readonly lab: UsedLab;
  readonly agents: readonly DemoAgent[];
  /** Jobs at a time. */
  readonly workers: number;
  readonly signal: AbortSignal;
}

/** The name of the sweep of its jobs. */
const sweep = "demo";

/** Whether a demonstration was begun here that the lab knows nothing of: it goes on as it was begun. */
export async function isBegunWithoutLab({ folder: lab }: UsedLab, agents: readonly DemoAgent[]): Promise<boolean> {
  const store = await openStore(lab);
  for (const { folder, recipe } of agents) {
    if (await isBegun(folder)) return true;
    const manifest = await agentIn(folder);
    const isOurs = manifest !== null && isDeepStrictEqual(manifest.recipe, recipe) && manifest.codeVersion === codeVersion;
    if (isOurs && (await findRunOf(store, manifest)) === null) return true;
  }
  return false;
}

/** Trains them in the lab, where it does not have them, and writes their folders. Throws as `doJobs`. */
export async function trainInLab(
  options: InLab & { readonly onTraining: (organism: string, progress: TrainingProgress | "finished before") => void },
): Promise<void> {
  const { lab, agents, workers, signal, onTraining } = options;
  const byRun = new Map(agents.map((agent) => [runOf(agent), agent]));
  // The longest first, so that no thread is left with one at the end.
  const jobs = agents.map(jobOf).sort((a, b) => b.recipe.optimizer.totalTimesteps - a.recipe.optimizer.totalTimesteps);
  await doJobs({
    ...{ lab, sweep, jobs, slots: workers, signal },
    onDoneBefore: ({ job }) => onTraining(byRun.get(job)!.organism, "finished before"),
    onProgress: (row) => onTraining(byRun.get(row.key)!.organism, trainingProgressOf(row, byRun.get(row.key)!.recipe)),
  });
  const store = await openStore(lab.folder);
  for (const agent of agents) {
    const made = await readStoredAgent(store, runOf(agent));
    const before = await agentIn(agent.folder);
    // The same recipe with its fields as the schema orders them: a database brings them into another order.
    const manifest = { ...made.manifest, recipe: recipeSchema.parse(agent.recipe) };
    // One that an earlier version wrote may lack what this one keeps of a training.
    if (
      before?.codeVersion === codeVersion &&
      before.policySha256 === manifest.policySha256 &&
      isDeepStrictEqual(before.recipe, agent.recipe)
    )
      continue;
    const snapshots = await readStoredSnapshots(store, runOf(agent));
    await writeAgent(agent.folder, { ...made, snapshots, manifest, overwrite: true });
  }
}

/** Audits them in the lab, and gives what was found in their order. Throws as `doJobs`. */
export async function auditInLab(
  options: InLab & {
    readonly levels: number;
    readonly seed: number;
    /** Told how many are audited, and of the whole, 0 to 1. */
    readonly onProgress: (progress: { readonly done: number; readonly share: number }) => void;
  },
): Promise<AuditResult[]> {
  const { lab, agents, workers, signal, levels, seed, onProgress } = options;
  const jobs = agents.map((agent): AuditJob => ({ kind: "audit", run: runOf(agent), levels, seed, code: codeVersion }));
  const shares = new Map<JobKey, number>();
  const tell = (key: JobKey, share: number): void => {
    shares.set(key, share);
    const told = [...shares.values()];
    onProgress({
      done: told.filter((each) => each === 1).length,
      share: told.reduce((sum, each) => sum + each, 0) / agents.length,
    });
  };
  const records = await doJobs({
    ...{ lab, sweep, jobs, slots: workers, signal },
    onDoneBefore: ({ job }) => tell(job, 1),
    onProgress: ({ key, state, progress }) => tell(key, state === "done" ? 1 : Math.min(progress?.share ?? 0, 0.99)),
  });
  const store = await openStore(lab.folder);
  const results: AuditResult[] = [];
  // As results come from the threads of a demonstration without a lab, field for field.
  for (const record of records) results.push(auditResultSchema.parse(await readStoredAudit(store, record)));
  return results;
}

function jobOf({ organism, recipe }: DemoAgent): TrainJob {
  return { kind: "train", organism, recipe, code: codeVersion };
}

function runOf(agent: DemoAgent): JobKey {
  return jobKey(jobOf(agent));
}

/** The manifest of the agent in a folder; null where there is none. */
async function agentIn(folder: string) {
  if ((await kindOf(folder)) !== "folder" || !(await listFolder(folder)).includes("manifest.json")) return null;
  return (await readAgent(folder)).manifest;
}

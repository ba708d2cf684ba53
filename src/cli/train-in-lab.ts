// Training as a job of a lab: done there, or found there, and written to a folder where one is wanted.

import type { AgentManifest } from "../core/agents/manifest.ts";
import { MesascopeError } from "../core/base/errors.ts";
import type { TrainJob } from "../lab/job.ts";
import type { UsedLab } from "../node/server/do-jobs.ts";
import type { CheckpointInterval, TrainingProgress, TrainingStart } from "../node/training/run-training.ts";

export interface TrainInLabOptions {
  readonly lab: UsedLab;
  readonly start: TrainingStart;
  /** The agent's folder; null to leave it in the lab. */
  readonly out: string | null;
  /** Replace an agent that is in the folder. */
  readonly overwrite: boolean;
  readonly checkpoints: CheckpointInterval | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
}

/** Trains, or finds what was trained. Throws as `doJobs` and `trainAgent`; `usage` for checkpoints by updates, which a lab does not make. */
export async function trainInLab(
  options: TrainInLabOptions,
): Promise<{ readonly manifest: AgentManifest; readonly key: string }> {
  const { lab, start, out, overwrite, signal, onProgress } = options;
  const checkpointSeconds = secondsOf(options.checkpoints);
  const { requireAgentRoom } = await import("../node/training/train-agent.ts");
  const { recipeSchema } = await import("../core/organisms/recipe.ts");
  const { codeVersion } = await import("../node/code-version.ts");
  const { doJobs, trainingProgressOf } = await import("../node/server/do-jobs.ts");
  const { openStore } = await import("../node/lab/store/open-store.ts");
  const { readStoredAgent, readStoredSnapshots } = await import("../node/lab/worker/stored-agent.ts");
  const { writeAgent } = await import("../node/storage/agent-folder.ts");
  if (out !== null) await requireAgentRoom({ folder: out, overwrite, start });
  const recipe = recipeSchema.parse(start.recipe);
  const job: TrainJob = { kind: "train", organism: start.organism, recipe, code: codeVersion };
  const [record] = await doJobs({
    ...{ lab, sweep: "train", jobs: [job], slots: 1, signal },
    ...(checkpointSeconds !== null && { checkpointSeconds }),
    onProgress: (row) => onProgress(trainingProgressOf(row, recipe)),
  });
  const store = await openStore(lab.folder);
  const agent = await readStoredAgent(store, record!.job);
  // The same recipe with its fields as they were given: a database brings them into another order.
  const manifest = { ...agent.manifest, recipe };
  if (out !== null) {
    const snapshots = await readStoredSnapshots(store, record!.job);
    await writeAgent(out, { ...agent, snapshots, manifest, overwrite });
  }
  return { manifest, key: record!.job };
}

function secondsOf(checkpoints: CheckpointInterval | null): number | null {
  if (checkpoints === null) return null;
  if (checkpoints.kind === "seconds") return checkpoints.every;
  throw new MesascopeError(
    "usage",
    `--checkpoint-every ${checkpoints.every}u given where a lab is used, which saves by seconds; expected such as 30s. Say seconds, or add --no-lab.`,
  );
}

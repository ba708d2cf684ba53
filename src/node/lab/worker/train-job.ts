// A train job: training from the recipe, or from the newest checkpoint in the store, to an agent whose files are blobs.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { BlobRef } from "../../../lab/artifact-store.ts";
import { curveRows } from "../../../lab/curve-row.ts";
import type { TrainJob } from "../../../lab/job.ts";
import { encodeAgent } from "../../storage/agent-folder.ts";
import { runTraining, type TrainingPlace } from "../../training/run-training.ts";
import { type JobDone, type JobLeft, type JobTools, putFiles, whenStoreAnswers } from "./job-tools.ts";
import { StoreCheckpoints } from "./store-checkpoints.ts";

/**
 * Trains, or leaves a job whose newest checkpoint is another engine's: going on from it would come to weights that neither engine comes to by itself.
 * Its checkpoints stay until `removeCheckpoints`. Throws as `runTraining`, `interrupted` after a checkpoint.
 */
export async function trainJob({ organism, recipe }: TrainJob, tools: JobTools): Promise<JobDone | JobLeft> {
  const { engine, store, key, signal, report, warn } = tools;
  const now = new Date().toISOString();
  const checkpoints = new StoreCheckpoints(store, key);
  const found = await whenStoreAnswers(() => checkpoints.load(warn), tools);
  if (found !== null && found.state.engine !== engine.name) return { kind: "left", engine: found.state.engine };
  if (found !== null) report({}, curveRows(found.state.curve));
  const startedAt = found?.startedAt ?? now;
  const saves = new BackgroundSaves(warn);
  let files: Readonly<Record<string, BlobRef>> = {};
  const place: TrainingPlace = {
    save: async (state, update) => {
      if (update === 0) return; // a run that begins has nothing to lose
      if (signal.aborted) await saves.settled();
      saves.begin(() => checkpoints.save(state, { update, startedAt }));
      if (signal.aborted) await saves.settled();
    },
    write: async (agent) => {
      const encoded = encodeAgent(agent);
      files = await putFiles({ ...encoded.files, ...encoded.snapshots }, tools);
      return encoded.manifest;
    },
  };
  const manifest = await runTraining({
    ...{ engine, place, signal, start: { recipe, organism }, begun: found?.state ?? null },
    checkpoints: { kind: "seconds", every: tools.checkpointSeconds },
    onProgress: ({ environmentSteps, totalSteps, trainingReturn, oracleShare, secondsLeft }) =>
      report({ share: environmentSteps / totalSteps, secondsLeft, environmentSteps, trainingReturn, oracleShare }),
    onEvaluation: (evaluation) => report({}, curveRows([evaluation])),
  }).finally(() => saves.settled()); // a checkpoint written later would be one that nobody removes
  const { environmentSteps, return: trainingReturn, oracleReturn, oracleShare, seconds } = manifest.training!;
  const outcome = { kind: "train" as const, environmentSteps, trainingReturn, oracleReturn, oracleShare };
  return { kind: "done", outcome, files, engine: engine.name, startedAt, seconds };
}

/** Training does not wait for a slow store, nor for a lost one: checkpoints are written beside it, one at a time. */
class BackgroundSaves {
  readonly #warn: JobTools["warn"];
  #running: Promise<void> | null = null;

  constructor(warn: JobTools["warn"]) {
    this.#warn = warn;
  }

  /** Begins to save; where the one before is not done yet, does nothing: the next one will be newer. */
  begin(save: () => Promise<void>): void {
    this.#running ??= save()
      .catch((error: unknown) => {
        const why = error instanceof MesascopeError ? error.message : String(error);
        this.#warn(`a checkpoint could not be saved: ${why} Training goes on.`);
      })
      .finally(() => {
        this.#running = null;
      });
  }

  /** When nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#running;
  }
}

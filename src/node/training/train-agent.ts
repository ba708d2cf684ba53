// Trains one agent to a folder on disk, its checkpoints in a folder beside it; stopped, it can be continued to the same bits.

import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { AgentManifest } from "../../core/agents/manifest.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { writeAgent } from "../storage/agent-folder.ts";
import { loadLatestCheckpoint, saveCheckpoint } from "../storage/checkpoint-file.ts";
import { fileSystemError, kindOf, listFolder, restoreAsides } from "../storage/files.ts";
import {
  type CheckpointInterval,
  runTraining,
  type TrainingPlace,
  type TrainingProgress,
  type TrainingStart,
  warningOfOthers,
} from "./run-training.ts";
import { decodeTraining, encodeTraining, type TrainingState } from "./training-checkpoint.ts";

export interface TrainAgentOptions {
  readonly engine: Engine;
  /** The agent's folder, made at the end. Until then the run's checkpoints lie beside it, see `trainingFolder`. */
  readonly folder: string;
  /** What to train; null to continue what was begun there. */
  readonly start: TrainingStart | null;
  /** Replace an agent that is already there, and a run that was begun there. */
  readonly overwrite: boolean;
  readonly checkpoints: CheckpointInterval;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Told of things the user should know and that stop nothing. */
  readonly onWarning: (text: string) => void;
}

/** Where a run that is not finished keeps its checkpoints. */
export function trainingFolder(folder: string): string {
  return `${resolve(folder)}.training`;
}

/**
 * Trains, verifies (when the recipe is an organism's) and writes the agent. Throws `interrupted` after a checkpoint when the signal
 * aborts, `check-failed` when the organism is not what it should be (its checkpoints are removed, so that another can be tried), `usage` when there is nothing to continue, no room to write, or a
 * begun run that would be lost.
 */
export async function trainAgent(options: TrainAgentOptions): Promise<AgentManifest> {
  const { engine, folder, start, checkpoints, signal, onProgress } = options;
  await requireAgentRoom(options);
  const begun = start ? null : await loadState(options);
  try {
    const manifest = await runTraining({
      ...{ engine, checkpoints, signal, onProgress, begun },
      place: folderPlace(options),
      start: start ?? begun!,
    });
    await removeTraining(folder);
    return manifest;
  } catch (error) {
    // Continued from its checkpoints the run could only fail again: they would stand in the way of one that does not.
    if (error instanceof MesascopeError && error.code === "check-failed") await removeTraining(folder);
    throw error;
  }
}

function folderPlace({ folder, overwrite }: TrainAgentOptions): TrainingPlace {
  return {
    save: async (state, update) => {
      if (update === 0) await removeTraining(folder);
      await saveCheckpoint(trainingFolder(folder), encodeTraining(state));
    },
    write: (agent) => writeAgent(folder, { ...agent, overwrite }),
  };
}

/** The recipe of the run that was begun for `folder` and is not finished; null where there is none. Throws as the readers of checkpoints do. */
export async function begunRecipe(folder: string): Promise<Recipe | null> {
  const loaded = await loadLatestCheckpoint(trainingFolder(folder));
  return loaded && decodeTraining(loaded.checkpoint, loaded.path).recipe;
}

async function loadState({ engine, folder, onWarning }: TrainAgentOptions): Promise<TrainingState> {
  const loaded = await loadLatestCheckpoint(trainingFolder(folder));
  if (!loaded) {
    throw new MesascopeError(
      "usage",
      `nothing to continue for ${folder}: there is no checkpoint in ${trainingFolder(folder)}. Start the run with "mesascope train ORGANISM --out ${folder}".`,
    );
  }
  if (loaded.warning) onWarning(loaded.warning);
  const state = decodeTraining(loaded.checkpoint, loaded.path);
  const warning = warningOfOthers(state, engine);
  if (warning !== null) onWarning(warning);
  return state;
}

/** Throws `usage` where the agent could not be written to its folder, or a run that was begun for it would be lost. */
export async function requireAgentRoom(given: Pick<TrainAgentOptions, "folder" | "overwrite" | "start">): Promise<void> {
  const { folder, overwrite, start } = given;
  await restoreAsides(dirname(resolve(folder)));
  const kind = await kindOf(folder);
  const names = kind === "folder" ? await listFolder(folder) : [];
  const isAgent = names.includes("manifest.json");
  if (kind === null || (kind === "folder" && names.length === 0) || (isAgent && overwrite)) {
    if (start && !overwrite) await requireNoneBegun(folder);
    return;
  }
  const what = kind === "folder" ? (isAgent ? "an agent is" : "other files are") : "a file is";
  const advice = isAgent
    ? start
      ? "Name another folder, or replace it with --force."
      : "It is finished; to finish a run that was begun to replace it, add --force."
    : "Name another folder.";
  throw new MesascopeError("usage", `${folder} given as the agent's folder, but ${what} already there. ${advice}`);
}

/** Whether there are checkpoints of a run that was begun for `folder` and is not finished. */
export async function isBegun(folder: string): Promise<boolean> {
  const path = trainingFolder(folder);
  return (await kindOf(path)) === "folder" && (await listFolder(path)).length > 0;
}

async function requireNoneBegun(folder: string): Promise<void> {
  if (!(await isBegun(folder))) return;
  const path = trainingFolder(folder);
  throw new MesascopeError(
    "usage",
    `a run was begun for ${folder} and is not finished; its checkpoints are in ${path}. Continue it with "mesascope train --resume ${folder}", or start again with --force.`,
  );
}

async function removeTraining(folder: string): Promise<void> {
  const path = trainingFolder(folder);
  await rm(path, { recursive: true, force: true }).catch((cause: unknown) => {
    throw fileSystemError(cause, { action: "remove", path });
  });
}

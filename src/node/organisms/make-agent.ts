// Makes one agent of a population: attempt after attempt until one is verified. What was finished or begun before is not done again.

import { isDeepStrictEqual } from "node:util";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { Recipe } from "../../core/organisms/recipe.ts";
import { codeVersion } from "../code-version.ts";
import { readAgent } from "../storage/agent-folder.ts";
import { kindOf, writeJson } from "../storage/files.ts";
import { begunRecipe, trainAgent } from "../training/train-agent.ts";
import type { MakeFailure, MakeJob, MakeNote } from "./make-messages.ts";

export interface MakeTools {
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly tell: (note: MakeNote) => void;
}

/**
 * Tells `made` with the folder of the agent that is kept, or nothing when every attempt failed; each failure is told and written down.
 * Throws `usage` for a population that other code began.
 */
export async function makeAgent(job: MakeJob, tools: MakeTools): Promise<void> {
  if (job.codeVersion !== codeVersion) {
    throw new MesascopeError(
      "usage",
      `the population was begun by the code of version ${job.codeVersion}, and this is ${codeVersion}: files were changed while it is made. Make it from a copy of the code that stays as it is.`,
    );
  }
  for (const { folder, failure: failurePath, recipe } of job.attempts) {
    const reason = (await isMade(folder, recipe)) ? null : await train({ folder, recipe, job, tools });
    if (reason === null) return tools.tell({ kind: "made", folder });
    const failure: MakeFailure = {
      organism: job.organism,
      seed: recipe.seed,
      network: recipe.network.kind,
      optimizer: recipe.optimizer.kind,
      reason,
    };
    await writeJson(failurePath, failure);
    tools.tell({ kind: "not-kept", failure });
  }
}

async function isMade(folder: string, recipe: Recipe): Promise<boolean> {
  if ((await kindOf(`${folder}/manifest.json`)) !== "file") return false;
  const { manifest } = await readAgent(folder);
  return isDeepStrictEqual(manifest.recipe, recipe) && manifest.codeVersion === codeVersion;
}

/** Null when the agent is there; else why it was not kept. */
async function train(run: {
  readonly folder: string;
  readonly recipe: Recipe;
  readonly job: MakeJob;
  readonly tools: MakeTools;
}): Promise<string | null> {
  const { folder, recipe, job, tools } = run;
  const isBegun = isDeepStrictEqual(await begunRecipe(folder), recipe);
  try {
    await trainAgent({
      engine: tools.engine,
      folder,
      start: isBegun ? null : { recipe, organism: job.organism },
      overwrite: true,
      checkpoints: { kind: "seconds", every: job.checkpointSeconds },
      signal: tools.signal,
      onProgress: (progress) => tools.tell({ kind: "progress", ...progress }),
      onWarning: (text) => tools.tell({ kind: "warning", text }),
    });
    return null;
  } catch (error) {
    const isNotKept = error instanceof MesascopeError && (error.code === "check-failed" || error.code === "unconverged");
    if (!isNotKept) throw error;
    return error.message;
  }
}

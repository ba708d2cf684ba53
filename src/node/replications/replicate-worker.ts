// The entry of a replication worker: does the tasks that it is started with, one after the other, and tells what came of each.

import { MesascopeError } from "../../core/base/errors.ts";
import { measureBoard, SolvedLevels } from "../../core/replications/measure.ts";
import { codeVersion } from "../code-version.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { runWorkerJob } from "../workers/worker-side.ts";
import { makeAgent } from "./make-agent.ts";
import { type ReplicationJob, type ReplicationNote, replicationJobSchema } from "./messages.ts";
import { RecordsFolder } from "./records-folder.ts";

await runWorkerJob<ReplicationJob, ReplicationNote>(
  replicationJobSchema,
  async ({ codeVersion: asking, folder, tasks }, { signal, tell }) => {
    requireSameCode(asking);
    const engine = await createOnnxEngine();
    const solved = new SolvedLevels(() => performance.now());
    const records = new RecordsFolder(folder);
    for (const [place, task] of tasks.entries()) {
      signal.throwIfAborted();
      const record =
        task.kind === "board"
          ? await measureBoard(task.board, solved)
          : await makeAgent({
              engine,
              planned: task.planned,
              folder: records,
              solved,
              signal,
              onSteps: (environmentSteps) => tell({ kind: "steps", place, environmentSteps }),
            }).catch((error: unknown) => {
              throw nameRun(error, `${task.planned.condition}, seed ${task.planned.seed}`);
            });
      await records.write(task, record);
      tell({ kind: "finished", place });
    }
  },
);

function requireSameCode(asking: string): void {
  if (asking === codeVersion) return;
  throw new MesascopeError(
    "usage",
    `the code changed while a card was made: the runs were asked for by mesascope ${asking}, and this is ${codeVersion}. Start again.`,
  );
}

/** The error with the run that it happened in. */
function nameRun(error: unknown, run: string): unknown {
  if (!(error instanceof MesascopeError) || error.code === "interrupted") return error;
  return new MesascopeError(error.code, `${run}: ${error.message}`, { cause: error });
}

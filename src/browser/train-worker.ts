// The entry of a training worker: trains from the recipe it is sent, tells how it goes, and answers with the policy as ONNX.

import { MesascopeError } from "../core/base/errors.ts";
import { TrainingRun } from "../core/organisms/training-run.ts";
import { receive, requestSchema, type TrainingAnswer, type TrainingJob } from "./messages.ts";
import { createWebEngine, isRuntimeThread } from "./web-engine.ts";

/** Updates between two measurements on the evaluation levels (a measurement costs about a third of an update). */
const updatesPerEvaluation = 4;

/** What was asked for since the last update. */
const asked = { stop: false, snapshots: 0 };
let hasJob = false;

if (!isRuntimeThread()) {
  addEventListener("message", (event) => {
    work(event.data).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      tell({ kind: "failed", code: error instanceof MesascopeError ? error.code : null, message });
    });
  });
}

async function work(data: unknown): Promise<void> {
  const request = receive(requestSchema, data);
  switch (request.kind) {
    case "train":
      if (hasJob)
        throw new MesascopeError("usage", "a second job given to a training worker; expected one. Start another worker.");
      hasJob = true;
      await train(request);
      break;
    case "snapshot":
      asked.snapshots++;
      break;
    case "stop":
      asked.stop = true;
      break;
    default:
      request satisfies never;
  }
}

async function train({ recipe, snapshot, engine: settings }: TrainingJob): Promise<void> {
  const engine = createWebEngine({
    wasmPaths: settings.wasmPaths ?? undefined,
    threads: settings.threads ?? undefined,
  });
  const run = await TrainingRun.create(engine, recipe);
  try {
    if (snapshot) run.restore(snapshot);
    let evaluation = await run.evaluate();
    for (;;) {
      const { environmentSteps } = run;
      const { trainingReturn, oracleShare } = evaluation;
      tell({ kind: "progress", environmentSteps, trainingReturn, oracleShare, engine: engine.name });
      await nextTurn();
      for (; asked.snapshots > 0; asked.snapshots--) tell({ kind: "snapshot", snapshot: snapshotOf(run) });
      if (run.isDone) break;
      if (asked.stop) return tell({ kind: "stopped", snapshot: snapshotOf(run) });
      const { update } = await run.update();
      if (update % updatesPerEvaluation === 0 || run.isDone) evaluation = await run.evaluate();
    }
    const { model, hooks } = run.export();
    tell({ kind: "trained", model, hooks: [...hooks], evaluation, engine: engine.name });
  } finally {
    await run.release();
  }
}

function snapshotOf(run: TrainingRun): NonNullable<TrainingJob["snapshot"]> {
  const { tensors, state } = run.snapshot();
  return { tensors: { ...tensors }, state };
}

/** Lets messages in: they are not heard while the engine computes. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function tell(answer: TrainingAnswer): void {
  postMessage(answer);
}

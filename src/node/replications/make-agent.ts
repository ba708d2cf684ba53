// One agent of a replication: trained (or taken from those that were), measured in the course of training where that is asked for, and
// at its end.

import { setImmediate as nextTurn } from "node:timers/promises";
import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { Policy } from "../../core/agents/policy.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { measureTrained, playBoards, type ReadOutBanks } from "../../core/replications/measure.ts";
import { type PlannedAgent, stageOf } from "../../core/replications/plan.ts";
import type { AgentRecord } from "../../core/replications/records.ts";
import type { KeptAgent, RecordsFolder } from "./records-folder.ts";

export interface MakeAgentOptions {
  readonly engine: Engine;
  readonly planned: PlannedAgent;
  readonly folder: RecordsFolder;
  readonly banks: ReadOutBanks;
  readonly signal: AbortSignal;
  readonly onSteps: (environmentSteps: number) => void;
}

/** Trains and measures. Throws the signal's reason when it aborts: the run begins anew next time, they are short. */
export async function makeAgent(options: MakeAgentOptions): Promise<AgentRecord> {
  const { engine, planned, folder, banks } = options;
  const measurements: AgentRecord["measurements"] = [];
  const kept = planned.checkpoints > 1 ? null : await folder.readAgent(planned);
  const agent = kept ?? (await train(options, measurements));
  if (!kept) await folder.writeAgent(planned, agent);
  const started = performance.now();
  const { sets, ...measured } = await withPolicy(engine, { model: agent.model, planned }, (policy) =>
    measureTrained({ planned, policy, banks }),
  );
  const { environmentSteps, seconds } = agent;
  return {
    kind: "agent",
    condition: planned.condition,
    seed: planned.seed,
    environmentSteps,
    trainingSeconds: seconds,
    measuringSeconds: (performance.now() - started) / 1000,
    measurements: [...measurements, { environmentSteps, sets }],
    ...measured,
  };
}

/** Trains to the end; where checkpoints are asked for, measures before the first step and evenly on the way. */
async function train(options: MakeAgentOptions, measurements: AgentRecord["measurements"]): Promise<KeptAgent> {
  const { engine, planned, signal, onSteps } = options;
  const { checkpoints, recipe } = planned;
  const run = await TrainingRun.create(engine, recipe);
  let seconds = 0;
  const measure = async (): Promise<void> => {
    const sets = await withPolicy(engine, { model: run.export().model, planned }, (policy) => playBoards(planned.boards, policy));
    measurements.push({ environmentSteps: run.environmentSteps, sets });
  };
  try {
    if (checkpoints > 1) await measure();
    while (!run.isDone) {
      signal.throwIfAborted();
      const started = performance.now();
      await run.update();
      seconds += (performance.now() - started) / 1000;
      onSteps(run.environmentSteps);
      const isDue = run.environmentSteps >= (recipe.optimizer.totalTimesteps * measurements.length) / checkpoints;
      if (checkpoints > 1 && isDue && !run.isDone) await measure();
      await nextTurn(); // lets messages in
    }
    return { model: run.export().model, environmentSteps: run.environmentSteps, seconds };
  } finally {
    await run.release();
  }
}

/** Calls `use` with the policy in `model`, and frees it. */
export async function withPolicy<Result>(
  engine: Engine,
  agent: { readonly model: Uint8Array; readonly planned: PlannedAgent },
  use: (policy: Policy) => Promise<Result>,
): Promise<Result> {
  const session = await engine.compile(agent.model);
  try {
    const { world, encoder } = stageOf(agent.planned.recipe);
    return await use(onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length }));
  } finally {
    await session.release();
  }
}

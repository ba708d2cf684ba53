// One agent of a replication: trained (or taken from those that were), measured in the course of training where that is asked for, and
// at its end.

import { setImmediate as nextTurn } from "node:timers/promises";
import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { Policy } from "../../core/agents/policy.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { findOrganism } from "../../core/organisms/index.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { verifyOrganism } from "../../core/organisms/verify.ts";
import { measureTrained, playBoards, type SolvedLevels } from "../../core/replications/measure.ts";
import { type PlannedAgent, stageOf } from "../../core/replications/plan.ts";
import type { AgentRecord } from "../../core/replications/records.ts";
import type { KeptAgent, RecordsFolder } from "./records-folder.ts";

export interface MakeAgentOptions {
  readonly engine: Engine;
  readonly planned: PlannedAgent;
  readonly folder: RecordsFolder;
  readonly solved: SolvedLevels;
  readonly signal: AbortSignal;
  readonly onSteps: (environmentSteps: number) => void;
}

/** Trains and measures. Throws the signal's reason when it aborts: the run begins anew next time, they are short. */
export async function makeAgent(options: MakeAgentOptions): Promise<AgentRecord> {
  const { engine, planned, folder, solved } = options;
  const measurements: AgentRecord["measurements"] = [];
  const kept = await keptAgent(planned, folder);
  const agent = kept ?? (await train(options, measurements));
  if (!kept) await folder.writeAgent(planned, agent);
  const started = performance.now();
  const { sets, ...measured } = await withPolicy(engine, { model: agent.model, planned }, async (policy) => ({
    ...(await measureTrained({ planned, policy, solved })),
    flaw: await flawOf(agent, { planned, policy }),
  }));
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

/** Why the agent is not the organism that it should be; null where it is, or need be none. */
async function flawOf(
  { evaluation }: KeptAgent,
  of: { readonly planned: PlannedAgent; readonly policy: Policy },
): Promise<string | null> {
  const { planned, policy } = of;
  if (planned.organism === null) return null;
  const organism = findOrganism(planned.organism);
  try {
    await verifyOrganism({ organism, seed: planned.seed, evaluation, policy, ...stageOf(planned.recipe) });
    return null;
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "check-failed") return error.message;
    throw error;
  }
}

/** The agent as it was trained before; null where it was not, or where more must be known of it than its end. */
export async function keptAgent(planned: PlannedAgent, folder: RecordsFolder): Promise<KeptAgent | null> {
  return planned.checkpoints > 1 ? null : folder.readAgent(planned);
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
    const evaluation = await run.evaluate();
    return { model: run.export().model, environmentSteps: run.environmentSteps, seconds, evaluation };
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

// What a replication will cost on this machine, measured before it is begun: a second of training of each kind of recipe, and one agent's
// measurement.

import type { Engine } from "../../core/engine/engine.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { measureTrained, SolvedLevels } from "../../core/replications/measure.ts";
import { keyOf, type PlannedAgent } from "../../core/replications/plan.ts";
import { withPolicy } from "./make-agent.ts";
import type { Task } from "./records-folder.ts";

const tryingSeconds = 1;

export interface Price {
  /** Of all that is asked for; how many of them are to be measured, and how many of those to be trained first. */
  readonly agents: number;
  readonly missing: number;
  readonly untrained: number;
  /** Environment steps that are to be taken in training. */
  readonly environmentSteps: number;
  /** Of one thread, weighted by steps; null where nothing is to be trained. */
  readonly stepsPerSecond: number | null;
  readonly measuringSeconds: number;
  readonly workers: number;
  /** In all, on all threads together. */
  readonly seconds: number;
}

export interface PriceOptions {
  readonly engine: Engine;
  /** All that the card is made of. */
  readonly tasks: readonly Task[];
  /** Those of them that are not done. */
  readonly missing: readonly Task[];
  readonly isTrained: (agent: PlannedAgent) => Promise<boolean>;
  readonly workers: number;
  readonly signal: AbortSignal;
}

/** Measures and multiplies. Nothing that is tried is kept. */
export async function priceOf({ engine, tasks, missing, isTrained, workers, signal }: PriceOptions): Promise<Price> {
  const planned = missing.flatMap((task) => (task.kind === "agent" ? [task.planned] : []));
  const kinds = new Map<string, PlannedAgent[]>();
  const untrained: PlannedAgent[] = [];
  for (const agent of planned) if (!(await isTrained(agent))) untrained.push(agent);
  for (const agent of planned) kinds.set(kindOf(agent), [...(kinds.get(kindOf(agent)) ?? []), agent]);
  let trainingSeconds = 0;
  let measuring = 0;
  for (const [place, agents] of [...kinds.values()].entries()) {
    signal.throwIfAborted();
    const tried = await tryKind(engine, { planned: agents[0]!, withMeasuring: place === 0 });
    trainingSeconds += stepsOf(agents.filter((agent) => untrained.includes(agent))) / tried.stepsPerSecond;
    measuring ||= tried.measuringSeconds;
  }
  const environmentSteps = stepsOf(untrained);
  const rounds = planned.reduce((sum, { checkpoints }) => sum + (checkpoints + 1) / 2, 0);
  const measurements = rounds + (missing.length - planned.length);
  return {
    agents: tasks.filter(({ kind }) => kind === "agent").length,
    missing: planned.length,
    untrained: untrained.length,
    environmentSteps,
    stepsPerSecond: untrained.length === 0 ? null : environmentSteps / trainingSeconds,
    measuringSeconds: measuring,
    workers,
    seconds: (trainingSeconds + measurements * measuring) / Math.max(1, Math.min(workers, missing.length)),
  };
}

function stepsOf(agents: readonly PlannedAgent[]): number {
  return agents.reduce((sum, { recipe }) => sum + recipe.optimizer.totalTimesteps, 0);
}

/** Agents of one kind train at the same speed. */
function kindOf({ recipe }: PlannedAgent): string {
  const { world, encoder, network, optimizer } = recipe;
  return keyOf({ world, encoder, network, optimizer: { ...optimizer, totalTimesteps: 0 } });
}

async function tryKind(
  engine: Engine,
  { planned, withMeasuring }: { readonly planned: PlannedAgent; readonly withMeasuring: boolean },
): Promise<{ readonly stepsPerSecond: number; readonly measuringSeconds: number }> {
  const run = await TrainingRun.create(engine, planned.recipe);
  try {
    await run.update(); // the first one warms up
    const [before, started] = [run.environmentSteps, performance.now()];
    let seconds = 0;
    do {
      if (run.isDone) break;
      await run.update();
      seconds = (performance.now() - started) / 1000;
    } while (seconds < tryingSeconds);
    const stepsPerSecond = seconds === 0 ? before / tryingSeconds : (run.environmentSteps - before) / seconds;
    if (!withMeasuring) return { stepsPerSecond, measuringSeconds: 0 };
    const { model } = run.export();
    const measuringStarted = performance.now();
    await withPolicy(engine, { model, planned }, (policy) =>
      measureTrained({ planned, policy, solved: new SolvedLevels(() => performance.now()) }),
    );
    return { stepsPerSecond, measuringSeconds: (performance.now() - measuringStarted) / 1000 };
  } finally {
    await run.release();
  }
}

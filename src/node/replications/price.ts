// What a replication will cost on this machine, measured before it is begun: a few updates of every kind of recipe, and the
// measurement of an agent and of reference agents on every kind of board.

import { canonicalJson } from "../../core/base/canonical-json.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { TrainingRun } from "../../core/organisms/training-run.ts";
import { measureBoard, measureTrained, SolvedLevels } from "../../core/replications/measure.ts";
import type { Board, PlannedAgent } from "../../core/replications/plan.ts";
import { measureTrainingSpeed } from "../training/training-speed.ts";
import { withPolicy } from "./make-agent.ts";
import type { Task } from "./records-folder.ts";

/** Reference agents are tried on this share of a board's levels. */
const triedShare = 1 / 16;
/** What a card may cost on two cores at its stated scale. */
const affordableSeconds = 45 * 60;
const affordableOn = 2;

export interface Price {
  /** Of all that is asked for; how many of them are to be measured, and how many of those to be trained first. */
  readonly agents: number;
  readonly missing: number;
  readonly untrained: number;
  /** Environment steps that are to be taken in training. */
  readonly environmentSteps: number;
  /** Of one thread, weighted by steps; null where nothing is to be trained. */
  readonly stepsPerSecond: number | null;
  /** Of one agent, the mean. */
  readonly measuringSeconds: number;
  readonly workers: number;
  /** In all, on all threads together. */
  readonly seconds: number;
  /** Whether two cores would take longer than a card may at its stated scale: 45 minutes. */
  readonly isAbove: boolean;
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

/** Measures and multiplies. Nothing that is tried is kept. Throws the signal's reason when it aborts. */
export async function priceOf(options: PriceOptions): Promise<Price> {
  const { tasks, missing, isTrained, workers } = options;
  const planned = missing.flatMap((task) => (task.kind === "agent" ? [task.planned] : []));
  const boards = missing.flatMap((task) => (task.kind === "board" ? [task.board] : []));
  const untrained: PlannedAgent[] = [];
  for (const agent of planned) if (!(await isTrained(agent))) untrained.push(agent);
  const training = await priceTraining(untrained, options);
  const measuring = await priceMeasuring(planned, options);
  const references = await priceBoards(boards, { ...options, measuringSeconds: measuring.perAgent });
  const environmentSteps = stepsOf(untrained);
  const threads = Math.max(1, Math.min(workers, missing.length));
  const dealt = training + measuring.seconds + references;
  return {
    agents: tasks.filter(({ kind }) => kind === "agent").length,
    missing: planned.length,
    untrained: untrained.length,
    environmentSteps,
    stepsPerSecond: untrained.length === 0 ? null : environmentSteps / training,
    measuringSeconds: measuring.perAgent,
    workers,
    seconds: dealt / threads + measuring.onEveryThread,
    isAbove: dealt / affordableOn + measuring.onEveryThread > affordableSeconds,
  };
}

/** Seconds of training, in all. */
async function priceTraining(untrained: readonly PlannedAgent[], { engine, signal }: PriceOptions): Promise<number> {
  let seconds = 0;
  for (const agents of Map.groupBy(untrained, trainingKind).values()) {
    signal.throwIfAborted();
    seconds += stepsOf(agents) / (await measureTrainingSpeed(engine, agents[0]!.recipe)).stepsPerSecond;
  }
  return seconds;
}

/** Seconds of measuring agents: of all in turn, of solving levels once on every thread, and the mean of an agent. */
async function priceMeasuring(
  planned: readonly PlannedAgent[],
  { engine, signal }: PriceOptions,
): Promise<{ readonly seconds: number; readonly onEveryThread: number; readonly perAgent: number }> {
  let [seconds, onEveryThread, rounds] = [0, 0, 0];
  for (const agents of Map.groupBy(planned, measuringKind).values()) {
    signal.throwIfAborted();
    const { once, again } = await tryMeasuring(engine, agents[0]!);
    const own = agents.reduce((sum, { checkpoints }) => sum + (checkpoints + 1) / 2, 0);
    rounds += own;
    seconds += own * again;
    onEveryThread += Math.max(0, once - again);
  }
  return { seconds, onEveryThread, perAgent: rounds === 0 ? 0 : seconds / rounds };
}

/** Seconds of reference agents: their play from a few levels; what a read-out or an audit of each takes is what an agent's takes. */
async function priceBoards(
  boards: readonly Board[],
  { signal, measuringSeconds }: PriceOptions & { readonly measuringSeconds: number },
): Promise<number> {
  let seconds = 0;
  for (const same of Map.groupBy(boards, boardKind).values()) {
    signal.throwIfAborted();
    const [board] = same as [Board, ...Board[]];
    const levels = Math.max(4, Math.round(board.levels * triedShare));
    const solved = new SolvedLevels(() => performance.now());
    const tried = await measureBoard({ ...board, levels, readOutLevels: 0, auditLevels: 0 }, solved);
    const examined = board.readOutLevels + board.auditLevels > 0 ? tried.references.length * measuringSeconds : 0;
    seconds += same.length * ((tried.seconds * board.levels) / levels + examined);
  }
  return seconds;
}

function stepsOf(agents: readonly PlannedAgent[]): number {
  return agents.reduce((sum, { recipe }) => sum + recipe.optimizer.totalTimesteps, 0);
}

/** Agents of one kind train at the same speed. */
function trainingKind({ recipe }: PlannedAgent): string {
  const { world, encoder, network, optimizer } = recipe;
  return canonicalJson({ world, encoder, network, optimizer: { ...optimizer, totalTimesteps: 0 } });
}

/** They are measured as fast where they play on boards of the same worlds with the same network. */
function measuringKind({ recipe, boards, readOutLevels, auditLevels }: PlannedAgent): string {
  const { world, encoder, network } = recipe;
  const played = boards.map((board) => ({ world: board.world, levels: board.levels }));
  return canonicalJson({ world, encoder, network, played, readOutLevels, auditLevels });
}

function boardKind({ world, encoder, levels, seekers, readOutLevels, auditLevels }: Board): string {
  return canonicalJson({ world, encoder, levels, seekers, readOutLevels, auditLevels });
}

/** Seconds of measuring an untrained agent the first time, when levels are solved, and again. */
async function tryMeasuring(engine: Engine, planned: PlannedAgent): Promise<{ readonly once: number; readonly again: number }> {
  const run = await TrainingRun.create(engine, planned.recipe);
  try {
    const { model } = run.export();
    const solved = new SolvedLevels(() => performance.now());
    const measure = async (): Promise<number> => {
      const started = performance.now();
      await withPolicy(engine, { model, planned }, (policy) => measureTrained({ planned, policy, solved }));
      return (performance.now() - started) / 1000;
    };
    return { once: await measure(), again: await measure() };
  } finally {
    await run.release();
  }
}

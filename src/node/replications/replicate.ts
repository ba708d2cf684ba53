// Makes the card of a replication: prices it, does what is missing in worker threads, and writes the card's three files.

import { join, resolve } from "node:path";
import type { Card } from "../../core/replications/card.ts";
import { makeCard } from "../../core/replications/make-card.ts";
import { type PlannedAgent, planOf, replacementsOf } from "../../core/replications/plan.ts";
import type { Replication, ReplicationScale } from "../../core/replications/replication.ts";
import type { MadeAgent, MadeBoard } from "../../core/replications/results.ts";
import { firstUnpilotedSeed } from "../../core/replications/seeds.ts";
import { cardMarkdown } from "../../report/cards/card-markdown.ts";
import { cardSvg } from "../../report/cards/card-svg.ts";
import { codeVersion } from "../code-version.ts";
import { createOnnxEngine } from "../engine/onnx-engine.ts";
import { describeMachine, machineText } from "../machine.ts";
import { atomicWrite, makeFolder, requireWritable, writeJson } from "../storage/files.ts";
import { runInWorkers, workerEntry } from "../workers/worker-pool.ts";
import { keptAgent } from "./make-agent.ts";
import { replicationNoteSchema } from "./messages.ts";
import { type Price, priceOf } from "./price.ts";
import { RecordsFolder, type Task } from "./records-folder.ts";

export interface ReplicateOptions {
  readonly replication: Replication;
  readonly scale: ReplicationScale;
  readonly seeds: number;
  readonly firstSeed: number;
  /** Where the files go, named by `cardFileName`. */
  readonly out: string;
  readonly workers: number;
  /** Forget runs of this replication that were made before. */
  readonly fresh: boolean;
  /** Where finished runs are kept; default the cache folder. */
  readonly records?: string;
  /** For the card: the command that makes it, and the day. */
  readonly command: string;
  /** What an interrupted run is continued with. */
  readonly again: string;
  readonly date: string;
  readonly signal: AbortSignal;
  /** Told once, before anything is done. */
  readonly onPrice: (price: ReplicationPrice) => void;
  readonly onProgress: (progress: ReplicationProgress) => void;
}

/** Finished runs that are made again, because another code made them. */
export interface OtherCode {
  readonly runs: number;
  readonly versions: readonly string[];
  readonly here: string;
}

export interface ReplicationPrice extends Price {
  readonly otherCode: OtherCode;
}

export interface ReplicationProgress {
  readonly done: number;
  readonly tasks: number;
  /** Of everything, 0 to 1. */
  readonly share: number;
  /** What is being trained: `corner size 3, seed 4`. */
  readonly doing: string;
}

export interface WrittenCard {
  readonly card: Card;
  readonly files: { readonly json: string; readonly markdown: string; readonly svg: string };
}

/**
 * Trains, measures and writes. Interrupted, it keeps every finished run, and the same call does only what is missing. Throws
 * `interrupted`, and as training and the files do.
 */
export async function replicate(options: ReplicateOptions): Promise<WrittenCard> {
  const { replication, scale, seeds, firstSeed } = options;
  const folder = new RecordsFolder(options.records);
  await folder.prepare();
  const files = await filesFor(options);
  const tasks = tasksOf(options);
  if (options.fresh) for (const task of tasks) await folder.forget(task);
  const missing = await missingOf(tasks, folder);
  options.onPrice(await priceTasks(tasks, { options, folder, missing }));
  await doTasks(missing, { options, folder, tasks: tasks.length });
  const { boards, agents } = await readAll(tasks, folder);
  for (;;) {
    const made = agents.map(({ planned, record }) => ({ planned, counts: record.flaw === null }));
    const more = replacementsOf(replication, { options: { scale, seeds, firstSeed }, made }).map(
      (planned): Task => ({ kind: "agent", planned }),
    );
    if (more.length === 0) break;
    if (options.fresh) for (const task of more) await folder.forget(task);
    tasks.push(...more);
    await doTasks(await missingOf(more, folder), { options, folder, tasks: tasks.length });
    agents.push(...(await readAll(more, folder)).agents);
  }
  const { command, date } = options;
  const made = { command, codeVersion, date, machine: machineText(describeMachine()) };
  const card = makeCard({ replication, scale, agents, boards, made });
  await writeJson(files.json, card);
  await atomicWrite(files.markdown, cardMarkdown(card));
  await atomicWrite(files.svg, cardSvg(card));
  return { card, files };
}

/**
 * What `replicate` would cost, by a try of each kind of run. Makes and writes nothing; finished runs count as missing where they are to be made
 * again. Throws as `priceOf`.
 */
export async function priceReplication(
  options: Pick<ReplicateOptions, "replication" | "scale" | "seeds" | "firstSeed" | "workers" | "fresh" | "records" | "signal">,
): Promise<ReplicationPrice> {
  const folder = new RecordsFolder(options.records);
  const tasks = tasksOf(options);
  const missing = options.fresh ? tasks : await missingOf(tasks, folder);
  return await priceTasks(tasks, { options, folder, missing });
}

function tasksOf(options: Pick<ReplicateOptions, "replication" | "scale" | "seeds" | "firstSeed">): Task[] {
  const { boards, agents } = planOf(options.replication, options);
  return [
    ...boards.map((board): Task => ({ kind: "board", board })),
    ...agents.map((planned): Task => ({ kind: "agent", planned })),
  ];
}

async function priceTasks(
  tasks: readonly Task[],
  run: {
    readonly options: Pick<ReplicateOptions, "workers" | "signal" | "fresh">;
    readonly folder: RecordsFolder;
    readonly missing: readonly Task[];
  },
): Promise<ReplicationPrice> {
  const { options, folder, missing } = run;
  const { workers, signal, fresh } = options;
  // Agents that are to be made again are trained again.
  const isTrained = async (agent: PlannedAgent): Promise<boolean> => !fresh && (await keptAgent(agent, folder)) !== null;
  const price = await priceOf({ engine: await createOnnxEngine(), tasks, missing, isTrained, workers, signal });
  return { ...price, otherCode: await otherCodeOf(missing, folder) };
}

/** The records of finished tasks. */
async function readAll(
  tasks: readonly Task[],
  folder: RecordsFolder,
): Promise<{ readonly boards: MadeBoard[]; readonly agents: MadeAgent[] }> {
  const agents: MadeAgent[] = [];
  const boards: MadeBoard[] = [];
  for (const task of tasks) {
    const record = (await folder.read(task))!;
    if (task.kind === "agent" && record.kind === "agent") agents.push({ planned: task.planned, record });
    if (task.kind === "board" && record.kind === "board") boards.push({ board: task.board, record });
  }
  return { boards, agents };
}

/** Runs among the missing ones that another code finished, and its versions. */
async function otherCodeOf(missing: readonly Task[], folder: RecordsFolder): Promise<OtherCode> {
  const versions = (await Promise.all(missing.map((task) => folder.otherCode(task)))).filter((version) => version !== null);
  return { runs: versions.length, versions: [...new Set(versions)], here: codeVersion };
}

/** The card's files, found writable before long work. */
async function filesFor(options: ReplicateOptions): Promise<WrittenCard["files"]> {
  const { out } = options;
  await makeFolder(out);
  const name = cardFileName(options);
  const path = (extension: string): string => resolve(join(out, `${name}.${extension}`));
  const files = { json: path("json"), markdown: path("md"), svg: path("svg") };
  for (const file of Object.values(files)) await requireWritable(file);
  return files;
}

/** Agents per condition at the quick scale. */
export const quickSeeds = 2;

/**
 * How the files of a card are called but for their ending: NAME for the stated card, which others must not replace, and NAME-quick at the quick
 * scale; either with -20-seeds for another number of agents than is usual there, and with -from-5 for other seeds than the replication's own.
 */
export function cardFileName(of: Pick<ReplicateOptions, "replication" | "scale" | "seeds" | "firstSeed">): string {
  const { replication, scale, seeds, firstSeed } = of;
  const [name, usual] = scale === "quick" ? [`${replication.name}-quick`, quickSeeds] : [replication.name, replication.seeds];
  const own = seeds === usual ? "" : `-${seeds}-seed${seeds === 1 ? "" : "s"}`;
  return `${name}${own}${firstSeed === firstUnpilotedSeed ? "" : `-from-${firstSeed}`}`;
}

async function missingOf(tasks: readonly Task[], folder: RecordsFolder): Promise<readonly Task[]> {
  const missing: Task[] = [];
  for (const task of tasks) if ((await folder.read(task)) === null) missing.push(task);
  return missing;
}

/** Deals the tasks out over threads, the longest first, and tells how far all of them are. */
async function doTasks(
  missing: readonly Task[],
  run: { readonly options: ReplicateOptions; readonly folder: RecordsFolder; readonly tasks: number },
): Promise<void> {
  const { options, folder } = run;
  const ordered = missing.toSorted((a, b) => stepsOf(b) - stepsOf(a));
  const lanes = Math.min(options.workers, ordered.length);
  const dealt = Array.from({ length: lanes }, (_, lane) => ordered.filter((_, i) => i % lanes === lane));
  const jobs = dealt.map((tasks, lane) => ({ name: `runs ${lane + 1}`, input: { codeVersion, folder: folder.path, tasks } }));
  const running = new Map<string, number>();
  const total = ordered.reduce((sum, task) => sum + stepsOf(task), 0);
  let done = run.tasks - missing.length;
  let steps = 0;
  await runInWorkers({
    entry: workerEntry("replications/replicate-worker"),
    jobs,
    workers: lanes,
    signal: options.signal,
    notes: replicationNoteSchema,
    onNote: (job, note) => {
      const task = dealt[jobs.findIndex(({ name }) => name === job.name)]![note.place]!;
      if (note.kind === "steps") running.set(job.name, Math.min(note.environmentSteps, stepsOf(task)));
      else {
        running.delete(job.name);
        done++;
        steps += stepsOf(task);
      }
      const under = [...running.values()].reduce((sum, value) => sum + value, 0);
      // The last agent's steps are done before it is measured.
      const share = done === run.tasks ? 1 : Math.min(almostAll, (steps + under) / total);
      options.onProgress({ done, tasks: run.tasks, share, doing: nameOf(task) });
    },
    advice: `run "${options.again}"`,
  });
}

const almostAll = 0.99;
/** Reference agents cost about as much as a short training. */
const stepsOfBoard = 20_000;

function stepsOf(task: Task): number {
  return task.kind === "agent" ? task.planned.recipe.optimizer.totalTimesteps : stepsOfBoard;
}

function nameOf(task: Task): string {
  return task.kind === "agent" ? `${task.planned.condition}, seed ${task.planned.seed}` : `reference agents on ${task.board.set}`;
}

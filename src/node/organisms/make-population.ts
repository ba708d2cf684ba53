// Makes a population: what is missing of a plan is trained in threads, verified, sealed as it is finished, and at the end listed.

import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { organisms } from "../../core/organisms/index.ts";
import { compositionOf, type PlannedAgent, type PopulationPlan, plannedAgents } from "../../core/organisms/plan.ts";
import { commitmentOf, type Population, populationSchemaId, type SealedAgent } from "../../core/organisms/population.ts";
import { hashOfJson } from "../../core/organisms/seal.ts";
import { codeVersion } from "../code-version.ts";
import { readAgent } from "../storage/agent-folder.ts";
import { fileSystemError, kindOf, makeFolder, readJson, writeJson } from "../storage/files.ts";
import type { TrainingProgress } from "../training/run-training.ts";
import { runInWorkers, workerEntry } from "../workers/worker-pool.ts";
import { type BegunPopulation, beginPopulation, secretsOf } from "./begin-population.ts";
import { failureSchema, type MakeFailure, type MakeJob, makeNoteSchema } from "./make-messages.ts";
import { populationPaths, readEntry, readPopulation, sealAgent, sealedPaths } from "./population-folder.ts";

const checkpointSeconds = 10;

export interface MakeOptions {
  /** The population's folder. */
  readonly out: string;
  /** The folder of the sealed side. */
  readonly labels: string;
  readonly plan: PopulationPlan;
  readonly seed: number;
  /** Threads at a time; null for one per core. */
  readonly workers: number | null;
  /** How often an agent is tried, each time with another seed, before it is given up. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MakeEvent) => void;
  /** What to type to continue, for messages. */
  readonly command: string;
}

/** What happens on the way. Places count the plan's agents from 0. */
export type MakeEvent =
  | { readonly kind: "training"; readonly place: number; readonly organism: string; readonly progress: TrainingProgress }
  | { readonly kind: "sealed"; readonly done: number; readonly total: number }
  | { readonly kind: "not-kept"; readonly failure: MakeFailure }
  | { readonly kind: "warning"; readonly text: string };

export interface MadePopulation {
  readonly population: Population;
  /** Stands for the whole population; publish it before an audit. */
  readonly commitment: string;
  /** Agents that were trained and not kept. */
  readonly failures: readonly MakeFailure[];
  /** Organisms of which every attempt failed, one per agent that the population lacks. */
  readonly givenUp: readonly string[];
}

/** An agent of the plan that is not there yet, and how often it failed. */
export interface MissingAgent {
  readonly place: number;
  readonly agent: PlannedAgent;
  readonly failed: number;
}

/** All agents of the plan, as they are where nothing was made yet. */
export function allAgents({ plan, seed }: Pick<MakeOptions, "plan" | "seed">): MissingAgent[] {
  return plannedAgents(plan, { seed, organisms }).map((agent, place) => ({ place, agent, failed: 0 }));
}

/** The agents of the plan that are neither made nor given up in `out`, which may not exist yet. */
export async function missingAgents(
  options: Pick<MakeOptions, "out" | "labels" | "plan" | "seed" | "attempts">,
): Promise<MissingAgent[]> {
  if ((await kindOf(populationPaths(options.out).population)) === "file") return [];
  const missing: MissingAgent[] = [];
  for (const each of allAgents(options)) {
    if ((await readEntry(options.labels, each.place)) !== null) continue;
    const failed = (await failuresAt(options.labels, { place: each.place, attempts: options.attempts })).length;
    if (failed < options.attempts) missing.push({ ...each, failed });
  }
  return missing;
}

/**
 * Makes what is missing, then writes population.json and removes what only the making needed. Continues what was begun with the same
 * plan, seed and attempts by the same code. Throws `interrupted` after saving, `worker-lost`, `file-system`, and `usage` as `beginPopulation` does.
 */
export async function makePopulation(options: MakeOptions): Promise<MadePopulation> {
  const { out, labels, plan, seed } = options;
  const begun = await beginPopulation({ folder: out, labels }, options);
  const planned = plannedAgents(plan, { seed, organisms });
  const paths = sealedPaths(labels);
  if ((await kindOf(populationPaths(out).population)) !== "file") {
    await makeFolder(paths.making);
    await trainMissing(options, begun);
    await finish(options, planned);
  }
  const population = await readPopulation(out);
  const record = recordSchema.parse(await readJson(paths.failures));
  return { population, commitment: commitmentOf(population), ...record };
}

/** What lies on the sealed side of agents that were not kept. */
const recordSchema = z.strictObject({ failures: z.array(failureSchema), givenUp: z.array(z.string()) });

async function trainMissing(options: MakeOptions, begun: BegunPopulation): Promise<void> {
  const { out, labels, plan, seed, onEvent } = options;
  const missing = await missingAgents(options);
  const total = plannedAgents(plan, { seed, organisms }).length;
  const byName = new Map(missing.map((each) => [`${each.agent.organism.id} (${each.place})`, each]));
  const jobs = [...byName].map(([name, each]) => ({ name, input: jobOf(each, options), steps: stepsOf(each) }));
  const sealing: Promise<void>[] = [];
  let done = total - missing.length;
  onEvent({ kind: "sealed", done, total });
  const seal = async ({ place, agent }: MissingAgent, folder: string): Promise<void> => {
    const secrets = secretsOf(begun, place);
    await sealAgent({ folder: out, labels }, { ...secrets, place, organism: agent.organism, agent: await readAgent(folder) });
    done++;
    onEvent({ kind: "sealed", done, total });
  };
  try {
    await runInWorkers({
      entry: workerEntry("organisms/make-worker"),
      jobs: jobs.sort((a, b) => b.steps - a.steps),
      workers: options.workers ?? availableParallelism(),
      signal: options.signal,
      notes: makeNoteSchema,
      onNote: ({ name }, note) => {
        const each = byName.get(name)!;
        if (note.kind === "made") sealing.push(seal(each, note.folder));
        else if (note.kind === "progress") {
          const { kind: _, ...progress } = note;
          onEvent({ kind: "training", place: each.place, organism: each.agent.organism.id, progress });
        } else onEvent(note);
      },
      advice: `run "${options.command}" again`,
    });
  } finally {
    const failed = (await Promise.allSettled(sealing)).find((result) => result.status === "rejected");
    if (failed && !options.signal.aborted) onEvent({ kind: "warning", text: String(failed.reason) });
  }
  await Promise.all(sealing);
}

function jobOf({ place, agent, failed }: MissingAgent, { labels, attempts }: MakeOptions): MakeJob {
  const left = Array.from({ length: attempts - failed }, (_, i) => failed + i);
  return {
    codeVersion,
    organism: agent.organism.id,
    attempts: left.map((attempt) => ({ ...attemptPaths(labels, { place, attempt }), recipe: agent.recipe(attempt) })),
    checkpointSeconds,
  };
}

function stepsOf({ agent, failed }: MissingAgent): number {
  return agent.recipe(failed).optimizer.totalTimesteps;
}

function attemptPaths(labels: string, { place, attempt }: { readonly place: number; readonly attempt: number }) {
  const folder = join(sealedPaths(labels).making, `${place}-${attempt}`);
  return { folder, failure: `${folder}.failed.json` };
}

async function failuresAt(
  labels: string,
  { place, attempts }: { readonly place: number; readonly attempts: number },
): Promise<MakeFailure[]> {
  const failures: MakeFailure[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { failure } = attemptPaths(labels, { place, attempt });
    if ((await kindOf(failure)) === "file") failures.push(failureSchema.parse(await readJson(failure)));
  }
  return failures;
}

/** Writes what is known of the agents and of those that were not kept; population.json last, for it says that the population is finished. */
async function finish({ out, labels, plan, attempts }: MakeOptions, planned: readonly PlannedAgent[]): Promise<void> {
  const paths = sealedPaths(labels);
  const agents: SealedAgent[] = [];
  const failures: MakeFailure[] = [];
  const givenUp: string[] = [];
  for (const [place, { organism }] of planned.entries()) {
    failures.push(...(await failuresAt(labels, { place, attempts })));
    const entry = await readEntry(labels, place);
    if (entry) agents.push(entry);
    else givenUp.push(organism.id);
  }
  await writeJson(paths.failures, { failures, givenUp } satisfies z.infer<typeof recordSchema>);
  const population: Population = {
    schema: populationSchemaId,
    plan: { name: plan.name, sha256: hashOfJson(plan) },
    codeVersion,
    engine: await engineOf(out, agents),
    composition: compositionOf(planned),
    agents: agents.sort((a, b) => (a.id < b.id ? -1 : 1)),
    notKept: failures.length,
  };
  await writeJson(populationPaths(out).population, population);
  await rm(paths.making, { recursive: true, force: true }).catch((cause: unknown) => {
    throw fileSystemError(cause, { action: "remove", path: paths.making });
  });
}

/** The engine that trained them. Throws `invalid-data` for an agent that other code made. */
async function engineOf(out: string, agents: readonly SealedAgent[]): Promise<string> {
  let engine = "none";
  for (const { id } of agents) {
    const { manifest } = await readAgent(populationPaths(out).agent(id));
    engine = manifest.engine;
    if (manifest.codeVersion === codeVersion) continue;
    throw new MesascopeError(
      "invalid-data",
      `agent ${id} was made by the code of version ${manifest.codeVersion}, the others by ${codeVersion}; expected one code for all. Make the population again.`,
    );
  }
  return engine;
}

// "mesascope audit AGENT --over-training": when the objective of an agent formed, by audits of the snapshots of its training. Of a run of a lab they
// are jobs of the lab, of a folder they are made here; what they find is the same.

import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { MesascopeError } from "../core/base/errors.ts";
import type { Engine } from "../core/engine/engine.ts";
import { recipeSchema } from "../core/organisms/recipe.ts";
import { type AuditJob, jobKey, type TrainJob } from "../lab/job.ts";
import {
  auditedPoint,
  formationText,
  mostProbable,
  type OverTrainingDocument,
  overTrainingJobs,
  overTrainingLevels,
  placesKept,
  titleOf,
} from "../lab/over-training.ts";
import type { JobPrice } from "../lab/sweep/price.ts";
import type { LabRun } from "./audit-in-lab.ts";
import { flagOf, placingOptions } from "./audited.ts";
import { type CommonOptions, printJson } from "./command.ts";
import { prose } from "./fit-text.ts";
import { bytes, count, duration, percent } from "./format.ts";
import { shortKey } from "./lab-text.ts";
import { ProgressBoard } from "./progress-board.ts";
import { createTable } from "./table.ts";
import type { Channel, Terminal } from "./terminal.ts";
import { orWithoutLab, shownLab, type UseLabOptions, useLab } from "./use-lab.ts";

export interface OverTrainingOptions extends CommonOptions, UseLabOptions {
  readonly levels: number;
}

interface Asked {
  readonly options: OverTrainingOptions;
  readonly command: Command;
  readonly terminal: Terminal;
}

interface How {
  readonly levels: number;
  readonly seed: number;
  readonly terminal: Terminal;
  readonly board: ProgressBoard;
  readonly signal: AbortSignal;
}

/** What was found, and the keys of the jobs by steps, where there are any. */
interface Found {
  readonly document: OverTrainingDocument;
  readonly jobs: ReadonlyMap<number, string>;
}

/** Options of an audit that have no meaning for one over a training. */
const foreignOptions: readonly string[] = [
  "out",
  "failOn",
  "levelCase",
  "policy",
  "worldProgram",
  "worldTimeout",
  ...placingOptions,
];
/** What an agent had below this share of is not told. */
const leastShare = 0.05;

/** Throws `usage` for what is no trained agent or kept no snapshots, and for options that do not belong here. */
export async function auditAgentOverTraining(agent: string | undefined, { options, command, terminal }: Asked): Promise<void> {
  const foreign = foreignOptions.filter((name) => command.getOptionValueSource(name) === "cli");
  if (agent === undefined || foreign.length > 0) {
    throw new MesascopeError(
      "usage",
      `--over-training given ${agent === undefined ? "without an agent" : `with ${foreign.map(flagOf).join(" and ")}`}; expected an agent's folder, or the key of a run, and besides --levels and --seed nothing that says how it is audited. Leave the rest out.`,
    );
  }
  const levels = command.getOptionValueSource("levels") === "cli" ? options.levels : overTrainingLevels;
  const { findLabRun } = await import("./audit-in-lab.ts");
  const run = await findLabRun(agent, options);
  const { interruptSignal } = await import("../node/interrupt.ts");
  const interrupt = interruptSignal(
    run === null ? "interrupted; an audit saves nothing on the way. Run the command again." : undefined,
  );
  const board = new ProgressBoard(terminal.err);
  const how: How = { levels, seed: options.seed, terminal, board, signal: interrupt.signal };
  const found = await (run === null ? inFolder(agent, how) : inLab(run, how)).finally(() => {
    board.close();
    interrupt.restore();
  });
  if (options.json) return printJson(terminal, found.document);
  terminal.out.write(foundText(found, terminal.out));
  if (run !== null) terminal.out.write(`Kept in ${shownLab(run.folder)}.\n`);
}

async function inFolder(folder: string, { levels, seed, terminal, board, signal }: How): Promise<Found> {
  const { auditOverTraining, noSnapshots } = await import("../node/audit/audit-over-training.ts");
  const { createOnnxEngine } = await import("../node/engine/onnx-engine.ts");
  const { readAgent, readSnapshots } = await import("../node/storage/agent-folder.ts");
  const { codeVersion } = await import("../node/code-version.ts");
  const { manifest } = await readAgent(folder);
  const snapshots = await readSnapshots(folder);
  const recipe = recipeSchema.safeParse(manifest.recipe);
  if (snapshots.length === 0) throw noSnapshots(folder);
  const engine = await createOnnxEngine();
  if (recipe.success) {
    const train: TrainJob = { kind: "train", organism: null, recipe: recipe.data, code: codeVersion };
    const places = snapshots.map((_, place) => place);
    const jobs = overTrainingJobs({ run: jobKey(train), levels, seed, code: codeVersion, places });
    tellPrice(terminal, { jobs, price: await priceOneByOne({ train, jobs, engine, signal }) });
  }
  const document = await auditOverTraining({
    ...{ engine, folder, levels, seed },
    onProgress: ({ stage, share }) => {
      signal.throwIfAborted();
      board.update("audits", { share, text: stage });
    },
  });
  return { document, jobs: new Map() };
}

async function inLab({ folder, run, typed, isByKey }: LabRun, how: How): Promise<Found> {
  const { levels, seed, terminal, board, signal } = how;
  const { doJobs } = await import("../node/server/do-jobs.ts");
  const { codeVersion } = await import("../node/code-version.ts");
  const { noSnapshots, overTrainingDocument } = await import("../node/audit/audit-over-training.ts");
  const { openStore } = await import("../node/lab/store/open-store.ts");
  const { readRecord } = await import("../lab/record.ts");
  const store = await openStore(folder);
  const trained = await readRecord(store, run);
  const places = trained === null ? [] : placesKept(trained);
  if (trained?.spec.kind !== "train" || trained.outcome.kind !== "train" || places.length === 0) throw noSnapshots(typed);
  const { spec, outcome } = trained;
  const end = outcome.environmentSteps;
  const jobs = overTrainingJobs({ run, levels, seed, code: codeVersion, places });
  const known = await Promise.all(jobs.map((job) => readRecord(store, jobKey(job))));
  const asked = jobs.filter((_, place) => known[place] === null);
  if (asked.length > 0) {
    const { priceMissing } = await import("../node/lab/price-missing.ts");
    const price = await priceMissing({ jobs: asked, recipes: new Map([[run, spec.recipe]]), signal });
    tellPrice(terminal, { jobs: asked, price });
  }
  const lab = useLab({ folder, terminal, without: isByKey ? null : "audits", onNote: (text) => board.note(text) });
  const shares = new Map<string, number>();
  const work = async () =>
    await doJobs({
      ...{ lab, sweep: "audit", jobs, slots: Math.min(jobs.length, availableParallelism()), signal },
      onDoneBefore: ({ job }) => shares.set(job, 1),
      onProgress: ({ key, progress, state }) => {
        shares.set(key, state === "done" ? 1 : (progress?.share ?? 0));
        const share = [...shares.values()].reduce((sum, own) => sum + own, 0) / jobs.length;
        const done = [...shares.values()].filter((own) => own >= 1).length;
        board.update("audits", { share, text: `${count(done)} of ${count(jobs.length)} done` });
      },
    });
  const records = await (isByKey ? work() : orWithoutLab(work));
  const points = records.flatMap(({ job, outcome }) => {
    const point = auditedPoint(outcome, end);
    return point === null ? [] : [{ job, point }];
  });
  const document = overTrainingDocument({
    ...{ agent: `${nameOf(spec)}-seed${spec.recipe.seed}`, levels, seed, code: codeVersion },
    points: points.map(({ point }) => point),
  });
  return { document, jobs: new Map(points.map(({ point, job }) => [point.environmentSteps, job])) };
}

function nameOf({ organism, recipe }: TrainJob): string {
  return organism ?? recipe.objective.name;
}

interface PricedOptions {
  readonly train: TrainJob;
  readonly jobs: readonly AuditJob[];
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

/** The price of audits that are made one after the other in this process: their levels are solved once, however many cores there are. */
async function priceOneByOne({ train, jobs, engine, signal }: PricedOptions): Promise<JobPrice> {
  const { measureRates } = await import("../node/lab/measure-rates.ts");
  const { inTurns } = await import("../node/lab/in-turns.ts");
  const { addingUp } = await import("../lab/sweep/workload.ts");
  const { priceWorkload } = await import("../lab/sweep/price.ts");
  const workload = await inTurns(addingUp({ jobs, recipes: new Map([[jobKey(train), train.recipe]]) }));
  const rates = await measureRates({ engine, workload, signal });
  return priceWorkload({ workload, rates, workers: 1 });
}

/** Says what audits will cost that are not made yet. */
function tellPrice(terminal: Terminal, { jobs, price }: { readonly jobs: readonly AuditJob[]; readonly price: JobPrice }): void {
  const { levels } = jobs[0]!;
  terminal.err.write(
    `${count(jobs.length)} audits of ${count(levels)} levels: about ${duration(price.coreSeconds)} of one core, ${bytes(price.bytes)} where they are kept.\n`,
  );
}

function foundText({ document, jobs }: Found, channel: Channel): string {
  const { points, agent, levels, seed } = document;
  const isKept = jobs.size > 0;
  const rows = points.map((point) => {
    const { environmentSteps, verdict, posterior } = point;
    const most = mostProbable(point);
    const others = Object.entries(posterior)
      .filter(([name, share]) => share >= leastShare && name !== most.objective)
      .sort(([, a], [, b]) => b - a)
      .map(([name, share]) => `${titleOf(name, point)} ${percent(share)}`);
    const job = shortKey(jobs.get(environmentSteps) ?? "");
    return [
      count(environmentSteps),
      titleOf(most.objective, point),
      percent(most.share),
      others.join(", "),
      verdict.kind,
      ...(isKept ? [job] : []),
    ];
  });
  const head = ["steps", "most probable", "share", "beside it", "verdict", ...(isKept ? ["audit"] : [])];
  return (
    `${channel.style("bold", `${agent} over its training`)}, audits of ${count(levels)} levels, seed ${seed}\n` +
    `${createTable({ head, rows }, channel)}${prose(formationText(points), { channel })}`
  );
}

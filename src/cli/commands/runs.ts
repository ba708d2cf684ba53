// mesascope runs: the jobs of a lab, filtered, sorted and grouped, or one of them with all that is known of it.

import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { JobRow } from "../../lab/api.ts";
import type { JobSpec } from "../../lab/job.ts";
import { groupFields, sortFields } from "../../lab/job-fields.ts";
import { budgetName, type OverTraining, overTrainingText } from "../../lab/over-training.ts";
import type { JobRecord } from "../../lab/record.ts";
import { variantText } from "../../lab/variant-text.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, listOf, oneOf, printJson } from "../command.ts";
import { prose } from "../fit-text.ts";
import { count, decimal, duration, percent } from "../format.ts";
import { addLabOptions, askChosenLab, filterText, type LabOptions } from "../lab-options.ts";
import { leftOutText, outcomeText, shortKey } from "../lab-text.ts";
import type { ListColumn } from "../list-table.ts";
import { type GroupOptions, parseGroupFields, writeGroups } from "../runs-groups.ts";
import type { Terminal } from "../terminal.ts";

/** Each column of the table, by its name. */
const columns = {
  key: ({ key }: JobRow) => shortKey(key),
  kind: ({ kind }: JobRow) => kind,
  name: ({ name }: JobRow) => name,
  world: ({ world }: JobRow) => world,
  network: ({ network }: JobRow) => network,
  optimizer: ({ optimizer }: JobRow) => optimizer,
  variant: ({ variant }: JobRow) => variantText(variant),
  seed: ({ seed }: JobRow) => String(seed),
  state: ({ state }: JobRow) => state,
  priority: ({ priority }: JobRow) => String(priority),
  attempt: ({ attempt }: JobRow) => String(attempt),
  sweeps: ({ sweeps }: JobRow) => sweeps.join(" "),
  result: (row: JobRow) => outcomeText(row),
  return: ({ outcome }: JobRow) => (outcome?.kind === "train" ? decimal(outcome.trainingReturn) : ""),
  share: ({ outcome }: JobRow) => (outcome?.kind === "train" ? percent(outcome.oracleShare) : ""),
  steps: ({ outcome }: JobRow) => (outcome?.kind === "train" ? count(outcome.environmentSteps) : ""),
  // As `verdict:` finds: what is told of a snapshot, at so many steps, is no verdict on the run.
  verdict: ({ outcome }: JobRow) =>
    outcome?.kind === "audit" && outcome.environmentSteps === undefined ? outcome.verdict.kind : "",
  seconds: ({ seconds }: JobRow) => (seconds === null ? "" : decimal(seconds, 1)),
  worker: ({ worker }: JobRow) => worker ?? "",
  code: ({ code }: JobRow) => code,
  created: ({ createdAt }: JobRow) => timeText(createdAt),
  started: ({ startedAt }: JobRow) => timeText(startedAt),
  finished: ({ finishedAt }: JobRow) => timeText(finishedAt),
  error: ({ error }: JobRow) => error?.message ?? "",
} as const;
type Column = keyof typeof columns;
const columnNames = Object.keys(columns) as readonly Column[];
const defaultColumns: readonly Column[] = ["key", "kind", "name", "variant", "network", "seed", "state", "result"];
/** Characters to which a column may be cut on a narrow terminal, and the order in which it is left out, the highest first. */
const narrowing: Partial<Record<Column, Pick<ListColumn, "least" | "rank">>> = {
  kind: { rank: 1 },
  name: { least: 10 },
  network: { least: 7, rank: 3 },
  variant: { least: 20, rank: 2 },
  state: { least: 6 },
  result: { least: 11 },
  sweeps: { least: 10 },
  worker: { least: 10 },
  code: { least: 10 },
  error: { least: 20 },
};

interface RunsOptions extends CommonOptions, LabOptions {
  readonly sort: (typeof sortFields)[number];
  readonly desc?: true;
  readonly group?: GroupOptions["by"];
  /** Left out: `defaultColumns`, and on a narrow terminal as many of them as have room. */
  readonly columns?: readonly Column[];
  readonly limit: number;
  readonly offset: number;
}

const filterHelp = `
Filters (docs/lab.md tells all): FIELD:VALUE, joined by AND (or a space), OR, NOT and ( ):
  state:failed   sweep:corner-proxies kind:train   return:>0.9 NOT world:corner   seed:[1 TO 5]   name:corner/*
  verdict:proxy OR verdict:deceptive   config.optimizer.learningRate:<1e-3   key:3f9a

organism is the one that a run was verified to be. Runs of a sweep that changes fields or parameters,
and of recipes of one's own, have none (organism:null), unless the sweep says "verify: true": they are
named after their objective, and variant and config.PATH tell them apart.
`;

export function runsCommand(context: Context): Command {
  const command = describeCommand({
    name: "runs",
    summary: "list and filter the jobs of a lab",
    description:
      "Lists the jobs of a lab (agents trained, audits and measurements of them), those that a filter means, or groups them with means over seeds.",
    seed: "without effect: nothing is drawn",
    examples: [
      "runs",
      "runs sweep:corner-proxies state:failed --columns key,name,seed,error",
      "runs kind:train --sort return --desc --limit 10",
      "runs kind:train --group name,network",
      "runs show 3f9a",
    ],
  })
    .argument("[filter...]", "which jobs (default: all)")
    .option("--sort <field>", sortFields.join(", "), oneOf("field to sort by", sortFields), "created")
    .option("--desc", "the largest, or last, first")
    .option("--group <fields>", `one to four of ${groupFields.join(", ")}, config.PATH`, parseGroupFields)
    .option(
      "--columns <list>",
      `some of ${columnNames.join(", ")} (default: ${defaultColumns.join(",")})`,
      listOf("column", columnNames),
    )
    .option("--limit <number>", "so many at most", integerFrom(1, 1000), 50)
    .option("--offset <number>", "leave out so many at the beginning", integerFrom(0, 1e9), 0)
    .addHelpText("after", filterHelp);
  return addLabOptions(command)
    .enablePositionalOptions()
    .addCommand(showCommand(context))
    .action((words: readonly string[], options: RunsOptions) =>
      options.group === undefined
        ? list(filterText(words), options, context)
        : writeGroups(filterText(words), { ...options, by: options.group }, context.terminal),
    );
}

async function list(filter: string, options: RunsOptions, { terminal }: Context): Promise<void> {
  const { sort, desc = false, limit, offset } = options;
  const { rows, total } = await askChosenLab(options, async ({ client }) => {
    const found = await client.jobs.list({ filter, sort, descending: desc, limit, offset });
    if (found.total === 0) await (await import("../filter-typos.ts")).requireKnownNames(client, filter);
    return found;
  });
  if (options.json) return printJson(terminal, { schema: "mesascope/runs@1", total, rows });
  const leftOut = rows.length === 0 ? [] : await writeRows(rows, options, terminal);
  const all = filter === "" ? "in this lab" : `that match ${filter}`;
  if (total === 0) terminal.out.write(`No jobs ${all}.\n`);
  else if (rows.length < total)
    terminal.err.write(`${count(rows.length)} of ${count(total)} jobs ${all}; --limit and --offset tell others.\n`);
  terminal.err.write(leftOutText(leftOut, "a wider terminal, --columns and --json"));
}

/** The columns that had no room. Those that were asked for all stay. */
async function writeRows(
  rows: readonly JobRow[],
  { columns: asked }: RunsOptions,
  { out }: Terminal,
): Promise<readonly string[]> {
  const { createListTable } = await import("../list-table.ts");
  const hasVariants = rows.some(({ variant }) => Object.keys(variant).length > 0);
  const names = asked ?? defaultColumns.filter((name) => name !== "variant" || hasVariants);
  const shown = names.map((name) => {
    const { least, rank } = narrowing[name] ?? {};
    return { name, ...(least !== undefined && { least }), ...(asked === undefined && rank !== undefined && { rank }) };
  });
  const cells = rows.map((row) => names.map((name) => columns[name](row)));
  const { text, leftOut } = createListTable({ columns: shown, rows: cells }, out);
  out.write(text);
  return leftOut;
}

function timeText(instant: string | null): string {
  return instant === null ? "" : instant.slice(0, 19).replace("T", " ");
}

// ── One job ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface ShowOptions extends CommonOptions, LabOptions {}

function showCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "show",
    summary: "show one job with all that is known of it",
    description:
      "Shows what a job computes, how far it is or what came out of it, and where its files are. With --json: its specification, record and curve.",
    seed: "without effect: nothing is drawn",
    examples: ["runs show 3f9a", "runs show 3f9a --json"],
  }).argument("<key>", "the first digits of its key");
  return addLabOptions(command).action(async (key: string, options: ShowOptions) => {
    const told = await askChosenLab(options, async ({ client }) => {
      const { rows, total } = await client.jobs.list({ filter: `key:${key}`, limit: 5 });
      const [only] = rows;
      if (!only || total > 1) throw wrongKey(key, total);
      const { key: whole, kind } = only;
      const overTraining = kind === "train" ? (await client.jobs.overTraining({ key: whole })).audited : [];
      return { ...(await client.jobs.get({ key: whole })), curve: await client.jobs.curve({ key: whole }), overTraining };
    });
    if (options.json) return printJson(terminal, { schema: "mesascope/run@1", ...told });
    terminal.out.write(prose(describe(told), { channel: terminal.out, hanging: 18 }));
  });
}

function wrongKey(key: string, found: number): MesascopeError {
  const what = found === 0 ? "no job has" : `${count(found)} jobs have`;
  return new MesascopeError(
    "usage",
    `${what} a key that begins with ${key}; expected one. Give more digits; "mesascope runs" lists them.`,
  );
}

interface ToldJob {
  readonly row: JobRow;
  readonly spec: JobSpec;
  readonly record: JobRecord | null;
  readonly curve: readonly unknown[];
  readonly overTraining: readonly OverTraining[];
}

function describe({ row, spec, record, curve, overTraining }: ToldJob): string {
  const { key, kind, name, world, network, optimizer, seed, state, attempt, sweeps, worker, run } = row;
  const variant = variantText(row.variant);
  const lines: (readonly [string, string])[] = [
    ["key", key],
    ["job", `${kind} ${name}, seed ${seed}: ${world}, ${network}, ${optimizer}`],
    ...(variant === "" ? [] : [["variant", variant] as const]),
    ...(run === null ? [] : [["of the run", run] as const]),
    ["state", `${state}${attempt > 1 ? `, attempt ${attempt}` : ""}${worker === null ? "" : `, by ${worker}`}`],
    ["sweeps", sweeps.join(", ")],
    ["code", row.code],
    ["accepted", timeText(row.createdAt)],
    ...(row.startedAt === null ? [] : [["begun", timeText(row.startedAt)] as const]),
    ...(row.silentFor === null ? [] : [["last heard of", `${duration(row.silentFor)} ago`] as const]),
    ...(row.finishedAt === null ? [] : [["finished", timeText(row.finishedAt)] as const]),
    ...(row.seconds === null ? [] : [["computed", duration(row.seconds)] as const]),
    ["result", outcomeText(row) || "none yet"],
    ...(spec.kind === "train"
      ? [["steps", count(spec.recipe.optimizer.totalTimesteps)] as const]
      : [["levels", count(spec.levels)] as const]),
    ...overTraining.map(
      (audited) => ["over training", `${overTrainingText(audited)} (${budgetName(audited, overTraining)})`] as const,
    ),
    ...(curve.length === 0 ? [] : [["curve", `${count(curve.length)} points`] as const]),
    ...(record === null ? [] : Object.entries(record.files).map(([file, { sha256 }]) => [file, `blob ${sha256}`] as const)),
  ];
  return lines.map(([label, text]) => `${label.padEnd(18)}${text}`).join("\n");
}

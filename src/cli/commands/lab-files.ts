// mesascope lab verify, gc and export: what is done with the files of a lab, whether somebody works in it or not.

import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import type { JobKey } from "../../lab/job.ts";
import type { EntryName } from "../../lab/ledger.ts";
import type { VerifyProgress, VerifyReport } from "../../node/lab/maintenance/verify.ts";
import type { LabClient } from "../../node/server/lab-client.ts";
import { type CommonOptions, type Context, describeCommand, oneOf, printJson } from "../command.ts";
import { prose } from "../fit-text.ts";
import { bytes, count } from "../format.ts";
import { LabBar } from "../lab-bar.ts";
import { addLabOptions, type LabOptions, namedLab, openChosenStore, parseHours, withChosenLab } from "../lab-options.ts";
import { shortKey } from "../lab-text.ts";
import type { Terminal } from "../terminal.ts";

const withoutSeed = "without effect: nothing is drawn";
const addressHelp = "the lab's folder, or s3://BUCKET/PREFIX";
const page = 1000;

interface FilesOptions extends CommonOptions, LabOptions {}

interface VerifyOptions extends FilesOptions {
  readonly databaseUrl?: string;
}

/** Runs what can be stopped between two files, with a bar. */
async function withBar<Result>(
  terminal: Terminal,
  work: (tools: { readonly signal: AbortSignal; readonly bar: LabBar }) => Promise<Result>,
): Promise<Result> {
  const { interruptSignal } = await import("../../node/interrupt.ts");
  const interrupt = interruptSignal("interrupted; nothing is left half done. Run the same command again.");
  const bar = new LabBar(terminal);
  try {
    return await work({ signal: interrupt.signal, bar });
  } finally {
    bar.close();
    interrupt.restore();
  }
}

export function verifyCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "verify",
    summary: "find every missing or altered byte",
    description:
      "Reads every file of a lab and every byte that one names, and says what is missing or altered, which jobs it hits, and what to do. Changes\n" +
      "none of them, and no database; the index in a lab's own folder is opened for it. The lab may be worked in meanwhile. A card or league\n" +
      "whose document in kept/ is lost is not missed: nothing else names it. Exit code 1 where something is wrong.",
    seed: withoutSeed,
    examples: ["lab verify", "lab verify my-lab --json", "lab verify s3://bucket/prefix"],
  }).argument("[address]", addressHelp);
  command.option("--database-url <url>", "PostgreSQL of a lab that several machines share: asked what should be there");
  return addLabOptions(command, { withServer: false }).action(async (address: string | undefined, options: VerifyOptions) => {
    const { verifyLab } = await import("../../node/lab/maintenance/verify.ts");
    const store = await openChosenStore(address, options);
    const report = await withBar(terminal, async ({ signal, bar }) =>
      verifyLab(store, {
        ...(await askIndex({ address, store, options, terminal, bar, signal })),
        signal,
        onProgress: (progress) => bar.show(progress.done, "total" in progress ? progress.total : null, stages[progress.stage]),
      }),
    );
    if (options.json) printJson(terminal, { schema: "mesascope/lab-verification@1", ...report });
    else terminal.out.write(verifyText(report, terminal));
    if (report.problems.length > 0) {
      const files = report.problems.length === 1 ? "1 file is" : `${count(report.problems.length)} files are`;
      throw new MesascopeError(
        "damaged-artifact",
        `${files} missing or altered in ${store.name}; what to do stands beside each.`,
      );
    }
  });
}

interface KnownToIndex {
  readonly doneJobs?: readonly JobKey[];
  readonly entries?: readonly EntryName[];
}

const stages: Readonly<Record<VerifyProgress["stage"], string>> = {
  documents: "documents read",
  blobs: "blobs read",
  listing: "blobs listed",
};

/** What the index holds, which should be in the files. They can be verified without one: it may be what is broken. */
async function askIndex(asked: {
  readonly address: string | undefined;
  readonly store: ArtifactStore;
  readonly options: VerifyOptions;
  readonly terminal: Terminal;
  readonly bar: LabBar;
  readonly signal: AbortSignal;
}): Promise<KnownToIndex> {
  const { address, store, options, terminal, bar, signal } = asked;
  try {
    if (options.databaseUrl !== undefined) {
      return await askFleet(options.databaseUrl, store);
    }
    if (address?.includes("://")) return {};
    return await withChosenLab(namedLab(address, { lab: options.lab }), ({ client }) => knownTo(client, { bar, signal }));
  } catch (error) {
    if (!(error instanceof MesascopeError) || error.code === "interrupted") throw error;
    const why = `the index cannot be asked what should be there (${error.message})`;
    bar.close();
    terminal.err.write(`mesascope: ${why} The files are verified without it.\n`);
    return {};
  }
}

async function askFleet(databaseUrl: string, store: ArtifactStore): Promise<KnownToIndex> {
  const { openPostgres } = await import("../../node/lab/database/postgres-database.ts");
  const { knownToIndex } = await import("../../node/lab/maintenance/known-to-index.ts");
  const database = await openPostgres(databaseUrl, { isAsItIs: true });
  return await knownToIndex({ store, database }).finally(() => database.close());
}

async function knownTo(
  client: LabClient,
  { bar, signal }: { readonly bar: LabBar; readonly signal: AbortSignal },
): Promise<KnownToIndex> {
  const doneJobs: JobKey[] = [];
  for (;;) {
    signal.throwIfAborted();
    const { rows, total } = await client.jobs.list({ filter: "state:done", offset: doneJobs.length, limit: page });
    doneJobs.push(...rows.map(({ key }) => key));
    bar.show(doneJobs.length, total, "jobs of the index");
    if (rows.length < page) return { doneJobs, entries: await client.ledger() };
  }
}

function verifyText({ documents, blobs, unnamed, problems }: VerifyReport, { out }: Terminal): string {
  const hanging = { channel: out, hanging: 2 };
  const told = problems.map(({ file, what, jobs, advice }) => {
    const hit =
      jobs.length === 0
        ? ""
        : ` It hits ${jobs.length === 1 ? "the job" : `${jobs.length} jobs:`} ${jobs.slice(0, 5).map(shortKey).join(", ")}${jobs.length > 5 ? ", …" : ""}.`;
    return prose(`${file}: ${what}.${hit} ${advice}`, hanging);
  });
  const whole = `${count(documents)} documents and ${blobsText(blobs)} read: ${problems.length === 0 ? "the lab is whole" : `${count(problems.length)} problem${problems.length === 1 ? "" : "s"}`}.`;
  const spare =
    unnamed.count === 0 ? "" : `Named by nothing: ${blobsText(unnamed)}; "mesascope lab gc" removes what is older than a day.\n`;
  return [...told, `${whole}\n`, spare].join("");
}

interface GcOptions extends FilesOptions {
  readonly dryRun?: true;
  readonly grace: number;
}

export function gcCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "gc",
    summary: "remove what nothing names any more",
    description:
      "Removes blobs that no record, checkpoint, entry of the ledger, card or league names: what attempts left that did not come to an end.\n" +
      "What was put lately stays, since a worker puts files before the record that names them.",
    seed: withoutSeed,
    examples: ["lab gc --dry-run", "lab gc", "lab gc s3://bucket/prefix"],
  })
    .argument("[address]", addressHelp)
    .option("--dry-run", "say what would be removed, and remove nothing")
    .option("--grace <hours>", "leave what was put within this time", parseHours, 24);
  return addLabOptions(command, { withServer: false }).action(async (address: string | undefined, options: GcOptions) => {
    const { collectGarbage } = await import("../../node/lab/maintenance/gc.ts");
    const store = await openChosenStore(address, options);
    const isDryRun = options.dryRun === true;
    const collected = await withBar(terminal, ({ signal, bar }) =>
      collectGarbage(store, {
        grace: options.grace * 3_600_000,
        isDryRun,
        signal,
        onProgress: ({ stage, done }) => bar.show(done, null, `${stage} read`),
      }),
    );
    if (options.json) return printJson(terminal, { schema: "mesascope/lab-collection@1", isDryRun, ...collected });
    const { removed, named, young } = collected;
    const late = young.count === 0 ? "" : `, as do ${blobsText(young)} that were put within ${options.grace} hours`;
    terminal.out.write(
      `${isDryRun ? "Would remove" : "Removed"} ${blobsText(removed)}. Named, and to stay: ${blobsText(named)}${late}.\n`,
    );
  });
}

/** e.g. `3 blobs (1.2 MB)`. */
function blobsText(amount: { readonly count: number; readonly bytes: number }): string {
  return `${count(amount.count)} blob${amount.count === 1 ? "" : "s"} (${bytes(amount.bytes)})`;
}

const formats = ["parquet", "csv", "tensorboard", "mlflow"] as const;

interface ExportOptions extends FilesOptions {
  readonly format: (typeof formats)[number];
  readonly out: string;
  readonly force?: true;
}

export function exportCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "export",
    summary: "write finished jobs for other programs",
    description:
      "Writes what all finished jobs of a lab say into a folder: tables as Parquet or CSV, curves for TensorBoard, runs for MLflow. docs/lab-exports.md\n" +
      "tells every column. The folder is there whole, or not at all.",
    seed: withoutSeed,
    examples: ["lab export --format csv --out runs", "lab export --format tensorboard --out board --force"],
  })
    .argument("[address]", addressHelp)
    .requiredOption("--format <name>", formats.join(", "), oneOf("format", formats))
    .requiredOption("--out <dir>", "the folder to write")
    .option("--force", "replace an export that is already in the folder");
  return addLabOptions(command, { withServer: false }).action(async (address: string | undefined, options: ExportOptions) => {
    const { exportLab } = await import("../../node/lab/export/export-lab.ts");
    const store = await openChosenStore(address, options);
    const note = await withBar(terminal, ({ signal, bar }) =>
      exportLab({
        ...{ store, format: options.format, folder: options.out, overwrite: options.force === true, signal },
        onProgress: ({ stage, done, total }) => bar.show(done, total, stage === "reading" ? "records read" : "jobs written"),
      }),
    );
    if (options.json) return printJson(terminal, note);
    const tables = note.tables.map(({ name, rows, file }) => `  ${file}: ${count(rows)} ${name}\n`);
    terminal.out.write(`${count(note.records)} finished jobs written to ${options.out} as ${note.format}.\n${tables.join("")}`);
  });
}

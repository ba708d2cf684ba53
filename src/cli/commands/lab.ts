// mesascope lab: a folder in which nothing is lost. Makes one, says how it is, and makes its index anew; the rest is in lab-files.ts.

import { Command } from "commander";
import type { LabStatus, SweepRow, WorkerRow } from "../../lab/api.ts";
import type { OpenLabOptions } from "../../node/lab/lab-folder.ts";
import type { LabHolder } from "../../node/lab/lab-lock.ts";
import type { RebuildProgress, Rebuilt } from "../../node/lab/maintenance/rebuild.ts";
import { type CommonOptions, type Context, describeCommand, exitCodes, printJson } from "../command.ts";
import { prose } from "../fit-text.ts";
import { count } from "../format.ts";
import { LabBar } from "../lab-bar.ts";
import {
  addFleetOptions,
  addLabOptions,
  askChosenLab,
  type FleetOptions,
  fleetOf,
  type LabOptions,
  namedLab,
  ofThisProcess,
  warnOfLab,
} from "../lab-options.ts";
import { countsText, indexText, sweepCells, sweepHead, workerCells, workerHead } from "../lab-text.ts";
import type { Terminal } from "../terminal.ts";
import { exportCommand, gcCommand, verifyCommand } from "./lab-files.ts";

const withoutSeed = "without effect: nothing is drawn";

export function labCommand(context: Context): Command {
  const lab = new Command("lab")
    .summary("make a lab, and look after it")
    .description(
      "A lab is a folder that keeps runs, sweeps and their results: what it said is done survives a crash and a power cut. Its files are the\n" +
        "truth; an index beside them finds things, and can be made anew. docs/lab.md tells more.",
    )
    .enablePositionalOptions()
    .addHelpText("after", "\nExamples:\n  $ mesascope lab init\n  $ mesascope lab status\n  $ mesascope lab verify\n");
  for (const create of [initCommand, statusCommand, verifyCommand, rebuildCommand, gcCommand, exportCommand]) {
    lab.addCommand(create(context));
  }
  return lab;
}

function initCommand({ terminal }: Context): Command {
  return describeCommand({
    name: "init",
    summary: "make a lab",
    description:
      "Makes a lab in a new or empty folder. Commands that are run there, or in a folder below, find it by themselves.",
    seed: withoutSeed,
    examples: ["lab init", "lab init my-lab"],
  })
    .argument("[dir]", "the folder", "mesascope-lab")
    .action(async (folder: string, { json }: CommonOptions) => {
      const { initLab } = await import("../../node/lab/lab-folder.ts");
      await initLab(folder);
      if (json) return printJson(terminal, { schema: "mesascope/lab-made@1", folder });
      terminal.out.write(`A lab in ${folder}. Give it work: mesascope sweep FILE\n`);
    });
}

interface StatusOptions extends CommonOptions, LabOptions {}

function statusCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "status",
    summary: "say what a lab holds and does just now",
    description: "Says how many jobs a lab has in each state, which sweeps, who works in it, and who has it open.",
    seed: withoutSeed,
    examples: ["lab status", "lab status my-lab --json", "lab status --server http://127.0.0.1:4321"],
  }).argument("[dir]", "the lab's folder");
  return addLabOptions(command).action(async (folder: string | undefined, options: StatusOptions) => {
    const told = await askChosenLab(namedLab(folder, options), async ({ client, name, holder, isToRead }) => ({
      ...{ name, holder, isToRead },
      status: await client.status(),
      sweeps: await client.sweeps.list(),
      workers: await client.workers(),
    }));
    const { name: _, isToRead: __, ...document } = told;
    if (options.json) return printJson(terminal, { schema: "mesascope/lab-status@1", ...document });
    terminal.out.write(await statusText(told, terminal));
  });
}

interface Told {
  readonly name: string;
  readonly holder: LabHolder | null;
  /** See `LabAtHand`. */
  readonly isToRead: boolean;
  readonly status: LabStatus;
  readonly sweeps: readonly SweepRow[];
  readonly workers: readonly WorkerRow[];
}

async function statusText({ name, holder, isToRead, status, sweeps, workers }: Told, { out }: Terminal): Promise<string> {
  const { createTable } = await import("../table.ts");
  const waiting = Object.entries(status.waitingForOtherCode);
  const lines = [
    `${name}: ${countsText(status.counts)}`,
    `code ${status.code}, ${indexText({ ...status, isToRead })}, files in ${status.store}`,
    ...(keptText(status) === "" ? [] : [`keeps ${keptText(status)}`]),
    ...(holder ? [`open in process ${holder.processId} ("${holder.command}", since ${holder.since})`] : []),
    ...waiting.map(
      ([code, jobs]) =>
        `${count(jobs)} jobs wait for a worker of the code ${code}: start one of that version, or cancel them and sweep again`,
    ),
  ];
  return [
    prose(lines.join("\n"), { channel: out, hanging: 2 }),
    ...(sweeps.length > 0 ? [`\n${createTable({ head: sweepHead, rows: sweeps.map(sweepCells) }, out)}`] : []),
    workers.length > 0
      ? `\n${createTable({ head: workerHead, rows: workers.map(workerCells) }, out)}`
      : "\nNobody works in it just now.\n",
  ].join("");
}

/** e.g. `2 cards, 1 league`. */
function keptText({ kept }: LabStatus): string {
  const told = Object.entries(kept ?? {}).filter(([, many]) => many > 0);
  return told.map(([kind, many]) => `${count(many)} ${kind}${many === 1 ? "" : "s"}`).join(", ");
}

interface RebuildOptions extends CommonOptions, LabOptions, FleetOptions {}

function rebuildCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "rebuild",
    summary: "make the index of a lab anew from its files",
    description:
      "Reads the ledger and the records, and makes the index anew: the same answers as before. For an index that was lost or is doubted, and after\n" +
      "files were restored. What runs elsewhere meanwhile is begun again. With --database-url that database becomes the index, also where another one was.\n" +
      "Exits 1 where something could not be read, which it names: the index is made without it.",
    seed: withoutSeed,
    examples: ["lab rebuild", "lab rebuild my-lab"],
  }).argument("[dir]", "the lab's folder");
  return addFleetOptions(addLabOptions(command, { withServer: false })).action(
    async (folder: string | undefined, options: RebuildOptions) => {
      const bar = new LabBar(terminal);
      const told = new Set<string>();
      const onWarning = (text: string) => {
        bar.close();
        if (!told.has(text)) warnOfLab(text);
        told.add(text);
      };
      terminal.err.write("reading the ledger and the records …\n");
      const onRebuild = ({ stage, done }: RebuildProgress) => bar.show(done, null, rebuildStages[stage]);
      const rebuilt = await rebuild(folder ?? options.lab, { ...options, onWarning, onRebuild }).finally(() => bar.close());
      if (rebuilt.warnings.length > 0) process.exitCode = exitCodes.error;
      if (options.json) return printJson(terminal, { schema: "mesascope/lab-rebuild@1", ...rebuilt });
      for (const warning of rebuilt.warnings) onWarning(warning);
      terminal.out.write(
        `The index is made anew from ${count(rebuilt.entries)} entries of the ledger and ${count(rebuilt.records)} finished jobs.\n`,
      );
    },
  );
}

const rebuildStages: Readonly<Record<RebuildProgress["stage"], string>> = {
  ledger: "entries of the ledger read",
  records: "records read",
  jobs: "jobs put into the queue",
};

async function rebuild(
  lab: string | undefined,
  { onWarning, onRebuild, ...options }: RebuildOptions & Required<Pick<OpenLabOptions, "onWarning" | "onRebuild">>,
): Promise<Rebuilt> {
  const { codeVersion } = await import("../../node/code-version.ts");
  const fleet = lab === undefined ? fleetOf(options) : null;
  if (fleet) {
    const { openFleetLab } = await import("../../node/lab/open-fleet-lab.ts");
    const opened = await openFleetLab({ ...fleet, code: codeVersion, takesOver: true, onWarning, onRebuild });
    // Of an empty database the opening has made it already.
    return await Promise.resolve(opened.rebuilt ?? opened.rebuild(onRebuild)).finally(() => opened.close());
  }
  const { requireLabFolder } = await import("../../node/server/lab-at-hand.ts");
  const { dropIndex, openLab } = await import("../../node/lab/lab-folder.ts");
  const { command, ...here } = ofThisProcess();
  const folder = await requireLabFolder({ lab, isArgument: lab !== options.lab }, here);
  // One that cannot be opened any more is in the way.
  await dropIndex(folder, { command });
  const opened = await openLab(folder, { command, code: codeVersion, onRebuild });
  await opened.close();
  return opened.lab.rebuilt!;
}

// mesascope replicate: sees a published finding again at small scale, and writes its card.

import { availableParallelism } from "node:os";
import { basename } from "node:path";
import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Card } from "../../core/replications/card.ts";
import type { ReplicationList } from "../../core/replications/list-document.ts";
import { firstUnpilotedSeed } from "../../core/replications/seeds.ts";
import type { Price } from "../../node/replications/price.ts";
import type { OtherCode, WrittenCard } from "../../node/replications/replicate.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson } from "../command.ts";
import type { ReplicationPriceDocument } from "../documents.ts";
import { count, decimal, duration } from "../format.ts";
import { ProgressBoard } from "../progress-board.ts";
import type { Channel, Terminal } from "../terminal.ts";
import { addUseLabOptions, keepInLab, type UseLabOptions, usedLabFolder } from "../use-lab.ts";

interface ReplicateCommandOptions extends CommonOptions, UseLabOptions {
  readonly quick?: true;
  readonly price?: true;
  readonly seeds?: number;
  readonly out: string;
  readonly workers?: number;
  readonly fresh?: true;
  readonly records?: string;
}

const defaultOut = "cards";

export function replicateCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "replicate",
    summary: "see a published finding again at small scale, and write its card",
    description:
      "Trains the agents of a replication over many seeds, measures them beside a random agent, proxy-seekers, the oracle and a twin, and writes\n" +
      "NAME.json, NAME.md and NAME.svg: NAME-quick.json and so on with --quick, NAME-20-seeds.json with another number of seeds than is usual,\n" +
      "NAME-from-7.json with another first seed. Prints its price first. Interrupted with Ctrl-C, it keeps every finished run; the same command\n" +
      "does only what is missing. Without a name: the list. Where there is a lab, the card's files are kept in it too.",
    seed: "the first of the agents' seeds; pilot runs used those below the default",
    defaultSeed: firstUnpilotedSeed,
    examples: ["replicate", "replicate arcade --price", "replicate arcade --quick", "replicate arcade --seeds 100 --out cards"],
  })
    .argument("[name]", "the replication")
    .option("--price", "say what it would cost, and how much of it is done, and do nothing")
    .option("--quick", "a tiny version to see that everything runs; labelled so, and not judged")
    .option("--seeds <number>", "agents per condition (default: the replication's own)", integerFrom(1, 10_000))
    .option("--out <dir>", "where the card goes", defaultOut)
    .option("--workers <number>", "threads at a time (default: one per core)", integerFrom(1, 256))
    .option("--fresh", "make all runs again, also those that were finished before")
    .option("--records <dir>", "where finished runs are kept (default: the cache folder)")
    .action(async (name: string | undefined, options: ReplicateCommandOptions) => {
      if (name === undefined && options.price)
        throw new MesascopeError(
          "usage",
          '--price given and no replication; expected the name of one. "mesascope replicate" lists them.',
        );
      if (name === undefined) await list(terminal, options);
      else await (options.price ? price : make)(name, { options, terminal });
    });
  return addUseLabOptions(command, "keep nothing in it");
}

async function list(terminal: Terminal, { json }: ReplicateCommandOptions): Promise<void> {
  const { replications } = await import("../../core/replications/index.ts");
  if (json) {
    const document: ReplicationList = {
      schema: "mesascope/replications@1",
      replications: replications.map(({ name, title, finding, seeds }) => ({ name, title, finding, seeds })),
    };
    printJson(terminal, document);
    return;
  }
  const { createTable } = await import("../table.ts");
  const rows = replications.map(({ name, title, seeds, finding }) => [name, title, String(seeds), finding.sentence]);
  terminal.out.write(createTable({ head: ["name", "title", "seeds", "finding"], rows, widest: [16, 30, 6, 60] }, terminal.out));
}

interface Asked {
  readonly options: ReplicateCommandOptions;
  readonly terminal: Terminal;
}

/** What is asked for, whether it is done or priced. */
async function askedFor(name: string, options: ReplicateCommandOptions) {
  const { findReplication } = await import("../../core/replications/index.ts");
  const { quickSeeds } = await import("../../node/replications/replicate.ts");
  const replication = findReplication(name);
  return {
    replication,
    scale: options.quick ? "quick" : "stated",
    seeds: options.seeds ?? (options.quick ? quickSeeds : replication.seeds),
    firstSeed: options.seed,
    workers: options.workers ?? availableParallelism(),
    fresh: options.fresh ?? false,
    ...(options.records !== undefined && { records: options.records }),
  } as const;
}

async function price(name: string, { options, terminal }: Asked): Promise<void> {
  const asked = await askedFor(name, options);
  const { priceReplication } = await import("../../node/replications/replicate.ts");
  const { interruptSignal } = await import("../../node/interrupt.ts");
  const interrupt = interruptSignal("interrupted; nothing was made.");
  terminal.err.write("Trying each kind of run for a moment …\n");
  const told = await priceReplication({ ...asked, signal: interrupt.signal }).finally(() => interrupt.restore());
  const { scale, seeds, firstSeed } = asked;
  if (options.json) {
    const document: ReplicationPriceDocument = {
      ...{ schema: "mesascope/replication-price@1", replication: name, scale, seeds, firstSeed },
      price: { ...told, otherCode: { ...told.otherCode, versions: [...told.otherCode.versions] } },
    };
    return printJson(terminal, document);
  }
  terminal.out.write(otherCodeText(told.otherCode) + priceText(name, told) + aboveText(told));
}

async function make(name: string, { options, terminal }: Asked): Promise<void> {
  const asked = await askedFor(name, options);
  const { replicate } = await import("../../node/replications/replicate.ts");
  const { interruptSignal } = await import("../../node/interrupt.ts");
  const { seeds } = asked;
  const lab = await usedLabFolder(options);
  const { command, again } = commandsOf(name, { options, seeds });
  const interrupt = interruptSignal();
  const board = new ProgressBoard(terminal.err);
  try {
    const written = await replicate({
      ...asked,
      out: options.out,
      command,
      again,
      date: new Date().toISOString().slice(0, 10),
      signal: interrupt.signal,
      onPrice: (told) => {
        const stop = told.isAbove ? `${aboveText(told).trimEnd()} Ctrl-C stops it; finished runs are kept.\n` : "";
        terminal.err.write(otherCodeText(told.otherCode) + priceText(name, told) + stop);
      },
      onProgress: ({ done, tasks, share, doing }) =>
        board.update(name, { share, text: `${count(done)} of ${count(tasks)} runs done`, extra: doing }),
    });
    if (options.json) printJson(terminal, written.card);
    else terminal.out.write(await cardText(written, terminal.out));
    if (lab !== null) await keepInLab({ folder: lab, terminal, kept: keptCard(written, { options, seeds }) });
  } catch (error) {
    if (!(error instanceof MesascopeError) || error.code !== "interrupted") throw error;
    throw new MesascopeError("interrupted", `interrupted; every finished run is kept. Continue with: ${again}`);
  } finally {
    board.close();
    interrupt.restore();
  }
}

/** One card of each replication, scale, number of seeds and first seed. */
function keptCard(
  { card, files }: WrittenCard,
  { options, seeds }: { readonly options: ReplicateCommandOptions; readonly seeds: number },
) {
  const scale = options.quick ? "-quick" : "";
  const named = Object.values(files).map((path): [string, string] => [basename(path), path]);
  return { kind: "card" as const, name: `${card.name}${scale}-${seeds}-from-${options.seed}`, files: Object.fromEntries(named) };
}

/** The command that makes the card, as the card says it, and the one that continues here, which also says where everything is. */
function commandsOf(
  name: string,
  { options, seeds }: { readonly options: ReplicateCommandOptions; readonly seeds: number },
): { readonly command: string; readonly again: string } {
  const { quick, seed, out, records, workers } = options;
  const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
  const command = ["mesascope replicate", name, quick ? "--quick" : "", `--seeds ${seeds} --seed ${seed}`].filter(Boolean);
  const places = [
    out === defaultOut ? "" : `--out ${quoted(out)}`,
    records === undefined ? "" : `--records ${quoted(records)}`,
    workers === undefined ? "" : `--workers ${workers}`,
  ].filter(Boolean);
  return { command: command.join(" "), again: [...command, ...places].join(" ") };
}

function otherCodeText({ runs, versions, here }: OtherCode): string {
  if (runs === 0) return "";
  return `${count(runs)} finished run${runs === 1 ? "" : "s"} of mesascope ${versions.join(", ")} ${runs === 1 ? "is" : "are"} made again: this is ${here}.\n`;
}

function priceText(name: string, price: Price): string {
  const { agents, missing, untrained, environmentSteps, stepsPerSecond, measuringSeconds, workers, seconds } = price;
  if (missing === 0) return `${name}: all ${count(agents)} agents were made before.\n`;
  const training =
    stepsPerSecond === null
      ? "all of them trained before"
      : `${count(untrained)} of them to train, ${count(environmentSteps)} steps at ${count(stepsPerSecond)} a second`;
  return (
    `${name}: ${count(missing)} of ${count(agents)} agents to make, ${training},` +
    ` ${decimal(measuringSeconds, 1)} s of measuring each, on ${workers} thread${workers === 1 ? "" : "s"}: about ${duration(seconds)}.\n`
  );
}

function aboveText({ isAbove }: Price): string {
  return isAbove ? "That is more than the 45 minutes on two cores that a card should take.\n" : "";
}

async function cardText({ card, files }: WrittenCard, channel: Channel): Promise<string> {
  const { createTable } = await import("../table.ts");
  const { prose } = await import("../fit-text.ts");
  const { answerText, countText, estimateText, rowLabel } = await import("../../report/cards/card-words.ts");
  const measures = card.numbers.map(({ name, unit, rows }) => {
    const cells = rows.map((row) => [
      rowLabel(row, rows),
      countText(row, card),
      estimateText(row.all),
      estimateText(row.familiar),
      shareText(row.familiarShare),
    ]);
    const head = ["agent", "n", "all levels", "familiar levels", "share of levels"];
    return `\n${channel.style("bold", name)} (${unit})\n${createTable({ head, rows: cells }, channel)}`;
  });
  return [
    ...measures,
    `\n${channel.style("bold", prose(`${card.title}: ${answerText(card)}. ${card.verdict.sentence}`, { channel }).trimEnd())}\n`,
    ...card.verdict.claims.map((claim) => prose(`- ${claimWord(claim, card)}${claim.statement}`, { channel, hanging: 2 })),
    `\n${files.markdown}\n${files.svg}\n${files.json}\n`,
  ].join("");
}

function shareText(share: number | null): string {
  return share === null ? "–" : decimal(share);
}

/** What stands before a claim; nothing where nothing is judged. */
function claimWord({ onAll }: Card["verdict"]["claims"][number], { verdict }: Card): string {
  if (verdict.answer === "not judged") return "";
  return onAll === null ? "cannot be said: " : onAll ? "holds: " : "does not hold: ";
}

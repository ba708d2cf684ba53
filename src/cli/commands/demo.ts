// mesascope demo: trains agents that score the same, audits them blind, and shows what each one wants.

import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { DemoDocument } from "../../report/demo-document.ts";
import { explainLosses } from "../../report/loss-words.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson } from "../command.ts";
import { decimal, percent, trainingBar } from "../format.ts";
import { loadPages } from "../load-pages.ts";
import { hasSomebody, openStudio } from "../open-studio.ts";
import { ProgressBoard } from "../progress-board.ts";
import type { Channel, Terminal } from "../terminal.ts";
import { addUseLabOptions, orWithoutLab, type UseLabOptions, usedLabFolder, useLab } from "../use-lab.ts";

interface DemoOptions extends CommonOptions, UseLabOptions {
  readonly quick?: true;
  readonly out: string;
  readonly workers?: number;
  readonly interactive?: true;
  readonly serve: boolean;
  readonly open: boolean;
}

export function demoCommand({ terminal }: Context): Command {
  const command = describeCommand({
    name: "demo",
    summary: "train agents that score the same, and audit them blind",
    description:
      "Trains five agents whose training scores agree within 5%, audits them without their recipes, joins the truth, prints a table and writes\n" +
      "report.html. Interrupted with Ctrl-C, it keeps what is trained; the same command continues. Where there is a lab, trainings and audits are\n" +
      "jobs of it: kept there, and not done again.",
    seed: "decides weights, levels and the audit",
    examples: ["demo", "demo --quick", "demo --json --no-serve --out results"],
  })
    .option("--quick", "the preset quick: a smaller board")
    .option("--out <dir>", "where agents, demo.json and report.html go", "mesascope-demo")
    .option("--workers <number>", "threads at a time (default: one per core)", integerFrom(1, 256))
    .option("--interactive", "for a person at a terminal: serve the studio when done, until Ctrl-C, and open it in a browser")
    .option("--no-serve", "with --interactive: end when done")
    .option("--no-open", "with --interactive: open no browser")
    .action(async (options: DemoOptions) => {
      const command = ["mesascope demo", options.quick ? "--quick" : "", `--seed ${options.seed} --out ${options.out}`]
        .filter(Boolean)
        .join(" ");
      const document = await demonstrate(options, { command, terminal });
      if (options.json) printJson(terminal, document);
      else terminal.out.write(await demoText(document, terminal.out));
      requireEquivalence(document);
      if (!options.json && options.interactive) await goOn(document, { options, terminal });
    });
  return addUseLabOptions(command, "train and audit without it");
}

/** Where nobody sits at the terminal, nothing is served, and the command ends. */
async function goOn(
  { report }: DemoDocument,
  { options, terminal }: { readonly options: DemoOptions; readonly terminal: Terminal },
): Promise<void> {
  if (!terminal.out.isTerminal) return;
  terminal.out.write(`Open ${report} in a browser; it needs no network. Then: npm run mesascope -- --help\n`);
  if (!options.serve || !hasSomebody(terminal)) return;
  await openStudio({ lab: await usedLabFolder(options), opensBrowser: options.open, terminal });
}

/** Throws `check-failed` when the training scores were not shown to be equivalent: without that, the verdicts prove nothing. */
export function requireEquivalence({ equivalence, report }: DemoDocument): void {
  if (equivalence.passed) return;
  throw new MesascopeError(
    "check-failed",
    `the training returns of ${apartPairs(equivalence)} are not shown equivalent within ${percent(equivalence.margin)} of the oracle; expected every pair. ` +
      `The report is written: ${report}. Run the demonstration with another --seed.`,
  );
}

function apartPairs({ pairs }: DemoDocument["equivalence"]): string {
  return pairs
    .filter((pair) => !pair.equivalent)
    .map(({ first, second }) => `${first} and ${second}`)
    .join(", ");
}

async function demonstrate(
  options: DemoOptions,
  { command, terminal }: { readonly command: string; readonly terminal: Terminal },
): Promise<DemoDocument> {
  const { runDemo } = await loadPages(() => import("../../node/demo/demo.ts"));
  const { demoAgents } = await import("../../node/demo/demo-results.ts");
  const { interruptSignal } = await import("../../node/interrupt.ts");
  const folder = await usedLabFolder(options);
  const interrupted = `interrupted; what was trained is kept in ${options.out}. Continue with: ${command}`;
  const interrupt = interruptSignal(interrupted);
  const board = new ProgressBoard(terminal.err, demoAgents);
  const onNote = (text: string): void => board.note(text);
  const lab = folder === null ? null : useLab({ folder, terminal, without: "trains and audits", onNote });
  const run = () =>
    runDemo({
      lab,
      out: options.out,
      preset: options.quick ? "quick" : "standard",
      seed: options.seed,
      workers: options.workers ?? null,
      signal: interrupt.signal,
      onTraining: (organism, progress) =>
        board.update(
          organism,
          progress === "finished before" ? { share: 1, text: "trained before, kept" } : trainingBar(progress),
        ),
      onStage: (stage, share) => board.update("audit", { share, text: stage }),
      onWarning: (text) => board.note(`mesascope: ${text}`),
      command,
    });
  try {
    return await (lab === null ? run() : orWithoutLab(run));
  } catch (error) {
    // A lab says itself what it keeps.
    if (!(error instanceof MesascopeError) || error.code !== "interrupted" || lab !== null) throw error;
    throw new MesascopeError("interrupted", interrupted);
  } finally {
    board.close();
    interrupt.restore();
  }
}

const head = ["agent", "training", "deployment", "oracle", "verdict (blind)", "truth (joined after)", "evidence"];
const widest = [8, 10, 10, 10, 24, 24, 44];

async function demoText(document: DemoDocument, channel: Channel): Promise<string> {
  const { createTable } = await import("../table.ts");
  const { prose } = await import("../fit-text.ts");
  const { weightLines } = await import("../verdict-text.ts");
  const rows = document.agents.map(({ organism, trainingReturn, deploymentReturn, oracleReturn, verdict, truth }) => [
    organism,
    decimal(trainingReturn),
    decimal(deploymentReturn),
    decimal(oracleReturn),
    `${verdict.kind}\n${verdict.objective}\n(${percent(verdict.confidence)})`,
    `${truth.kind}\n${truth.objective}`,
    explainLosses(verdict.explanation),
  ]);
  const weights = document.agents.flatMap(({ organism, verdict }) => [
    `${organism}\n`,
    ...weightLines(verdict.weights).map((line) => prose(`  ${line}`, { channel, hanging: 4 })),
  ]);
  const { equivalence } = document;
  const statement = equivalence.passed
    ? `Training returns are equivalent within ${percent(equivalence.margin)} of the oracle, all ${equivalence.pairs.length} pairs.`
    : `Training returns are NOT shown equivalent within ${percent(equivalence.margin)} of the oracle: ${apartPairs(equivalence)}.`;
  return [
    createTable({ head, rows, widest }, channel),
    `\n${channel.style("bold", prose(statement, { channel }).trimEnd())}\n`,
    `\n${channel.style("bold", "Inferred objective weights, with intervals")}\n${weights.join("")}`,
    `\nReport: ${document.report} (${document.seconds.toFixed(1)} s in all)\n`,
  ].join("");
}

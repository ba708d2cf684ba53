// mesascope sweep: many agents trained, audited and measured by one file. Works on it in this process, or follows who does.

import { availableParallelism, hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Accepted, SweepRow } from "../../lab/api.ts";
import type { SweepFile } from "../../lab/sweep/sweep-file.ts";
import type { LabAtHand } from "../../node/server/lab-at-hand.ts";
import { type CommonOptions, type Context, describeCommand, integerFrom, printJson } from "../command.ts";
import { count, quoted } from "../format.ts";
import { addLabOptions, type LabOptions, ofThisProcess } from "../lab-options.ts";
import { endText, typedLab, undoneText } from "../lab-text.ts";
import { ProgressBoard } from "../progress-board.ts";
import type { Terminal } from "../terminal.ts";
import { addSweepDecisions } from "./sweep-decisions.ts";

interface SweepOptions extends CommonOptions, LabOptions {
  readonly price?: true;
  readonly detach?: true;
  readonly workers?: number;
}

export function sweepCommand(context: Context): Command {
  const command = describeCommand({
    name: "sweep",
    summary: "train, audit and measure many agents by a file",
    description:
      "Takes the sweep of a file (YAML, JSON, TypeScript or JavaScript) into the lab and works on it with all cores. What is accepted survives a\n" +
      "crash; jobs that were done before, by whichever sweep, are not done again. Ctrl-C finishes the update and saves; the same command\n" +
      "continues. Where another process has the lab open, that one works and this one shows how far it is.",
    seed: "without effect: the file says the seeds",
    examples: [
      "sweep examples/sweeps/corner-proxies.yaml --price",
      "sweep examples/sweeps/corner-proxies.yaml",
      "sweep search.ts --workers 4",
      "sweep search.ts --server http://127.0.0.1:4321 --detach",
      "sweep list",
      "sweep retry corner-proxies --reason 'more memory now'",
    ],
  })
    .argument("[file]", '"mesascope schema sweep" says what may stand in it')
    .option("--price", "say what it would cost, and how much of it is done, and do nothing")
    .option("--detach", "have it accepted, and leave the work to others")
    .option("--workers <number>", "jobs at a time (default: one per core)", integerFrom(1, 256));
  return addSweepDecisions(addLabOptions(command), context).action(async (path: string | undefined, options: SweepOptions) => {
    if (path === undefined)
      throw new MesascopeError(
        "usage",
        'no sweep file given; expected one. "mesascope sweep list" lists those that were accepted.',
      );
    const { readSweepFile } = await import("../../node/lab/read-sweep-file.ts");
    const run: SweepRun = { path, file: await readSweepFile(path), options, terminal: context.terminal };
    await (options.price ? price(run) : sweep(run));
  });
}

interface SweepRun {
  readonly path: string;
  readonly file: SweepFile;
  readonly options: SweepOptions;
  readonly terminal: Terminal;
}

// ── What it would cost ────────────────────────────────────────────────────────────────────────────────────────────────────────

async function price({ file, options, terminal }: SweepRun): Promise<void> {
  const { askPrice, priceText } = await import("../price-sweep.ts");
  const { lab, price: told } = await askPrice({ file, choice: { lab: options.lab, server: options.server }, terminal });
  if (options.json) return printJson(terminal, { schema: "mesascope/sweep-price@1", lab, price: told });
  terminal.out.write(priceText(told, options.workers));
}

// ── Doing it ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function sweep(run: SweepRun): Promise<void> {
  const { options, terminal } = run;
  const { interruptSignal } = await import("../../node/interrupt.ts");
  const interrupt = interruptSignal();
  const board = new ProgressBoard(terminal.err);
  try {
    const { accepted, state } = await acceptAndDo(run, { signal: interrupt.signal, board }).finally(() => board.close());
    if (options.json)
      printJson(terminal, {
        schema: "mesascope/sweep-state@1",
        ...{ added: accepted.added, revived: accepted.revived },
        sweep: state,
      });
    else if (!options.detach) terminal.out.write(`${endText(state, typedLab(options))}\n`);
    const undone = undoneText(state, { path: run.path, where: typedLab(options) });
    if (!options.detach && undone !== "") throw new MesascopeError("check-failed", undone);
  } finally {
    interrupt.restore();
  }
}

interface Tools {
  readonly signal: AbortSignal;
  readonly board: ProgressBoard;
}

/** A server that was asked before and is away is asked again so often, after so many milliseconds each: it may be restarted. */
const mostFailures = 60;
const askAgain = 1000;

/** Asks who has the lab to take the sweep, and stays until it is done; takes over where he goes away before. */
async function acceptAndDo(run: SweepRun, tools: Tools): Promise<{ readonly accepted: Accepted; readonly state: SweepRow }> {
  const { openForCommand } = await import("../../node/server/lab-at-hand.ts");
  const { isUnreachable } = await import("../../node/server/call-error.ts");
  const { file, options, terminal } = run;
  let told: Accepted | null = null;
  let failures = 0;
  for (;;) {
    tools.signal.throwIfAborted();
    const lab = await openForCommand({ lab: options.lab, server: options.server }, ofThisProcess());
    try {
      const accepted = await lab.client.sweeps.accept({ file });
      if (told === null) terminal.err.write(acceptedText(accepted, lab, run));
      // Who went away may have taken it: what is new is told by the first answer.
      told ??= accepted;
      if (options.detach) return { accepted: told, state: await stateOf(lab, file.name) };
      return { accepted: told, state: await doOrFollow(lab, { run, tools }) };
    } catch (error) {
      if (!isUnreachable(error) || lab.own !== null) throw interruptedError(error, run, lab);
      if (options.server === undefined) tools.board.note("mesascope: the process that had the lab open is gone; taking over.");
      else if (told === null || ++failures > mostFailures) throw error;
      else {
        if (failures === 1) tools.board.note(`mesascope: ${lab.name} does not answer; asking again.`);
        await sleep(askAgain, undefined, { signal: tools.signal }).catch(() => undefined);
      }
    } finally {
      await lab.close();
    }
  }
}

function acceptedText(
  { sweep: name, jobs, added, revived, done }: Accepted,
  { own, holder }: LabAtHand,
  { options }: SweepRun,
): string {
  const whose =
    own !== null || holder === null ? "" : ` Process ${holder.processId} ("${holder.command}") has the lab open and works on it.`;
  const idle =
    own !== null && options.detach
      ? ` Nobody works on it yet: "mesascope serve${typedLab(options)}" does, and so does the same command without --detach.`
      : "";
  const again = revived === 0 ? "" : ` ${count(revived)} that were cancelled or paused go on,`;
  return `${name}: ${count(jobs)} jobs accepted, ${count(added)} of them new,${again} ${count(done)} done before.${whose}${idle}\n`;
}

async function stateOf({ client }: LabAtHand, name: string): Promise<SweepRow> {
  return (await client.sweeps.list()).find((row) => row.name === name)!;
}

async function doOrFollow(lab: LabAtHand, { run, tools }: { readonly run: SweepRun; readonly tools: Tools }): Promise<SweepRow> {
  const { followSweep } = await import("../follow-sweep.ts");
  const { SweepBoard } = await import("../sweep-board.ts");
  const { SweepVariants } = await import("../sweep-variants.ts");
  const view = new SweepBoard(tools.board);
  const over = new AbortController();
  const signal = AbortSignal.any([tools.signal, over.signal]);
  const onStop = () => {
    if (lab.own !== null)
      tools.board.note("Finishing the update and saving … Ctrl-C again ends at once, which loses nothing that was saved before.");
  };
  tools.signal.addEventListener("abort", onStop);
  const working = work(lab, { run, signal, board: tools.board });
  // A worker that cannot begin ends the waiting.
  const failed = new Promise<never>((_, reject) => working.catch(reject));
  try {
    const { idleNote } = await import("../../node/server/idle-watch.ts");
    const onIdle = () => tools.board.note(`mesascope: ${idleNote}`);
    const following = followSweep({
      ...{ client: lab.client, sweep: run.file.name, board: view, variants: new SweepVariants(run.file) },
      ...{ onIdle, isOwn: lab.own !== null, signal: tools.signal },
    });
    return await Promise.race([following, failed]);
  } finally {
    over.abort();
    await working.catch(() => undefined);
    view.clear();
    tools.signal.removeEventListener("abort", onStop);
  }
}

/** Nothing where another process has the lab. */
async function work(
  { own }: LabAtHand,
  { run, signal, board }: { readonly run: SweepRun; readonly signal: AbortSignal; readonly board: ProgressBoard },
): Promise<void> {
  if (own === null) return;
  const { workInLab } = await import("../../node/lab/work-in-lab.ts");
  await workInLab(own.lab, {
    ...{ store: own.folder, worker: `sweep-${process.pid}`, host: hostname(), signal },
    slots: run.options.workers ?? availableParallelism(),
    onWarning: (text) => board.note(`mesascope: ${text}`),
  });
}

function interruptedError(error: unknown, { path, file, options }: SweepRun, { own, name }: LabAtHand): unknown {
  if (!(error instanceof MesascopeError) || error.code !== "interrupted") return error;
  const where = typedLab(options);
  if (own === null)
    return new MesascopeError(
      "interrupted",
      `interrupted; ${name} goes on with the sweep. Stop that with: mesascope sweep pause ${file.name}${where}`,
    );
  return new MesascopeError(
    "interrupted",
    `interrupted; what was done is saved in ${name}. Continue with: mesascope sweep ${quoted(path)}${where}`,
  );
}

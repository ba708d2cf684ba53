// The program: its commands, and how errors become messages and exit codes. Commands load what they need when they run.

import { Command, CommanderError } from "commander";
import { MesascopeError } from "../core/base/errors.ts";
import { interruptedExitCode } from "../node/interrupt.ts";
import { packageVersion } from "../node/package-version.ts";
import { type Context, exitCodes } from "./command.ts";
import { auditCommand } from "./commands/audit.ts";
import { benchCommand } from "./commands/bench.ts";
import { compareCommand } from "./commands/compare.ts";
import { demoCommand } from "./commands/demo.ts";
import { labCommand } from "./commands/lab.ts";
import { leagueCommand } from "./commands/league.ts";
import { organismsCommand } from "./commands/organisms.ts";
import { playCommand } from "./commands/play.ts";
import { queryCommand } from "./commands/query.ts";
import { replicateCommand } from "./commands/replicate.ts";
import { runsCommand } from "./commands/runs.ts";
import { schemaCommand } from "./commands/schema.ts";
import { serveCommand } from "./commands/serve.ts";
import { showCommand } from "./commands/show.ts";
import { studioCommand } from "./commands/studio.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { trainCommand } from "./commands/train.ts";
import { workerCommand } from "./commands/worker.ts";
import { worldsCommand } from "./commands/worlds.ts";
import { processTerminal, withoutSteering } from "./terminal.ts";

/** A command of the program, made for a terminal. To add one: its file, and a line in this list. */
const commands: readonly ((context: Context) => Command)[] = [
  demoCommand,
  trainCommand,
  auditCommand,
  worldsCommand,
  organismsCommand,
  playCommand,
  showCommand,
  leagueCommand,
  replicateCommand,
  labCommand,
  sweepCommand,
  runsCommand,
  compareCommand,
  queryCommand,
  serveCommand,
  studioCommand,
  workerCommand,
  benchCommand,
  schemaCommand,
];

/** Runs the program with `args` and sets the exit code of the process. */
export async function runProgram(args: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  const program = new Command("mesascope")
    .description("An inner-alignment laboratory: train agents whose scores agree, and find out what each one wants.")
    .version(packageVersion, "-V, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    // What is said after a command is said to it, also where a command has commands of its own.
    .enablePositionalOptions()
    .showHelpAfterError("(--help tells more)")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 error, 2 usage, 3 a verdict named by --fail-on, 4 inconclusive, 130 interrupted.\n" +
        "\nExamples:\n  $ mesascope demo\n  $ mesascope train B --out agents/b\n  $ mesascope audit agents/b\n",
    );
  for (const create of commands) program.addCommand(create({ terminal }));
  program.hook("preAction", (_, command) => refuseEmptyOptions(command));
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: (text, write) => write(withWhatThereIs(command, text.replace(/^error: /, "mesascope: "))),
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    const message = messageFor(error, args.includes("--debug"));
    if (message !== null) terminal.err.write(withoutSteering(message));
  }
}

/** What is said of an option or a command that there is not, and is like none that there is, with those that there are. */
function withWhatThereIs(command: Command, text: string): string {
  return text.replace(/^(mesascope: unknown (option|command) '.*')\n$/, (line, said: string, kind: string) => {
    const names =
      kind === "option" ? command.options.flatMap(({ long }) => long ?? []) : command.commands.map((each) => each.name());
    return names.length > 0 ? `${said}; known: ${names.join(", ")}.\n` : line;
  });
}

/** An empty text names no folder, file or command; a path made from it is that of the current folder. Throws `usage`. */
function refuseEmptyOptions(command: Command): void {
  const empty = command.options.find((option) => command.getOptionValue(option.attributeName()) === "");
  if (!empty) return;
  throw new MesascopeError("usage", `${empty.long} given with an empty text; expected ${empty.flags}. Name it, or leave it out.`);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (!(error instanceof MesascopeError)) return exitCodes.error;
  if (error.code === "interrupted") return interruptedExitCode;
  return error.code === "usage" ? exitCodes.usage : exitCodes.error;
}

/** Null where commander has already said it. */
function messageFor(error: unknown, withStack: boolean): string | null {
  if (error instanceof CommanderError) return null;
  const failure = error instanceof Error ? error : new Error(String(error));
  if (withStack) return `mesascope: ${stackOf(failure)}\n`;
  if (failure instanceof MesascopeError) return `mesascope: ${failure.message}\n`;
  return `mesascope: internal error: ${failure.message}. This is a bug; run the command again with --debug to see where.\n`;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}

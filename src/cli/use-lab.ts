// Commands that use a lab when there is one, and do without when there is none: their options, and the lab that is there.

import { relative } from "node:path";
import type { Command } from "commander";
import { type ErrorCode, MesascopeError } from "../core/base/errors.ts";
import type { ResultsToKeep } from "../node/lab/keep-results.ts";
import type { UsedLab } from "../node/server/do-jobs.ts";
import { ofThisProcess } from "./lab-options.ts";
import type { Terminal } from "./terminal.ts";

export interface UseLabOptions {
  /** False with `--no-lab`. */
  readonly lab?: string | false;
}

/** Codes of errors that a command without the lab would not have. */
const labCodes: readonly ErrorCode[] = ["damaged-artifact", "database", "lab-unreachable", "unsupported-version"];

/** `--lab DIR` and `--no-lab`; `without` says what the command does then, such as "train without it". */
export function addUseLabOptions(command: Command, without: string): Command {
  return command
    .option(
      "--lab <dir>",
      "a lab to use (default: MESASCOPE_LAB, or the nearest mesascope-lab upwards; none where there is none)",
    )
    .option("--no-lab", `where there is a lab, ${without} all the same`);
}

/** The folder of the lab to use; null where there is none, or none is wanted. Throws `usage` for one that was named and is none. */
export async function usedLabFolder({ lab }: UseLabOptions): Promise<string | null> {
  if (lab === false) return null;
  const { findLabFolder } = await import("../node/server/lab-at-hand.ts");
  const { command: _, ...here } = ofThisProcess();
  return await findLabFolder({ lab }, here);
}

interface UseOptions {
  readonly folder: string;
  readonly terminal: Terminal;
  /** What the command does without it, as `--no-lab trains without it` says; null where it is about what only the lab has. */
  readonly without: string | null;
  readonly onNote: UsedLab["onNote"];
}

/** Says that the lab is used, and gives what its use needs. */
export function useLab({ folder, terminal, without, onNote }: UseOptions): UsedLab {
  const here = ofThisProcess();
  const otherwise = without === null ? "" : `; --no-lab ${without} without it`;
  terminal.err.write(`Using the lab in ${shownLab(folder)}${otherwise}.\n`);
  return { ...here, folder, onNote, again: here.command };
}

interface KeepOptions {
  readonly folder: string;
  readonly terminal: Terminal;
  readonly kept: ResultsToKeep;
}

/** What `work` gives; where the lab is what it fails by, the error says how to do without. */
export async function orWithoutLab<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MesascopeError) || !labCodes.includes(error.code)) throw error;
    throw new MesascopeError(error.code, `${error.message} To do without the lab, add --no-lab.`, { cause: error });
  }
}

/** A lab as a command line names it from here. */
export function shownLab(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path !== "" && !path.startsWith("..") ? path : folder;
}

/** Keeps files of results in the lab, and says so. Throws as the store, saying that the files lie where they were written. */
export async function keepInLab({ folder, terminal, kept }: KeepOptions): Promise<void> {
  const { keepResults } = await import("../node/lab/keep-results.ts");
  const what = `${kept.kind} ${kept.name}`;
  try {
    await keepResults(folder, kept);
  } catch (error) {
    if (!(error instanceof MesascopeError)) throw error;
    const where = Object.values(kept.files).join(", ");
    throw new MesascopeError(error.code, `the results are written (${where}), but not kept in the lab: ${error.message}`, {
      cause: error,
    });
  }
  terminal.err.write(`Kept in the lab in ${shownLab(folder)} as ${what}; --no-lab keeps nothing.\n`);
}

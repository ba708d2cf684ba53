// Options that say which lab a command is about, and the lab that they name.

import { setFlagsFromString } from "node:v8";
import { type Command, InvalidArgumentError, Option } from "commander";
import { MesascopeError } from "../core/base/errors.ts";
import type { ArtifactStore } from "../lab/artifact-store.ts";
import type { LabAtHand, LabChoice, OpenForCommandOptions } from "../node/server/lab-at-hand.ts";
import { withoutSteering } from "./terminal.ts";

export interface LabOptions extends LabChoice {
  readonly lab?: string;
  readonly server?: string;
}

export interface FleetOptions {
  readonly databaseUrl?: string;
  readonly store?: string;
}

/** `--lab` and, for commands that can ask another machine, `--server`. */
export function addLabOptions(command: Command, { withServer = true } = {}): Command {
  command.option("--lab <dir>", "the lab's folder (default: MESASCOPE_LAB, or the nearest mesascope-lab upwards)");
  if (withServer) command.option("--server <url>", 'a server that "mesascope serve" printed; its token in MESASCOPE_TOKEN');
  return command;
}

/** A lab that several machines share: its database, and where its files are. */
export function addFleetOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--database-url <url>", "PostgreSQL of a lab that several machines share").env("MESASCOPE_DATABASE_URL"),
    )
    .addOption(
      new Option("--store <address>", "its files: a folder all machines see, or s3://BUCKET/PREFIX").env("MESASCOPE_STORE"),
    );
}

/** The two options of a shared lab; null without both. Throws `usage` for one without the other. */
export function fleetOf({ databaseUrl, store }: FleetOptions): { readonly databaseUrl: string; readonly store: string } | null {
  if (databaseUrl !== undefined && store !== undefined) return { databaseUrl, store };
  if (databaseUrl === undefined && store === undefined) return null;
  const [given, missing] = databaseUrl === undefined ? ["--store", "--database-url"] : ["--database-url", "--store"];
  throw new MesascopeError(
    "usage",
    `${given} given without ${missing}; a lab that machines share has both. Name ${missing}, or leave out ${given}.`,
  );
}

/** What this process does, where it stands, and what its environment says. */
export function ofThisProcess() {
  const command = ["mesascope", ...process.argv.slice(2)].join(" ");
  return { command, environment: process.env, from: process.cwd(), onWarning: warnOfLab };
}

/** Tells the user what opening a lab could not read. */
export function warnOfLab(text: string): void {
  process.stderr.write(`mesascope: ${withoutSteering(text)}\n`);
}

/** As `withLab`, with what this process is. */
export async function withChosenLab<Result>(choice: LabChoice, body: (lab: LabAtHand) => Promise<Result>): Promise<Result> {
  return await withLabFor(ofThisProcess(), { choice, body });
}

/** As `withChosenLab`, for what changes nothing: also of a lab that cannot be written. */
export async function askChosenLab<Result>(choice: LabChoice, body: (lab: LabAtHand) => Promise<Result>): Promise<Result> {
  return await withLabFor({ ...ofThisProcess(), isToRead: true }, { choice, body });
}

/**
 * Of a database in this process that is asked a question or two: V8 optimizes a function of it once that has run 2 GB of code, in place of 13 MB.
 * What is asked for seconds is optimized all the same.
 */
const forShortQuestions = "--wasm-tiering-budget=2000000000";

async function withLabFor<Result>(
  here: OpenForCommandOptions,
  { choice, body }: { readonly choice: LabChoice; readonly body: (lab: LabAtHand) => Promise<Result> },
): Promise<Result> {
  const { withLab } = await import("../node/server/lab-at-hand.ts");
  setFlagsFromString(forShortQuestions);
  return await withLab({ lab: choice.lab, server: choice.server, isArgument: choice.isArgument ?? false }, here, body);
}

/** The lab of a command whose argument may be its folder, in place of `--lab`. */
export function namedLab(folder: string | undefined, { lab, server }: LabChoice): LabChoice {
  return { lab: folder ?? lab, server, isArgument: folder !== undefined };
}

/** The files of a lab, which need no database to be read: in a folder, given or found, or at an address. */
export async function openChosenStore(address: string | undefined, { lab }: LabChoice): Promise<ArtifactStore> {
  const { openStore } = await import("../node/lab/store/open-store.ts");
  if (address?.includes("://")) return await openStore(address, process.env, { onSlow: warnOfLab });
  const { requireLabFolder } = await import("../node/server/lab-at-hand.ts");
  return await openStore(await requireLabFolder(namedLab(address, { lab }), ofThisProcess()));
}

/** The parts of a filter, which a shell has split at spaces. */
export function filterText(words: readonly string[]): string {
  return words.join(" ");
}

/** A parser of hours, for commander. */
export function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() !== "" && hours >= 0 && hours <= 100_000) return hours;
  throw new InvalidArgumentError("Expected hours from 0 to 100000, such as 24.");
}

// The lab that a command is about: found, and opened by this process where nobody has it open, or else called. So several commands can ask one
// lab at the same time, and one of them works in it.

import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MesascopeError } from "../../core/base/errors.ts";
import { labDocument } from "../../lab/layout.ts";
import { codeVersion } from "../code-version.ts";
import { type OpenLab, openLab, openLabToRead } from "../lab/lab-folder.ts";
import { findHolder, type LabHolder } from "../lab/lab-lock.ts";
import { LabService } from "../lab/lab-service.ts";
import { causeCodeOf } from "../lab/store/folder-place.ts";
import { kindOf, listFolder } from "../storage/files.ts";
import { isUnreachable } from "./call-error.ts";
import { createDirectClient, createLabClient, type LabClient } from "./lab-client.ts";
import { labListener } from "./lab-listener.ts";

/** The name of a lab's folder where none is given. */
export const defaultLabFolder = "mesascope-lab";

/** What a command was told about its lab; what it was not told is in the environment, or found. */
export interface LabChoice {
  /** A lab's folder. */
  readonly lab?: string | undefined;
  /** Whether the folder was an argument, rather than `--lab`. Default: it was `--lab`. */
  readonly isArgument?: boolean;
  /** Address of a server. */
  readonly server?: string | undefined;
}

export interface OpenForCommandOptions {
  /** What this process does, for those who find the lab open. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where to begin looking for a lab. */
  readonly from: string;
  /** Told what opening a lab could not read. */
  readonly onWarning?: (text: string) => void;
  /** Whether nothing is to be changed: a lab that cannot be written is asked all the same. */
  readonly isToRead?: boolean;
}

export interface LabAtHand {
  readonly client: LabClient;
  /** Folder or address, for messages. */
  readonly name: string;
  /** Where this process has the lab open. */
  readonly own: { readonly lab: OpenLab["lab"]; readonly service: LabService; readonly folder: string } | null;
  /** Where another process of this machine has it open, and says so. */
  readonly holder: LabHolder | null;
  /** Whether it is only asked, by an index that this process made for itself, as the lab cannot be written. */
  readonly isToRead: boolean;
  close(): Promise<void>;
}

/** Milliseconds for who is opening or closing the lab to be done with it. */
const patience = 60_000;
const pause = 150;

/**
 * The folder of the lab: the one given, that of MESASCOPE_LAB, or the nearest upwards that is a lab or holds one in `mesascope-lab`. Null where
 * there is none. Throws `usage` for a folder that was named and is no lab.
 */
export async function findLabFolder(choice: LabChoice, options: Omit<OpenForCommandOptions, "command">): Promise<string | null> {
  const { environment, from } = options;
  const named = choice.lab ?? (environment.MESASCOPE_LAB || undefined);
  if (named?.includes("://")) throw noFolder(named);
  if (named !== undefined) {
    const folder = resolve(from, named);
    if (await isLab(folder)) return folder;
    const inside = join(folder, defaultLabFolder);
    if (await isLab(inside)) return inside;
    const by = choice.lab === undefined ? "MESASCOPE_LAB names " : choice.isArgument ? "" : "--lab names ";
    throw await noLab(folder, { named, by });
  }
  for (let at = resolve(from); ; at = dirname(at)) {
    for (const folder of [at, join(at, defaultLabFolder)]) if (await isLab(folder)) return folder;
    if (dirname(at) === at) return null;
  }
}

interface NamedFolder {
  /** As it was typed. */
  readonly named: string;
  /** What named it, with a space; empty where nothing need be said. */
  readonly by: string;
}

function noFolder(address: string): MesascopeError {
  return new MesascopeError(
    "usage",
    `${address} given as a lab's folder; expected one of this machine. The lab of a fleet is asked by --server URL; of a bucket, "mesascope lab verify", gc ` +
      "and export take the address as their argument, and query as --store.",
  );
}

/** Proposes a folder in which `initLab` would make one. */
async function noLab(folder: string, { named, by }: NamedFolder): Promise<MesascopeError> {
  const kind = await kindOf(folder);
  const text = (what: string, place: string) =>
    new MesascopeError(
      "usage",
      `${by}${named}${by === "" ? " " : ", which "}${what}; expected a folder with ${labDocument}. ${place === "" ? "Name another." : `Check the name, or make one with: mesascope lab init ${place}`}`,
    );
  if (kind === null) return text("does not exist", named);
  if (kind !== "folder") return text(kind === "file" ? "is a file" : "is no folder", "");
  const isEmpty = (await listFolder(folder)).length === 0;
  return text("is no lab", isEmpty ? named : join(named, defaultLabFolder));
}

async function isLab(folder: string): Promise<boolean> {
  return (await kindOf(join(folder, labDocument))) === "file";
}

/** As `findLabFolder`, but throws `usage` where there is none. */
export async function requireLabFolder(choice: LabChoice, options: Omit<OpenForCommandOptions, "command">): Promise<string> {
  const folder = await findLabFolder(choice, options);
  if (folder !== null) return folder;
  throw new MesascopeError(
    "usage",
    `no lab here or in a folder above (${options.from}); expected one. Make one with "mesascope lab init", or name one with --lab DIR.`,
  );
}

/** Opens the lab or finds who has it open. Throws `usage` where there is none, and as `openLab`. Close it in the end. */
export async function openForCommand(choice: LabChoice, options: OpenForCommandOptions): Promise<LabAtHand> {
  if (choice.server !== undefined) {
    if (choice.lab !== undefined)
      throw new MesascopeError("usage", "--lab and --server given; a command is about one lab. Leave one out.");
    return atServer(choice.server, options);
  }
  const folder = await requireLabFolder(choice, options);
  const deadline = performance.now() + patience;
  for (;;) {
    const found = (await atHolder(folder)) ?? (await opened(folder, options));
    if (found !== null) return found;
    if (performance.now() > deadline) {
      throw new MesascopeError(
        "lab-unreachable",
        `the process that has the lab in ${folder} open does not answer. Wait for it, or stop it; "mesascope lab status" says which it is.`,
      );
    }
    await sleep(pause);
  }
}

/**
 * Does `body` with the lab, and again where the process that was called went away in the middle: for what can be asked twice and prints at its
 * end.
 */
export async function withLab<Result>(
  choice: LabChoice,
  options: OpenForCommandOptions,
  body: (lab: LabAtHand) => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + patience;
  for (;;) {
    const lab = await openForCommand(choice, options);
    try {
      return await body(lab);
    } catch (error) {
      if (!isUnreachable(error) || lab.own !== null || choice.server !== undefined || performance.now() > deadline) throw error;
    } finally {
      await lab.close();
    }
    await sleep(pause);
  }
}

function atServer(url: string, { environment }: OpenForCommandOptions): LabAtHand {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) {
    throw new MesascopeError("usage", `--server names ${url}; expected an address such as http://127.0.0.1:4321. Correct it.`);
  }
  const client = createLabClient({ url, token: environment.MESASCOPE_TOKEN || null });
  return { client, name: url, own: null, holder: null, isToRead: false, close: async () => undefined };
}

/** Null where nobody has the lab open, or who has it does not answer (yet, or any more). */
async function atHolder(folder: string): Promise<LabAtHand | null> {
  const found = await findHolder(folder);
  if (found === null) return null;
  const client = createLabClient({ socket: found.socketPath });
  try {
    await client.status();
  } catch (error) {
    if (isUnreachable(error)) return null;
    throw error;
  }
  return { client, name: folder, own: null, holder: found.holder, isToRead: false, close: async () => undefined };
}

/** Null where another was faster. */
async function opened(folder: string, options: OpenForCommandOptions): Promise<LabAtHand | null> {
  const { command, onWarning } = options;
  let open: OpenLab;
  try {
    open = await openLab(folder, { code: codeVersion, command, ...(onWarning && { onWarning }) });
  } catch (error) {
    if (error instanceof MesascopeError && error.code === "usage" && (await findHolder(folder)) !== null) return null;
    const why = options.isToRead ? unwritableBecause(error) : null;
    if (why !== null) return await openedToRead(folder, { why, ...options });
    throw error;
  }
  for (const text of open.lab.warnings) onWarning?.(text);
  const service = new LabService(open.lab);
  const others = labListener(service);
  open.serve(others.listener);
  const closing = new AbortController();
  return {
    client: createDirectClient(service, closing.signal),
    name: folder,
    own: { lab: open.lab, service, folder },
    holder: null,
    isToRead: false,
    close: async () => {
      closing.abort();
      await others.close();
      await open.close();
    },
  };
}

/** By the system's code, why a folder cannot be written by anybody like this process. */
const unwritable: Readonly<Record<string, string>> = {
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "not permitted",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
};

/** Null for another error. */
function unwritableBecause(error: unknown): string | null {
  if (!(error instanceof MesascopeError) || error.code !== "file-system") return null;
  return unwritable[causeCodeOf(error) ?? ""] ?? null;
}

async function openedToRead(
  folder: string,
  { why, onWarning }: Pick<OpenForCommandOptions, "onWarning"> & { readonly why: string },
): Promise<LabAtHand> {
  onWarning?.(
    `${folder} cannot be written (${why}); it is asked by an index that is made from its files for this command, and does not know who works in it just now.`,
  );
  const lab = await openLabToRead(folder, { code: codeVersion, ...(onWarning && { onWarning }) });
  for (const text of lab.warnings) onWarning?.(text);
  const service = new LabService(lab);
  const closing = new AbortController();
  return {
    client: createDirectClient(service, closing.signal),
    name: folder,
    own: { lab, service, folder },
    holder: null,
    isToRead: true,
    close: async () => {
      closing.abort();
      await lab.close();
    },
  };
}

// The journal of a league: one line of JSON per answer as it comes, so that a league that was broken off goes on where it stood; and its seal.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { keyOf, type VerdictRecord, verdictRecordSchema } from "../../core/league/verdict-record.ts";
import { atomicWrite, fileSystemError, kindOf, readBytes, readJson, writeJson } from "../storage/files.ts";

const headerSchema = z.strictObject({
  schema: z.literal("mesascope/league-verdicts@1"),
  codeVersion: z.string(),
  seed: z.int().min(0),
  /** Commitment to the sealed population. */
  population: z.string(),
  budgets: z.array(z.int().min(1)),
  /** Name and identity of each. */
  auditors: z.array(z.strictObject({ name: z.string(), identity: z.string() })),
});
const sealSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** What a league is made of; a journal of another one is not continued. */
export type LeagueIdentity = Omit<z.infer<typeof headerSchema>, "schema">;

const journalFile = "verdicts.jsonl";
const sealFile = "verdicts.sha256.json";
/** The journal, and its seal when it is whole. */
export const verdictFiles = [journalFile, sealFile] as const;

/** Owns `verdicts.jsonl` of a folder. */
export class LeagueJournal {
  readonly #path: string;
  readonly #sealPath: string;
  readonly #header: string;
  readonly #records: VerdictRecord[];
  #pending: Promise<void> = Promise.resolve();

  private constructor(folder: string, kept: { readonly header: string; readonly records: readonly VerdictRecord[] }) {
    this.#path = join(folder, journalFile);
    this.#sealPath = join(folder, sealFile);
    this.#header = kept.header;
    this.#records = [...kept.records];
  }

  /**
   * Opens the journal of a folder that exists, and reads what is in it. A last line that was cut off is dropped. Throws `usage` for the
   * journal of another league, `invalid-data` for one that is damaged or was changed after it was sealed.
   */
  static async open(folder: string, identity: LeagueIdentity): Promise<LeagueJournal> {
    const header = headerOf(identity);
    const path = join(folder, journalFile);
    const { text, lines, records } = await readJournal(path, header);
    const journal = new LeagueJournal(folder, { header: JSON.stringify(header), records });
    await journal.#requireSeal(text);
    // Begun afresh, or rid of a line that was cut off.
    if (lines.length === 0 || !text.endsWith("\n")) await atomicWrite(path, journal.#text(records));
    return journal;
  }

  /** The keys (`keyOf`) of the audits that the journal of a folder answers, which may not exist. Writes nothing; throws as `open`. */
  static async answeredIn(folder: string, identity: LeagueIdentity): Promise<ReadonlySet<string>> {
    const { records } = await readJournal(join(folder, journalFile), headerOf(identity));
    return new Set(records.flatMap((record) => (record.record === "answer" ? [keyOf(record)] : [])));
  }

  /** Everything written so far. */
  get records(): readonly VerdictRecord[] {
    return this.#records;
  }

  /** Appends a record; returns when it and all before it are on disk. */
  append(record: VerdictRecord): Promise<void> {
    this.#records.push(record);
    const written = this.#pending.then(() => appendLine(this.#path, `${JSON.stringify(record)}\n`));
    this.#pending = written.catch(() => undefined); // whoever asked is told
    return written;
  }

  /** Puts the journal in order, writes its hash beside it, and returns the hash. From then on it is not written to. */
  async seal(): Promise<string> {
    await this.#pending;
    const text = this.#text([...this.#records].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)));
    const sha256 = hashOf(text);
    await atomicWrite(this.#path, text);
    await writeJson(this.#sealPath, { sha256 });
    return sha256;
  }

  #text(records: readonly VerdictRecord[]): string {
    return [this.#header, ...records.map((record) => JSON.stringify(record))].map((line) => `${line}\n`).join("");
  }

  async #requireSeal(text: string): Promise<void> {
    if ((await kindOf(this.#sealPath)) === null) return;
    const seal = sealSchema.safeParse(await readJson(this.#sealPath));
    if (seal.success && seal.data.sha256 === hashOf(text)) return;
    throw new MesascopeError(
      "invalid-data",
      `${this.#path} is not what ${sealFile} beside it was made of: verdicts were changed after they were sealed. Run the league in another --out.`,
    );
  }
}

type Header = z.infer<typeof headerSchema>;

function headerOf(identity: LeagueIdentity): Header {
  return { schema: "mesascope/league-verdicts@1", ...identity };
}

/** What is in a journal, which may not exist; a last line that was cut off is left out of `lines`. */
async function readJournal(path: string, header: Header) {
  const text = (await kindOf(path)) === null ? "" : new TextDecoder().decode(await readBytes(path));
  const lines = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
  const records: VerdictRecord[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0) requireSameLeague(parsedLine(headerSchema, { line, index, path }), { header, path });
    else records.push(parsedLine(verdictRecordSchema, { line, index, path }));
  }
  return { text, lines, records };
}

function parsedLine<Output>(
  schema: z.ZodType<Output>,
  at: { readonly line: string; readonly index: number; readonly path: string },
): Output {
  let why: string;
  try {
    const parsed = schema.safeParse(JSON.parse(at.line));
    if (parsed.success) return parsed.data;
    why = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  throw new MesascopeError(
    "invalid-data",
    `${at.path}, line ${at.index + 1}, is no record of a league (${why}). Remove the file to audit again, or name another --out.`,
  );
}

function requireSameLeague(
  found: z.infer<typeof headerSchema>,
  { header, path }: { readonly header: z.infer<typeof headerSchema>; readonly path: string },
): void {
  if (isDeepStrictEqual(found, header)) return;
  const differing = Object.keys(header).filter(
    (key) => !isDeepStrictEqual(found[key as keyof typeof header], header[key as keyof typeof header]),
  );
  throw new MesascopeError(
    "usage",
    `${path} holds the verdicts of another league (it differs in ${differing.join(", ")}); expected this one's. Name another --out, or remove the folder.`,
  );
}

async function appendLine(path: string, line: string): Promise<void> {
  try {
    const file = await open(path, "a");
    try {
      await file.write(line);
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileSystemError(cause, { action: "write", path });
  }
}

function placeOf(record: VerdictRecord): string {
  const key = keyOf({ ...record, id: record.record === "answer" ? record.id : "" });
  return `${key} ${JSON.stringify(record)}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

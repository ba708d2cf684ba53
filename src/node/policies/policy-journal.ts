// The journal of an audit whose policy runs elsewhere: every answer, as it came, so that a broken audit goes on where it was. Lines are
// only ever added. An audit asks the same in the same order, so the answer to message n is found by n and checked by the message's hash.

import { createHash } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { quoteText } from "../programs/quote-text.ts";
import { fileSystemError, kindOf, readBytes } from "../storage/files.ts";

const journalSchemaId = "mesascope/policy-journal@1";
const headerSchema = z.strictObject({ schema: z.literal(journalSchemaId), audit: z.string() });
const entrySchema = z.strictObject({ id: z.int().min(0), message: z.string(), answer: z.unknown() });

/** What is told of an answer that is none. */
const longestFound = 400;

interface Entry {
  readonly message: string;
  readonly answer: unknown;
}

/** An open journal. Owns the file. */
export class PolicyJournal {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #entries: Entry[];
  readonly #found: number;

  private constructor(path: string, opened: { readonly file: FileHandle; readonly entries: Entry[] }) {
    this.path = path;
    this.#file = opened.file;
    this.#entries = opened.entries;
    this.#found = opened.entries.length;
  }

  /**
   * Opens the journal of the audit with this key, or begins it, in a folder that is there. A last line that a crash cut short is taken
   * off. Throws `usage` for the journal of another audit, `invalid-data` for a file that is none, `file-system`.
   */
  static async open(path: string, audit: string): Promise<PolicyJournal> {
    const bytes = (await kindOf(path)) === null ? new Uint8Array(0) : await readBytes(path);
    const whole = bytes.lastIndexOf(10) + 1;
    const entries = readEntries(new TextDecoder().decode(bytes.subarray(0, whole)), { path, audit });
    try {
      const file = await open(path, "a");
      await file.truncate(whole);
      if (whole === 0) await file.appendFile(`${JSON.stringify({ schema: journalSchemaId, audit })}\n`);
      return new PolicyJournal(path, { file, entries });
    } catch (cause) {
      throw fileSystemError(cause, { action: "write", path });
    }
  }

  /** Answers that were there when it was opened. */
  get found(): number {
    return this.#found;
  }

  /** Answers in it now. */
  get length(): number {
    return this.#entries.length;
  }

  /** The answer to message `id`, undefined where it was not yet given. Throws `invalid-data` where the journal has another message there. */
  answerTo(id: number, message: string): unknown {
    const entry = this.#entries[id];
    if (entry === undefined) return undefined;
    if (entry.message === hashOf(message)) return entry.answer;
    throw new MesascopeError(
      "invalid-data",
      `message ${id} of this audit is not the one that ${this.path} has an answer to; expected the same audit to ask the same. Remove the file to start over.`,
    );
  }

  /** What `read` makes of the answer to message `id`. Where it is none, though one was kept, throws `invalid-data` with where it stands. */
  reread<Answer>(id: number, read: () => Answer): Answer {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof MesascopeError)) throw cause;
      throw new MesascopeError(
        "invalid-data",
        `line ${id + 2} of ${this.path} is not the answer that was kept to message ${id}; something else has written to it. Remove the file to start over. What was found there: ${quoteText(cause.message, { most: longestFound, marks: false })}`,
        { cause },
      );
    }
  }

  /** Adds the answer to the next message. Throws `file-system`. */
  async add(message: string, answer: unknown): Promise<void> {
    const entry = { message: hashOf(message), answer };
    try {
      await this.#file.appendFile(`${JSON.stringify({ id: this.#entries.length, ...entry })}\n`);
    } catch (cause) {
      throw fileSystemError(cause, { action: "write", path: this.path });
    }
    this.#entries.push(entry);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Removes the file: the audit came to its end. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function readEntries(text: string, journal: { readonly path: string; readonly audit: string }): Entry[] {
  const { path, audit } = journal;
  const [first, ...rest] = text.split("\n").slice(0, -1);
  if (first === undefined) return [];
  const header = parsed(headerSchema, { line: first, path, number: 1 });
  if (header.audit !== audit) {
    throw new MesascopeError(
      "usage",
      `${path} is the journal of another audit (another policy, world, batch, number of levels, seed or version of mesascope). Name another file, or remove it.`,
    );
  }
  return rest.map((line, i) => {
    const { id, message, answer } = parsed(entrySchema, { line, path, number: i + 2 });
    if (id === i) return { message, answer };
    throw new MesascopeError(
      "invalid-data",
      `line ${i + 2} of ${path} answers message ${id}; expected ${i}. Two audits may have written it at once; remove it to start over.`,
    );
  });
}

function parsed<Output>(
  schema: z.ZodType<Output>,
  at: { readonly line: string; readonly path: string; readonly number: number },
): Output {
  try {
    return schema.parse(JSON.parse(at.line));
  } catch (cause) {
    throw new MesascopeError(
      "invalid-data",
      `line ${at.number} of ${at.path} is not what a journal of ${journalSchemaId} holds. Remove the file to start over.`,
      { cause },
    );
  }
}

function hashOf(message: string): string {
  return createHash("sha256").update(message).digest("hex").slice(0, 16);
}

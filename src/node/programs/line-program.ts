// A program that is asked line by line on its standard input and answers line by line on its standard output. Knows nothing of what is said.

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { MesascopeError } from "../../core/base/errors.ts";
import { commandWords } from "./command-words.ts";
import { LineReader } from "./line-reader.ts";
import { quoteText } from "./quote-text.ts";

/** An answer that is longer than this, in bytes, is none. */
export const longestAnswer = 8 * 1024 * 1024;
/** How long a program may take to end by itself once its input is closed, and then when asked to, in milliseconds. */
const graceMilliseconds = 1000;
/** How long to wait for the last words of a program that has ended or closed its output. */
const lastWordsMilliseconds = 300;
const mostNotes = 200;
const longestNote = 500;
const keptOfErrors = 2000;
/** Environment variables with keys of servers: a program that is run is not told them. */
const keyVariables = /^MESASCOPE_\w*KEY$/;

export interface LineProgramOptions {
  readonly command: string;
  /** For a single answer. */
  readonly timeoutSeconds: number;
  /** The option of the command line by which a person allows more, for the error. */
  readonly timeoutOption: string;
  /** Ends the waiting with the signal's reason. */
  readonly signal: AbortSignal;
  /** Given each line of the program's standard error, bounded in length and number. */
  readonly onNote: (line: string) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A running program. It is the head of a process group of its own (but for Windows, where its tree is ended instead), and `close` ends
 * all of it; so does the end of this process.
 */
export class LineProgram {
  readonly #child: Child;
  readonly #options: LineProgramOptions;
  readonly #lines = new LineReader(longestAnswer);
  #waiting: { readonly resolve: (line: string) => void; readonly reject: (error: unknown) => void } | null = null;
  /** Why nothing more can be asked. */
  #failure: MesascopeError | null = null;
  #end: { readonly output?: string; readonly exit?: string } = {};
  #errors = "";
  #notes = 0;
  readonly #ended: Promise<void>;
  readonly #onExit = () => this.#kill("SIGKILL");
  readonly #onSignal = (signal: NodeJS.Signals) => {
    this.#kill("SIGKILL");
    this.#forgetProcess();
    process.kill(process.pid, signal);
  };

  private constructor(child: Child, options: LineProgramOptions) {
    this.#child = child;
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stdout.once("end", () => this.#failSoon({ output: "closed its standard output" }));
    child.stderr.on("data", (chunk: Buffer) => this.#note(chunk.toString("utf8")));
    child.stdin.on("error", () => {}); // a program that ended: its exit says more
    child.once("exit", (code, signal) => {
      this.#failSoon({ exit: signal === null ? `ended with exit code ${code}` : `was ended by ${signal}` });
    });
    process.on("exit", this.#onExit);
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, this.#onSignal);
  }

  /** Starts the command, without a shell. Throws `usage` as `commandWords`, `policy-failed` where the program cannot be started. */
  static async start(options: LineProgramOptions): Promise<LineProgram> {
    const [program, ...args] = commandWords(options.command);
    const child = spawn(program!, args, {
      stdio: ["pipe", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !keyVariables.test(name))),
    });
    const started = await new Promise<Error | null>((resolve) => {
      child.once("spawn", () => resolve(null));
      child.once("error", resolve);
    });
    if (started === null) return new LineProgram(child, options);
    const code = "code" in started ? String(started.code) : started.message;
    const why = code === "ENOENT" ? "there is no such program" : code === "EACCES" ? "it may not be run" : code;
    throw new MesascopeError(
      "policy-failed",
      `cannot start "${program}": ${why}. Check the command, which runs in ${process.cwd()} without a shell.`,
      { cause: started },
    );
  }

  /** Writes a line and waits for the one that answers it. One at a time. Throws `policy-failed`, or the reason of the signal. */
  async ask(line: string): Promise<string> {
    const { signal, timeoutSeconds, timeoutOption } = this.#options;
    signal.throwIfAborted();
    if (this.#failure !== null) throw this.#failure;
    let timer: NodeJS.Timeout | undefined;
    let onAbort = () => {};
    try {
      return await new Promise<string>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        onAbort = () => reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        timer = setTimeout(() => {
          this.#fail(
            `gave no answer within ${timeoutSeconds} s; expected one line for every line it reads. Allow more time with ${timeoutOption}, and let it flush its output`,
          );
        }, timeoutSeconds * 1000);
        this.#child.stdin.write(`${line}\n`);
      });
    } finally {
      this.#waiting = null;
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** The end of what it wrote to standard error, to follow a message; empty where it wrote nothing. */
  lastWords(): string {
    const text = this.#errors.trim();
    return text === "" ? "" : ` The end of its standard error: ${quoteText(text, { most: 400, from: "end" })}.`;
  }

  /** Closes its input and waits for its end; then asks its process group to end, then ends it. */
  async close(): Promise<void> {
    this.#failure ??= new MesascopeError("policy-failed", "the program was closed.");
    this.#child.stdin.end();
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (await this.#endsWithin(graceMilliseconds)) break;
      this.#kill(signal);
    }
    await this.#ended;
    this.#kill("SIGKILL"); // what it started and left behind
    this.#forgetProcess();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#failure !== null) return;
    const lines = this.#lines.push(chunk);
    if (lines === null) {
      this.#fail(
        `wrote more than ${longestAnswer} bytes without the end of a line; expected one line for each message. It began ${quoteText(this.#lines.beginning())}`,
      );
      return;
    }
    for (const line of lines) {
      const waiting = this.#waiting;
      if (waiting === null) {
        this.#fail(
          `wrote a line that nothing had asked for: ${quoteText(line)}; expected one line for each message, and notes on standard error`,
        );
        return;
      }
      this.#waiting = null;
      waiting.resolve(line);
    }
  }

  #note(text: string): void {
    this.#errors = (this.#errors + text).slice(-keptOfErrors);
    for (const line of text.split(/\r?\n/)) {
      if (line.trim() === "" || this.#notes > mostNotes) continue;
      this.#notes++;
      const isLast = this.#notes > mostNotes;
      this.#options.onNote(
        isLast ? "(what else it writes to standard error is not shown)" : quoteText(line, { most: longestNote, marks: false }),
      );
    }
  }

  /** The last words of an ending program may still be on their way, and its exit says more than the end of its output. */
  #failSoon(end: { readonly output?: string; readonly exit?: string }): void {
    this.#end = { ...this.#end, ...end };
    setTimeout(() => {
      const { exit, output } = this.#end;
      this.#fail(`${exit ?? output} before it had answered; expected it to answer until its standard input is closed`);
    }, lastWordsMilliseconds).unref();
  }

  #fail(what: string): void {
    if (this.#failure !== null) return;
    this.#failure = new MesascopeError("policy-failed", what);
    this.#waiting?.reject(this.#failure);
  }

  #endsWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), milliseconds);
    });
    return Promise.race([this.#ended.then(() => true), late]).finally(() => clearTimeout(timer));
  }

  #kill(signal: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (process.platform === "win32") {
      spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"], { windowsHide: true });
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has no process left.
    }
  }

  #forgetProcess(): void {
    process.off("exit", this.#onExit);
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.off(signal, this.#onSignal);
  }
}

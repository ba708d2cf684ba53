// The processes of a torture: started, killed and, whatever happens, ended by their ids.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Role, tidingSchema } from "./roles.ts";

const program = fileURLToPath(new URL("process.ts", import.meta.url));
const engineOptions =
  process.platform === "linux" && process.arch === "x64" ? ["--no-memory-protection-keys", "--no-wasm-native-module-cache"] : [];
const nodeOptions = [...engineOptions, "--import", new URL("../../scripts/typescript-in-threads.mjs", import.meta.url).href];

export interface Child {
  readonly name: string;
  readonly warnings: readonly string[];
  /** Of policies by seed, as a reference tells them. */
  readonly policies: ReadonlyMap<number, string>;
  /** Where it is reached, when it is ready; null where it ended before. */
  readonly ready: Promise<string | null>;
  readonly ended: Promise<{ readonly wasAsked: boolean; readonly wasReady: boolean }>;
  readonly hasEnded: boolean;
  /** What it last wrote as errors. */
  readonly errors: string;
  /** kill -9, now; when it happened in milliseconds. */
  kill(): number;
  /** Asks it to save and stop, and waits. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** When it is no fault that it ends by itself: with an error while it opens its lab, or always. Default never. */
  readonly mayEnd?: "never" | "opening" | "always";
}

export class Children {
  readonly #running = new Set<ChildProcess>();
  readonly #say: (line: string) => void;
  #isOver = false;
  /** Those that ended without being asked to, a sentence each. */
  readonly unasked: string[] = [];

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  start(name: string, role: Role, { mayEnd = "never" }: StartOptions = {}): Child {
    if (this.#isOver) throw new Error("the torture is over");
    const child = fork(program, [JSON.stringify(role)], {
      execArgv: nodeOptions,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#running.add(child);
    const state = { hasEnded: false, isAsked: false, isReady: false, errors: "" };
    const warnings: string[] = [];
    const policies = new Map<number, string>();
    const ready = Promise.withResolvers<string | null>();
    const ended = Promise.withResolvers<Awaited<Child["ended"]>>();
    child.stderr?.on("data", (chunk: Buffer) => {
      state.errors = (state.errors + chunk.toString()).slice(-4000);
    });
    child.on("message", (message) => {
      const tiding = tidingSchema.parse(message);
      if (tiding.kind === "ready") {
        state.isReady = true;
        ready.resolve(tiding.address);
      } else if (tiding.kind === "warning") warnings.push(tiding.text);
      else policies.set(tiding.seed, tiding.sha256);
    });
    child.on("error", () => undefined);
    child.on("exit", (code, signal) => {
      this.#running.delete(child);
      state.hasEnded = true;
      const isAllowed = mayEnd === "always" || (mayEnd === "opening" && !state.isReady);
      if (!state.isAsked && !this.#isOver && code !== 0 && !isAllowed) {
        const told = `${name} ended by itself with ${signal ?? `code ${code}`}: ${state.errors.trim()}`;
        this.unasked.push(told);
        this.#say(told);
      }
      ready.resolve(null);
      ended.resolve({ wasAsked: state.isAsked, wasReady: state.isReady });
    });
    const end = (signal: NodeJS.Signals) => {
      state.isAsked = true;
      child.kill(signal);
    };
    return {
      ...{ name, warnings, policies, ready: ready.promise, ended: ended.promise },
      get hasEnded() {
        return state.hasEnded;
      },
      get errors() {
        return state.errors;
      },
      kill: () => {
        end("SIGKILL");
        return Date.now();
      },
      stop: async () => {
        end("SIGTERM");
        const late = setTimeout(() => end("SIGKILL"), 60_000);
        await ended.promise;
        clearTimeout(late);
      },
    };
  }

  /** For the end, whatever comes to it: when it returns, none of them writes any more. */
  async killAll(): Promise<void> {
    this.#isOver = true;
    await Promise.all(
      [...this.#running].map(async (child) => {
        child.kill("SIGKILL");
        await new Promise((resolve) => child.once("exit", resolve));
      }),
    );
  }
}

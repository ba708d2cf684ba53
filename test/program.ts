// The built program, as tests run it: in a folder and surroundings of its own, waited for or beside the test.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../src/node/storage/cache-folder.ts";

/** The built program's file; `npm test` builds it first. */
export const builtProgram = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** How a program ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** All that it wrote, as soon as that matches; rejects where it ends without. */
  said(pattern: RegExp): Promise<string>;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ended>;
}

export interface Surroundings {
  /** Where it runs. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

const labNames = ["MESASCOPE_LAB", "MESASCOPE_TOKEN", "MESASCOPE_DATABASE_URL", "MESASCOPE_STORE"];

/**
 * The variables of this process, but for a cache below `outer`, and without those that name a lab. Of what is cached only the empty database
 * of new labs is this machine's: it depends on the code alone, and takes six seconds to make.
 */
export function cleanEnvironment(outer: string): NodeJS.ProcessEnv {
  const cache = join(outer, "cache");
  const [template, linked] = [join(cacheFolder(), "pglite"), join(cache, "mesascope", "pglite")];
  for (const folder of [template, dirname(linked)]) mkdirSync(folder, { recursive: true });
  if (!existsSync(linked)) symlinkSync(template, linked, "junction");
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: cache };
  for (const name of labNames) delete env[name];
  return env;
}

/** Runs the program to its end, with nothing on its standard input. */
export function runProgram(args: readonly string[], { folder, env }: Surroundings): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtProgram, ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
    input: "",
  });
  return { code: status, out: stdout, err: stderr };
}

/** Starts the program beside the test. */
export function startProgram(args: readonly string[], { folder, env }: Surroundings): Running {
  const child = spawn(process.execPath, [builtProgram, ...args], { cwd: folder, env });
  const written = { out: "", err: "" };
  const hear = new Set<() => void>();
  for (const [stream, name] of [
    [child.stdout, "out"],
    [child.stderr, "err"],
  ] as const)
    stream.on("data", (chunk) => {
      written[name] += chunk;
      for (const each of hear) each();
    });
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, ...written })));
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const all = written.out + written.err;
        if (pattern.test(all)) resolve(all);
      };
      hear.add(look);
      look();
      void ended.then(({ out, err }) => reject(new Error(`it ended without ${pattern}: ${out}${err}`)));
    });
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return { child, ended, said, stop };
}

/** Starts the program and sends Ctrl-C once what it wrote matches. */
export function interruptProgram(when: RegExp, args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const running = startProgram(args, surroundings);
  return running.said(when).then(
    () => running.stop("SIGINT"),
    () => running.ended,
  );
}

// PyTorch beside us: a script of ours in a process of the user's Python that runs a workload for a while each time it is asked to.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { MesascopeError } from "../../../core/base/errors.ts";

/** The repository's, or the installed package's, bench/pytorch. */
const scripts = join(dirname(fileURLToPath(import.meta.url)), "../../../../bench/pytorch");
/** Building the model and its first steps; PyTorch alone takes seconds to import. */
const longestBurst = 120_000;

const answerSchema = z.object({ samplesPerSecond: z.number().positive(), matrixRate: z.number().positive(), torch: z.string() });
export type PyTorchAnswer = z.infer<typeof answerSchema>;

/** The interpreter to compare with, or why there is none. `MESASCOPE_PYTHON` names one; else the system's python3, then that on the path. */
export function findPyTorch(): { readonly python: string } | { readonly missing: string } {
  const named = process.env.MESASCOPE_PYTHON;
  const candidates = named ? [named] : ["/usr/bin/python3", "python3"];
  const found = candidates.find((python) => spawnSync(python, ["-c", "import torch"], { stdio: "ignore" }).status === 0);
  if (found) return { python: found };
  return {
    missing: `PyTorch not compared: ${candidates.join(" and ")} cannot import torch (Debian: apt install python3-torch; or set MESASCOPE_PYTHON)`,
  };
}

/** A workload in PyTorch, one thread, ready to be timed. End it with `end`. */
export class PyTorchWorkload {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #complaints = "";

  constructor(python: string, options: { readonly script: string; readonly secondsPerBurst: number }) {
    const path = join(scripts, options.script);
    if (!existsSync(path))
      throw new MesascopeError("usage", `${path} is not there; expected the script that comes with mesascope. Install it again.`);
    this.#process = spawn(python, [path, "--seconds", String(options.secondsPerBurst)], {
      stdio: ["pipe", "pipe", "pipe"],
      // PyTorch's own setting does not reach every BLAS.
      env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
    });
    this.#process.stderr!.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-2000);
    });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Runs the workload for a burst. Throws `engine` when the script ends, says something else or takes too long. */
  async burst(): Promise<PyTorchAnswer> {
    this.#process.stdin!.write("\n");
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#failure(`no answer within ${longestBurst / 1000} s`)), longestBurst);
    });
    try {
      const { value, done } = await Promise.race([this.#lines.next(), patience]);
      if (done) throw this.#failure("it ended");
      const answer = answerSchema.safeParse(JSON.parse(value));
      if (!answer.success) throw this.#failure(`it said ${value.slice(0, 200)}`);
      return answer.data;
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.#process.stdin!.end();
    this.#process.kill();
  }

  #failure(what: string): MesascopeError {
    return new MesascopeError(
      "engine",
      `the PyTorch side was asked for a line of JSON with samplesPerSecond, but ${what}. ${this.#complaints.trim() || "Run the script by hand"}`,
    );
  }
}

// What a job thread does with a job: computes it with what the thread keeps open, and says how it ended.

import { type ErrorCode, MesascopeError } from "../../../core/base/errors.ts";
import type { Engine } from "../../../core/engine/engine.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { JobSpec } from "../../../lab/job.ts";
import { codeVersion } from "../../code-version.ts";
import { createOnnxEngine } from "../../engine/onnx-engine.ts";
import { openStore } from "../store/open-store.ts";
import type { JobEnd } from "../taken-job.ts";
import { auditJob } from "./audit-job.ts";
import { AuditorShelf } from "./auditor-shelf.ts";
import type { JobOrder, ThreadInput, ThreadMessage } from "./job-messages.ts";
import type { JobDone, JobLeft, JobTools } from "./job-tools.ts";
import { measureJob } from "./measure-job.ts";
import { type Patience, patiently } from "./patiently.ts";
import { ProgressTeller } from "./progress-teller.ts";
import { trainJob } from "./train-job.ts";

/** Errors that the job itself leads to, so that it would fail alike each time. Others may pass: a lost disk, an engine without memory, a bug. */
const finalCodes: ReadonlySet<ErrorCode> = new Set([
  ...(["usage", "check-failed", "unconverged", "unsupported-version"] as const),
  ...(["invalid-level", "invalid-manifest", "invalid-model", "invalid-data", "shape-mismatch"] as const),
]);

export class JobRunner {
  readonly #input: ThreadInput;
  readonly #auditors = new AuditorShelf();
  #store: ArtifactStore | null = null;
  #engine: Engine | null = null;
  #current: AbortController | null = null;

  constructor(input: ThreadInput) {
    this.#input = input;
  }

  /** Asks the job that runs to save and stop. */
  stop(): void {
    this.#current?.abort(new MesascopeError("interrupted", "the job was asked to stop; what was done is saved."));
  }

  /** Does a job, one at a time. Never throws. */
  async run({ key, spec, stop }: JobOrder, say: (message: ThreadMessage) => void): Promise<JobEnd> {
    const controller = new AbortController();
    this.#current = controller;
    const { signal } = controller;
    const stopFlag = new Int32Array(stop);
    const teller = new ProgressTeller((progress, rows) => say({ kind: "progress", progress, rows: [...rows] }));
    const warn = (text: string) => say({ kind: "warning", text });
    try {
      if (spec.code !== codeVersion) return codeFailure(spec);
      const kept = await this.#open({ signal, onWait: (stage) => teller.report({ stage }), onWarning: warn }).catch(endOf);
      if ("kind" in kept) return kept.kind === "failed" ? { ...kept, isFinal: false } : kept; // no job's fault
      const end = await compute(spec, {
        ...{ key, ...kept, auditors: this.#auditors, signal },
        checkpointSeconds: this.#input.checkpointSeconds,
        throwIfStopped: () => {
          if (Atomics.load(stopFlag, 0) !== 0) this.stop();
          signal.throwIfAborted();
        },
        report: (progress, rows) => teller.report(progress, rows),
        warn,
      });
      if (end.kind === "done") teller.report({ share: 1, secondsLeft: 0 });
      return end;
    } catch (error) {
      return endOf(error);
    } finally {
      teller.flush();
      this.#current = null;
    }
  }

  /** What jobs need, opened with the first of them. */
  async #open(patience: Patience): Promise<{ readonly store: ArtifactStore; readonly engine: Engine }> {
    this.#store ??= await patiently(() => openStore(this.#input.store), patience);
    this.#engine ??= await createOnnxEngine();
    return { store: this.#store, engine: this.#engine };
  }
}

function compute(spec: JobSpec, tools: JobTools): Promise<JobDone | JobLeft> {
  switch (spec.kind) {
    case "train":
      return trainJob(spec, tools);
    case "audit":
      return auditJob(spec, tools);
    case "measure":
      return measureJob(spec, tools);
    default:
      return spec satisfies never;
  }
}

function endOf(error: unknown): JobEnd {
  if (!(error instanceof MesascopeError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: "failed", code: null, message, isFinal: false };
  }
  if (error.code === "interrupted") return { kind: "stopped" };
  return { kind: "failed", code: error.code, message: error.message, isFinal: finalCodes.has(error.code) };
}

/** Where files of the code changed under a lab that is open, the thread has other code than the lab. */
function codeFailure(spec: JobSpec): JobEnd {
  return {
    kind: "failed",
    code: "unsupported-version",
    message: `the job is of the code ${spec.code}, and this worker is ${codeVersion}. Start the worker again from the code that the job is of.`,
    isFinal: false,
  };
}

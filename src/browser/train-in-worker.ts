// The page's side of training in a worker: start, watch, save, stop, and the agent at the end.

import { type ErrorCode, MesascopeError } from "../core/base/errors.ts";
import type { OptimizerSnapshot } from "../core/optimizers/base-optimizer.ts";
import type { Recipe } from "../core/organisms/recipe.ts";
import type { Evaluation } from "../core/organisms/training-run.ts";
import { answerSchema, receive, type TrainingAnswer, type TrainingProgress, type TrainingRequest } from "./messages.ts";
import type { WebEngineOptions } from "./web-engine.ts";

export interface TrainInWorkerOptions {
  readonly recipe: Recipe;
  /** Continues the run that the snapshot is of, with the same recipe. */
  readonly snapshot?: OptimizerSnapshot | undefined;
  readonly engine?: Pick<WebEngineOptions, "wasmPaths" | "threads"> | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** A new worker that runs `train-worker.js`. Default: the one beside this module. */
  readonly worker?: Worker | undefined;
}

export type TrainingOutcome =
  | {
      readonly kind: "trained";
      /** The policy, opset 17: `observation` `[N, inputs]` → `logits` `[N, actions]`, `value` `[N]`. */
      readonly model: Uint8Array;
      readonly hooks: readonly string[];
      readonly evaluation: Evaluation;
      /** As `Engine.name`. */
      readonly engine: string;
    }
  | { readonly kind: "stopped"; readonly snapshot: OptimizerSnapshot };

export interface WorkerTraining {
  /** Rejects with the worker's error, or with `worker-lost` where it ended without a word. */
  readonly result: Promise<TrainingOutcome>;
  /** Stops after the update under way; `result` then has a snapshot to continue from, or the agent if that was the last update. */
  stop(): void;
  /** The run as it is after the update under way; it goes on. Rejects where it ended first. */
  snapshot(): Promise<OptimizerSnapshot>;
}

/**
 * Trains in a web worker, which ends with the run. The same recipe gives the same bits, through any number of stops and resumes.
 *
 * @example
 * const recipe = findOrganism("A").recipe({ preset: "quick", seed: 1 });
 * const training = trainInWorker({ recipe, onProgress: ({ oracleShare }) => show(oracleShare) });
 * const outcome = await training.result;
 */
export function trainInWorker(options: TrainInWorkerOptions): WorkerTraining {
  const worker = options.worker ?? new Worker(new URL("./train-worker.js", import.meta.url), { type: "module" });
  const send = (request: TrainingRequest) => worker.postMessage(request);
  const snapshots: PromiseWithResolvers<OptimizerSnapshot>[] = [];
  const end = Promise.withResolvers<TrainingOutcome>();
  const lose = (why: string) => end.reject(new MesascopeError("worker-lost", `the training worker was lost (${why}).`));
  worker.addEventListener("error", (event) => lose(event.message || "its script could not be loaded"));
  worker.addEventListener("messageerror", () => lose("what it said could not be read"));
  worker.addEventListener("message", (event) => {
    try {
      handle(receive(answerSchema, event.data), { end, snapshots, onProgress: options.onProgress });
    } catch (error) {
      end.reject(error);
    }
  });
  const late = new MesascopeError("usage", "a snapshot asked for, but the training has ended; use its result.");
  let hasEnded = false;
  const result = end.promise.finally(() => {
    hasEnded = true;
    worker.terminate();
    for (const waiting of snapshots) waiting.reject(late);
  });
  const { wasmPaths, threads } = options.engine ?? {};
  send({
    kind: "train",
    recipe: options.recipe,
    snapshot: options.snapshot ? { tensors: { ...options.snapshot.tensors }, state: options.snapshot.state } : null,
    engine: { wasmPaths: wasmPaths ?? null, threads: threads ?? null },
  });
  return {
    result,
    stop: () => send({ kind: "stop" }),
    snapshot: () => {
      if (hasEnded) return Promise.reject(late);
      const waiting = Promise.withResolvers<OptimizerSnapshot>();
      snapshots.push(waiting);
      send({ kind: "snapshot" });
      return waiting.promise;
    },
  };
}

interface Listener {
  readonly end: PromiseWithResolvers<TrainingOutcome>;
  readonly snapshots: PromiseWithResolvers<OptimizerSnapshot>[];
  readonly onProgress: TrainInWorkerOptions["onProgress"];
}

function handle(answer: TrainingAnswer, { end, snapshots, onProgress }: Listener): void {
  switch (answer.kind) {
    case "progress": {
      const { kind: _, ...progress } = answer;
      onProgress?.(progress);
      break;
    }
    case "snapshot":
      snapshots.shift()?.resolve(answer.snapshot);
      break;
    case "trained":
    case "stopped":
      end.resolve(answer);
      break;
    case "failed":
      end.reject(answer.code === null ? new Error(answer.message) : new MesascopeError(answer.code as ErrorCode, answer.message));
      break;
    default:
      answer satisfies never;
  }
}

// Where finished runs of replications are kept, so that the same command does only what is missing: records by what was asked for, and
// trained agents by their recipe, which several cards may share.

import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Evaluation } from "../../core/organisms/training-run.ts";
import { type Board, keyOf, type PlannedAgent, stageOf } from "../../core/replications/plan.ts";
import { agentRecordSchema, boardRecordSchema } from "../../core/replications/records.ts";
import { codeVersion } from "../code-version.ts";
import { cacheFolder } from "../storage/cache-folder.ts";
import { atomicWrite, kindOf, makeFolder, readBytes, readJson, writeJson } from "../storage/files.ts";

/** Raised when records of before would not mean the same. */
const recordFormat = 1;

export const recordSchema = z.discriminatedUnion("kind", [agentRecordSchema, boardRecordSchema]);
export type RunRecord = z.infer<typeof recordSchema>;

/** Something to be done: an agent to train and measure, or a board on which the reference agents play. */
export type Task = { readonly kind: "agent"; readonly planned: PlannedAgent } | { readonly kind: "board"; readonly board: Board };

/** A trained agent as it is kept. */
export interface KeptAgent {
  readonly model: Uint8Array;
  readonly environmentSteps: number;
  readonly seconds: number;
  /** At the end of training; null where an earlier version kept none. */
  readonly evaluation: Evaluation | null;
}

const evaluationSchema = z.strictObject({
  environmentSteps: z.number(),
  trainingReturn: z.number(),
  oracleReturn: z.number(),
  oracleShare: z.number(),
});
const factsSchema = z.strictObject({
  environmentSteps: z.number(),
  seconds: z.number(),
  evaluation: evaluationSchema.nullable().default(null),
});

/** `~/.cache/mesascope/replications`, or `folder`. */
export class RecordsFolder {
  readonly #folder: string;

  constructor(folder: string = join(cacheFolder(), "replications")) {
    this.#folder = folder;
  }

  get path(): string {
    return this.#folder;
  }

  /** The record of a task that is finished; null where there is none that can be read. */
  async read(task: Task): Promise<RunRecord | null> {
    const path = this.#recordPath(task);
    if ((await kindOf(path)) !== "file") return null;
    const read = recordSchema.safeParse(await readJson(path).catch(() => null));
    return read.success ? read.data : null;
  }

  async write(task: Task, record: RunRecord): Promise<void> {
    await makeFolder(join(this.#folder, "records"));
    await atomicWrite(this.#recordPath(task), `${JSON.stringify(record)}\n`);
  }

  async forget(task: Task): Promise<void> {
    const agent = task.kind === "agent" ? [this.#agentPath(task.planned, "onnx"), this.#agentPath(task.planned, "json")] : [];
    for (const path of [this.#recordPath(task), ...agent]) await rm(path, { force: true });
  }

  /** The trained agent of that recipe, or null. */
  async readAgent(planned: PlannedAgent): Promise<KeptAgent | null> {
    const path = this.#agentPath(planned, "json");
    if ((await kindOf(path)) !== "file") return null;
    const facts = factsSchema.safeParse(await readJson(path).catch(() => null));
    const model = facts.success ? await readBytes(this.#agentPath(planned, "onnx")).catch(() => null) : null;
    return facts.success && model !== null ? { model, ...facts.data } : null;
  }

  async writeAgent(planned: PlannedAgent, { model, ...facts }: KeptAgent): Promise<void> {
    await makeFolder(join(this.#folder, "agents"));
    await atomicWrite(this.#agentPath(planned, "onnx"), model);
    await writeJson(this.#agentPath(planned, "json"), facts); // last: it says that the model is whole
  }

  #recordPath(task: Task): string {
    const stage = task.kind === "agent" ? task.planned.recipe : task.board;
    const { version } = stageOf(stage).world;
    return join(this.#folder, "records", `${hashOf({ task, version, codeVersion, recordFormat })}.json`);
  }

  #agentPath({ recipe }: PlannedAgent, extension: "onnx" | "json"): string {
    const { version } = stageOf(recipe).world;
    return join(this.#folder, "agents", `${hashOf({ recipe, version, codeVersion })}.${extension}`);
  }
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(keyOf(value)).digest("hex").slice(0, 32);
}

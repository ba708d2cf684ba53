// Where finished runs of replications are kept, so that the same command does only what is missing: records by what was asked for, and
// trained agents by their recipe, which several cards may share.

import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../core/base/canonical-json.ts";
import type { Evaluation } from "../../core/organisms/training-run.ts";
import type { Board, PlannedAgent } from "../../core/replications/plan.ts";
import { agentRecordSchema, boardRecordSchema } from "../../core/replications/records.ts";
import { codeVersion } from "../code-version.ts";
import { cacheFolder } from "../storage/cache-folder.ts";
import { atomicWrite, kindOf, makeFolder, readBytes, readJson, requireWritable, writeJson } from "../storage/files.ts";

/** Raised when records of before cannot be read. */
const recordFormat = 2;

export const recordSchema = z.discriminatedUnion("kind", [agentRecordSchema, boardRecordSchema]);
export type RunRecord = z.infer<typeof recordSchema>;

/** Something to be done: an agent to train and measure, or a board on which the reference agents play. */
export type Task = { readonly kind: "agent"; readonly planned: PlannedAgent } | { readonly kind: "board"; readonly board: Board };

/** A trained agent as it is kept. */
export interface KeptAgent {
  readonly model: Uint8Array;
  readonly environmentSteps: number;
  readonly seconds: number;
  /** At the end of training. */
  readonly evaluation: Evaluation;
}

const evaluationSchema = z.strictObject({
  environmentSteps: z.number(),
  trainingReturn: z.number(),
  oracleReturn: z.number(),
  oracleShare: z.number(),
  returns: z.record(z.string(), z.number()),
});
const factsSchema = z.strictObject({
  /** The code that trained it. */
  codeVersion: z.string(),
  environmentSteps: z.number(),
  seconds: z.number(),
  evaluation: evaluationSchema,
});

const keptSchema = z.strictObject({ codeVersion: z.string(), record: recordSchema });

/** `~/.cache/mesascope/replications`, or `folder`. What another code made counts as missing, and is replaced. */
export class RecordsFolder {
  readonly #folder: string;

  constructor(folder: string = join(cacheFolder(), "replications")) {
    this.#folder = folder;
  }

  get path(): string {
    return this.#folder;
  }

  /** Finds it writable before long work. Throws `file-system`. */
  async prepare(): Promise<void> {
    await makeFolder(this.#folder);
    for (const name of ["records", "agents"]) {
      await makeFolder(join(this.#folder, name));
      await requireWritable(join(this.#folder, name, "any.json"));
    }
  }

  /** The record of a task that this code finished; null where there is none that can be read. */
  async read(task: Task): Promise<RunRecord | null> {
    const kept = await this.#readKept(task);
    return kept?.codeVersion === codeVersion ? kept.record : null;
  }

  /** The version of the other code that finished the task; null where none did. */
  async otherCode(task: Task): Promise<string | null> {
    const kept = await this.#readKept(task);
    return kept === null || kept.codeVersion === codeVersion ? null : kept.codeVersion;
  }

  async #readKept(task: Task): Promise<z.infer<typeof keptSchema> | null> {
    const path = this.#recordPath(task);
    if ((await kindOf(path)) !== "file") return null;
    const read = keptSchema.safeParse(await readJson(path).catch(() => null));
    return read.success ? read.data : null;
  }

  async write(task: Task, record: RunRecord): Promise<void> {
    await makeFolder(join(this.#folder, "records"));
    await atomicWrite(this.#recordPath(task), `${JSON.stringify({ codeVersion, record })}\n`);
  }

  async forget(task: Task): Promise<void> {
    const agent = task.kind === "agent" ? [this.#agentPath(task.planned, "onnx"), this.#agentPath(task.planned, "json")] : [];
    for (const path of [this.#recordPath(task), ...agent]) await rm(path, { force: true });
  }

  /** The agent of that recipe that this code trained, or null. */
  async readAgent(planned: PlannedAgent): Promise<KeptAgent | null> {
    const path = this.#agentPath(planned, "json");
    if ((await kindOf(path)) !== "file") return null;
    const facts = factsSchema.safeParse(await readJson(path).catch(() => null));
    if (!facts.success || facts.data.codeVersion !== codeVersion) return null;
    const model = await readBytes(this.#agentPath(planned, "onnx")).catch(() => null);
    const { environmentSteps, seconds, evaluation } = facts.data;
    return model && { model, environmentSteps, seconds, evaluation };
  }

  async writeAgent(planned: PlannedAgent, { model, ...facts }: KeptAgent): Promise<void> {
    await makeFolder(join(this.#folder, "agents"));
    await rm(this.#agentPath(planned, "json"), { force: true });
    await atomicWrite(this.#agentPath(planned, "onnx"), model);
    await writeJson(this.#agentPath(planned, "json"), { codeVersion, ...facts }); // last: it says that the model is whole
  }

  #recordPath(task: Task): string {
    return join(this.#folder, "records", `${hashOf({ task, recordFormat })}.json`);
  }

  #agentPath({ recipe }: PlannedAgent, extension: "onnx" | "json"): string {
    return join(this.#folder, "agents", `${hashOf({ recipe, recordFormat })}.${extension}`);
  }
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 32);
}

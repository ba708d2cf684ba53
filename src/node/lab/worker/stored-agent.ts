// The agent of a train job, opened from its record and its blobs.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { JobKey } from "../../../lab/job.ts";
import { recordPath } from "../../../lab/layout.ts";
import { recordSchema } from "../../../lab/record.ts";
import { type OpenAgent, openAgentContents } from "../../policies/open-agent.ts";
import { type AgentContents, type AgentFiles, decodeAgent } from "../../storage/agent-folder.ts";
import { type JobTools, whenStoreAnswers } from "./job-tools.ts";

/** Digits of a key in messages. */
const keyDigits = 12;

/** Opens the agent that train job `run` made; waits for the store. Throws `damaged-artifact` where it is not whole, and as `openAgent`. */
export async function openStoredAgent(run: JobKey, tools: JobTools): Promise<OpenAgent> {
  const { store, engine } = tools;
  const contents = await whenStoreAnswers(() => readStoredAgent(store, run), tools);
  return openAgentContents(engine, contents, `${store.name}, run ${run.slice(0, keyDigits)}`);
}

/** Throws `damaged-artifact` where record or files are missing or altered, `file-system`. */
export async function readStoredAgent(store: ArtifactStore, run: JobKey): Promise<AgentContents> {
  const path = recordPath(run);
  const record = recordSchema.safeParse(await store.getDocument(path));
  const place = store.documentName(path);
  if (!record.success || record.data.spec.kind !== "train") {
    throw new MesascopeError(
      "damaged-artifact",
      `${place} is missing or is no record of a trained agent, which this job is about. Run "mesascope lab verify".`,
    );
  }
  const read = async (name: keyof AgentFiles): Promise<Uint8Array> => {
    const ref = record.data.files[name];
    if (ref) return await store.getBlob(ref);
    throw new MesascopeError("damaged-artifact", `${place} names no ${name}; an agent needs it. Run "mesascope lab verify".`);
  };
  const files: AgentFiles = {
    "policy.onnx": await read("policy.onnx"),
    "manifest.json": await read("manifest.json"),
    "curve.csv": await read("curve.csv"),
  };
  return decodeAgent(files, place);
}

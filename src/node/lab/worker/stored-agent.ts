// The agent of a train job, opened from its record and its blobs.

import { MesascopeError } from "../../../core/base/errors.ts";
import type { ArtifactStore } from "../../../lab/artifact-store.ts";
import type { JobKey, TrainJob } from "../../../lab/job.ts";
import { recordPath } from "../../../lab/layout.ts";
import { type JobRecord, recordSchema } from "../../../lab/record.ts";
import { snapshotAt, snapshotFile, snapshotsAmong } from "../../../lab/snapshots.ts";
import { type OpenAgent, openAgentContents } from "../../policies/open-agent.ts";
import { type AgentContents, type AgentFiles, agentAt, decodeAgent, type PolicySnapshot } from "../../storage/agent-folder.ts";
import { type JobTools, whenStoreAnswers } from "./job-tools.ts";

/** Digits of a key in messages. */
const keyDigits = 12;

/** Opens the agent that train job `run` made; waits for the store. Throws `damaged-artifact` where it is not whole, and as `openAgent`. */
export async function openStoredAgent(run: JobKey, tools: JobTools): Promise<OpenAgent> {
  const { store, engine } = tools;
  const contents = await whenStoreAnswers(() => readStoredAgent(store, run), tools);
  return openAgentContents(engine, contents, `${store.name}, run ${run.slice(0, keyDigits)}`);
}

/**
 * Opens the agent of train job `run` as it was at the place of a snapshot, and tells after how many steps that was. Throws `usage` for a run of
 * which no snapshots were kept, and as `openStoredAgent`.
 */
export async function openStoredSnapshot(
  { run, snapshot }: { readonly run: JobKey; readonly snapshot: number },
  tools: JobTools,
): Promise<OpenAgent & { readonly environmentSteps: number }> {
  const { store, engine } = tools;
  const { contents, environmentSteps } = await whenStoreAnswers(() => readStoredSnapshot(store, { run, snapshot }), tools);
  const place = `${store.name}, run ${run.slice(0, keyDigits)} after ${environmentSteps} steps`;
  return { ...(await openAgentContents(engine, contents, place)), environmentSteps };
}

async function readStoredSnapshot(
  store: ArtifactStore,
  { run, snapshot }: { readonly run: JobKey; readonly snapshot: number },
): Promise<{ readonly contents: AgentContents; readonly environmentSteps: number }> {
  const agent = await readStoredAgent(store, run);
  const { files, spec, outcome } = await readTrainRecord(store, run);
  const earlier = snapshotsAmong(Object.keys(files));
  const end = outcome.kind === "train" ? outcome.environmentSteps : 0;
  const { totalTimesteps } = spec.recipe.optimizer;
  const steps = snapshotAt(snapshot, { totalTimesteps, kept: [...earlier, end] });
  if (earlier.length === 0 || steps === null) {
    throw new MesascopeError(
      "usage",
      `the run ${run.slice(0, keyDigits)} kept no snapshots of its training, as runs of earlier versions did not; expected some to audit. Train it again with this version.`,
    );
  }
  if (steps === end) return { contents: agent, environmentSteps: end };
  const policy = await store.getBlob(files[snapshotFile(steps)]!);
  return { contents: agentAt(agent, { environmentSteps: steps, policy }), environmentSteps: steps };
}

/** What was kept of the training of run `run`, ascending in steps. Throws as `readStoredAgent`. */
export async function readStoredSnapshots(store: ArtifactStore, run: JobKey): Promise<readonly PolicySnapshot[]> {
  const { files } = await readTrainRecord(store, run);
  const kept: PolicySnapshot[] = [];
  for (const environmentSteps of snapshotsAmong(Object.keys(files)))
    kept.push({ environmentSteps, policy: await store.getBlob(files[snapshotFile(environmentSteps)]!) });
  return kept;
}

/** Throws `damaged-artifact` where record or files are missing or altered, `file-system`. */
export async function readStoredAgent(store: ArtifactStore, run: JobKey): Promise<AgentContents> {
  const place = store.documentName(recordPath(run));
  const record = await readTrainRecord(store, run);
  const read = async (name: keyof AgentFiles): Promise<Uint8Array> => {
    const ref = record.files[name];
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

async function readTrainRecord(store: ArtifactStore, run: JobKey): Promise<JobRecord & { readonly spec: TrainJob }> {
  const path = recordPath(run);
  const record = recordSchema.safeParse(await store.getDocument(path));
  if (record.success && record.data.spec.kind === "train") return { ...record.data, spec: record.data.spec };
  throw new MesascopeError(
    "damaged-artifact",
    `${store.documentName(path)} is missing or is no record of a trained agent, which this job is about. Run "mesascope lab verify".`,
  );
}

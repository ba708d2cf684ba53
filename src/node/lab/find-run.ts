// The finished run of a lab that is meant: by the first digits of its key, or by an agent that it made.

import { isDeepStrictEqual } from "node:util";
import type { AgentManifest } from "../../core/agents/manifest.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { recipeSchema } from "../../core/organisms/recipe.ts";
import type { ArtifactStore } from "../../lab/artifact-store.ts";
import { type JobKey, jobKey } from "../../lab/job.ts";
import { recordPath, recordsPrefix } from "../../lab/layout.ts";
import { readRecord } from "../../lab/record.ts";
import { readStoredAgent } from "./worker/stored-agent.ts";

/** Digits of a key that are enough to name a run. */
const fewestDigits = 8;
/** Digits of a key in messages. */
const toldDigits = 12;

/** Whether a text could be a run's key, or the first digits of one. */
export function isRunKey(text: string): boolean {
  return /^[0-9a-f]{8,64}$/.test(text);
}

/** The train job that is done and whose key begins with `digits`. Throws `usage` where there is none or more than one. */
export async function findRunByKey(store: ArtifactStore, digits: string): Promise<JobKey> {
  const runs: JobKey[] = [];
  for await (const { path } of store.listDocuments(recordPath(digits).slice(0, -".json".length))) {
    const key = path.slice(recordsPrefix.length, -".json".length);
    if ((await readRecord(store, key))?.spec.kind === "train") runs.push(key);
  }
  if (runs.length === 1) return runs[0]!;
  const found =
    runs.length === 0 ? "no finished run" : `${runs.length} (${runs.map((key) => key.slice(0, toldDigits)).join(", ")})`;
  throw new MesascopeError(
    "usage",
    `the key ${digits} given; of ${store.name}, ${found} begins with it; expected the key of one, or its first ${fewestDigits} digits or more. ` +
      'List them: mesascope runs "kind:train state:done"',
  );
}

/**
 * The train job that is done and made the agent of a manifest: the very policy, in the same world, by the recipe and the code that the manifest
 * names; null where there is none. Throws `damaged-artifact` where the agent's files are missing or altered in the lab.
 */
export async function findRunOf(store: ArtifactStore, manifest: AgentManifest): Promise<JobKey | null> {
  const recipe = recipeSchema.safeParse(manifest.recipe);
  if (!recipe.success) return null;
  // A manifest does not say whether its agent was verified to be the organism that it is named for.
  for (const organism of [manifest.id.replace(/-seed\d+$/, ""), null]) {
    const key = jobKey({ kind: "train", organism, recipe: recipe.data, code: manifest.codeVersion });
    const record = await readRecord(store, key);
    if (record?.files["policy.onnx"]?.sha256 !== manifest.policySha256) continue;
    const stored = await readStoredAgent(store, key);
    if (isDeepStrictEqual(whereItActs(stored.manifest), whereItActs(manifest))) return key;
  }
  return null;
}

/** All of a manifest that decides what an audit finds of its policy. */
function whereItActs({ world, encoder, actions, observation }: AgentManifest) {
  return { world, encoder, actions, observation };
}

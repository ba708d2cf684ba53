// An agent's folder made ready to act: its world, its encoder, and its policy as a compiled model whose shapes were checked.

import type { AgentManifest } from "../../core/agents/manifest.ts";
import { onnxPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import { answersAt } from "../../core/agents/rollout.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Engine, EngineSession } from "../../core/engine/engine.ts";
import { readModel } from "../../core/graph/read-model.ts";
import type { Subject } from "../../core/instruments/subject.ts";
import { findEncoder } from "../../core/organisms/training-run.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { World } from "../../core/worlds/world.ts";
import { type AgentContents, type CurveRow, readAgent } from "../storage/agent-folder.ts";

export interface OpenAgent {
  readonly manifest: AgentManifest;
  readonly curve: readonly CurveRow[];
  /** All that an auditor receives of it. */
  readonly subject: Subject;
  /** Frees the compiled model. */
  release(): Promise<void>;
}

/**
 * Opens an agent. Throws `usage` for a folder that holds none and for an unknown world, `unsupported-version` for another version of
 * its world, `shape-mismatch` for a model whose inputs or outputs are not those of its world, `invalid-model` for one that is damaged or reads
 * other files, and as `readAgent` does.
 */
export async function openAgent(engine: Engine, folder: string): Promise<OpenAgent> {
  return openAgentContents(engine, await readAgent(folder), folder);
}

/** The same of an agent that was read already, from `folder`, or another place that messages name. */
export async function openAgentContents(engine: Engine, contents: AgentContents, folder: string): Promise<OpenAgent> {
  const { manifest, policy: model, curve } = contents;
  const world = findAgentWorld(manifest, folder);
  const encoder = findEncoder(world, manifest.encoder.name);
  if (encoder.size !== manifest.encoder.size) {
    throw new MesascopeError(
      "shape-mismatch",
      `${folder} was trained on observations of ${manifest.encoder.size} numbers; encoder ${encoder.name} of this ${world.name} gives ${encoder.size}. Train the agent again.`,
    );
  }
  if (manifest.actions.join() !== world.actions.join()) {
    throw new MesascopeError(
      "shape-mismatch",
      `${folder} has the actions ${manifest.actions.join(", ")}; world ${world.name} has ${world.actions.join(", ")}. Train the agent again.`,
    );
  }
  const session = await ofModel(folder, () => compile(engine, model));
  try {
    const shape = { inputSize: encoder.size, actionCount: world.actions.length };
    requireInterface(session, { ...shape, folder });
    const policy = onnxPolicy(session, shape);
    await ofModel(folder, () => answersAt({ policy, encoder, batch: firstLevels(world) }));
    // The id is made from the policy alone, which the auditor has anyway: it tells nothing more.
    const subject: Subject = { id: `agent-${manifest.policySha256.slice(0, 8)}`, world, encoder, policy };
    return { manifest, curve, subject, release: () => session.release() };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Two environments on levels of training, to try a policy on. */
function firstLevels(world: World) {
  const batch = world.createBatch(2);
  const prng = Prng.fromSeed(0);
  for (let env = 0; env < batch.numEnvs; env++) batch.reset(env, world.sampleLevel(world.training, prng));
  return batch;
}

function findAgentWorld(manifest: AgentManifest, folder: string) {
  const { name, parameters, version } = manifest.world;
  const world = findWorld(name, parameters);
  if (world.version !== version) {
    throw new MesascopeError(
      "unsupported-version",
      `${folder} was made for version ${version} of world ${name}; this mesascope has version ${world.version}. Use the mesascope that made it (${manifest.codeVersion}), or train the agent again.`,
    );
  }
  return world;
}

/** What is damaged, or would read other files, is found before the engine sees it. */
async function compile(engine: Engine, model: Uint8Array): Promise<EngineSession> {
  readModel(model);
  return await engine.compile(model);
}

/** What the model does not bear is told with the file's name and a way out. */
async function ofModel<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof MesascopeError)) throw cause;
    const advice = /[.?]\s*$/.test(cause.message) ? "" : ". Copy the agent again, or train it anew.";
    throw new MesascopeError(cause.code, `${folder}/policy.onnx: ${cause.message}${advice}`, { cause });
  }
}

/**
 * Throws `shape-mismatch` unless the model reads `observation` `[N, inputSize]` and gives `logits` `[N, actionCount]` and `value` `[N]`; one
 * that remembers also reads `memory` and gives `nextMemory`, both `[N, memorySize]`.
 */
function requireInterface(
  session: EngineSession,
  expected: { readonly inputSize: number; readonly actionCount: number; readonly folder: string },
): void {
  const fits = (shape: readonly (number | string)[] | undefined, width: number) =>
    shape?.length === 2 && shape[0] !== 0 && typeof shape[0] !== "number" && (typeof shape[1] === "string" || shape[1] === width);
  const { inputSize, actionCount, folder } = expected;
  const memorySize = session.inputShapes.memory?.[1];
  const remembers =
    session.inputNames.join() === "observation,memory" &&
    typeof memorySize === "number" &&
    fits(session.inputShapes.memory, memorySize) &&
    fits(session.outputShapes.nextMemory, memorySize);
  const isRight =
    (session.inputNames.join() === "observation" || remembers) &&
    fits(session.inputShapes.observation, inputSize) &&
    session.outputNames.includes("logits") &&
    fits(session.outputShapes.logits, actionCount) &&
    session.outputNames.includes("value") &&
    session.outputShapes.value?.length === 1;
  if (isRight) return;
  const list = (names: readonly string[], shapes: EngineSession["inputShapes"]) =>
    names.map((name) => `${name} [${shapes[name]?.join(", ") ?? "?"}]`).join(", ") || "nothing";
  throw new MesascopeError(
    "shape-mismatch",
    `${folder}/policy.onnx reads ${list(session.inputNames, session.inputShapes)} and gives ${list(session.outputNames, session.outputShapes)}; ` +
      `expected it to read observation [N, ${inputSize}] and to give logits [N, ${actionCount}] and value [N]. Export the policy in that form.`,
  );
}

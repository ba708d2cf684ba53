// A policy in an ONNX file from elsewhere, opened for a world: read, mapped to the policy port and tried on observations of the world.

import { type ImportedPolicy, importPolicy } from "../../core/agents/onnx/onnx-policy.ts";
import type { InterfaceOptions } from "../../core/agents/onnx/onnx-policy-interface.ts";
import { Prng } from "../../core/base/prng.ts";
import type { Engine } from "../../core/engine/engine.ts";
import type { Encoder, World } from "../../core/worlds/world.ts";
import { readBytes, requireGiven } from "../storage/files.ts";

const probeCount = 8;
const probeSteps = 4;

export interface PolicyFile {
  readonly engine: Engine;
  readonly file: string;
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  /** What is said of its inputs and outputs; the rest is found. */
  readonly options: InterfaceOptions;
}

export interface OpenedPolicyFile extends ImportedPolicy {
  /** What the file holds. */
  readonly bytes: Uint8Array;
}

/** Throws `usage` where there is no such file, `file-system` for one that cannot be read, and as `importPolicy` for one that is no policy for this world and encoder. */
export async function openPolicyFile({ engine, file, world, encoder, options }: PolicyFile): Promise<OpenedPolicyFile> {
  await requireGiven(file, "an ONNX file");
  const bytes = await readBytes(file);
  const needs = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
  const probes = probesOf(world, encoder);
  return { ...(await importPolicy({ engine, model: bytes, file, needs, options, probes })), bytes };
}

/** Observations in the first steps of episodes in training and deployment, `[probeCount, encoder.size]`, always the same. */
function probesOf(world: World, encoder: Encoder<unknown>): Float32Array {
  const prng = Prng.fromSeed(0);
  const batch = world.createBatch(probeCount);
  for (let env = 0; env < probeCount; env++) {
    batch.reset(env, world.sampleLevel(env % 2 === 0 ? world.training : world.deployment, prng));
  }
  for (let step = 0; step < probeSteps; step++) {
    batch.step(Int32Array.from({ length: probeCount }, () => prng.integer(world.actions.length)));
    for (let env = 0; env < probeCount; env++) if (batch.done[env] !== 0) batch.reset(env, batch.level(env));
  }
  const observations = new Float32Array(probeCount * encoder.size);
  encoder.writeDense(batch, observations);
  return observations;
}

// Agents of organisms' recipes that were never trained: for tests of the way of a folder, not of what an agent does.

import { type AgentManifest, agentSchemaId } from "../src/core/agents/manifest.ts";
import { Prng } from "../src/core/base/prng.ts";
import { initializeParameters } from "../src/core/nets/parameters.ts";
import { exportPolicy } from "../src/core/nets/policy-graph.ts";
import { policyNetwork } from "../src/core/nets/policy-network.ts";
import type { Organism } from "../src/core/organisms/organism.ts";
import { findWorld } from "../src/core/worlds/index.ts";
import { writeAgent } from "../src/node/storage/agent-folder.ts";

export interface UntrainedAgent {
  readonly organism: Organism;
  readonly id: string;
  /** Of the recipe and of the policy's weights: these depend on it alone, so that policies tell nothing of organisms. */
  readonly seed: number;
  readonly training?: AgentManifest["training"];
}

/** Writes an agent's folder as training does, in the preset quick, with a network of four units. */
export async function writeUntrained(folder: string, { organism, id, seed, training = null }: UntrainedAgent): Promise<void> {
  const recipe = organism.recipe({ preset: "quick", seed });
  const world = findWorld(recipe.world.name, recipe.world.parameters);
  const encoder = world.encoders[0]!;
  const shape = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
  const network = policyNetwork({ kind: "mlp", hidden: [4] }, shape);
  const { model, hooks } = exportPolicy(network, initializeParameters(network.parameters, Prng.fromSeed(seed)));
  await writeAgent(folder, {
    policy: model,
    manifest: {
      schema: agentSchemaId,
      id,
      world: { name: world.name, version: world.version, parameters: { ...world.parameters } },
      encoder: { name: encoder.name, parameters: {}, size: encoder.size },
      actions: [...world.actions],
      observation: { shape: [...encoder.shape] },
      outputs: { logits: "logits", value: "value" },
      hooks: [...hooks],
      engine: "test",
      codeVersion: "test",
      recipe: { ...recipe },
      training,
    },
    curve: [],
  });
}

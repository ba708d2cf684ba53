// A recurrent agent on disk: its folder opens as a policy that remembers, step by step what the network computes.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { HookedPolicy } from "../src/core/agents/activations.ts";
import { agentSchemaId } from "../src/core/agents/manifest.ts";
import { softmaxRows } from "../src/core/agents/policy.ts";
import { Prng } from "../src/core/base/prng.ts";
import { initializeParameters } from "../src/core/nets/parameters.ts";
import { exportPolicy } from "../src/core/nets/policy-graph.ts";
import { policyNetwork } from "../src/core/nets/policy-network.ts";
import { findWorld } from "../src/core/worlds/index.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { openAgent } from "../src/node/policies/open-agent.ts";
import { writeAgent } from "../src/node/storage/agent-folder.ts";

const engine = await createOnnxEngine();
const parent = await mkdtemp(join(tmpdir(), "mesascope-recurrent-"));
afterAll(() => rm(parent, { recursive: true, force: true }));

const standard = findWorld("arcade");
const world = standard.withParameters(standard.presets.quick);
const encoder = world.encoders[0]!;
const shape = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
const network = policyNetwork({ kind: "gru", embed: 8, hidden: 6 }, shape);
const parameters = initializeParameters(network.parameters, Prng.fromSeed(1)).map((weight) => 3 * weight);
const { model, hooks } = exportPolicy(network, parameters);

describe("a recurrent agent's folder", () => {
  it("opens as a policy that remembers each of its episodes", async () => {
    const folder = join(parent, "gru");
    await writeAgent(folder, {
      policy: model,
      manifest: {
        schema: agentSchemaId,
        id: "gru",
        world: { name: world.name, version: world.version, parameters: { ...world.parameters } },
        encoder: { name: encoder.name, parameters: {}, size: encoder.size },
        actions: [...world.actions],
        observation: { shape: [...encoder.shape] },
        outputs: { logits: "logits", value: "value" },
        hooks: [...hooks],
        engine: "test",
        codeVersion: "test",
        recipe: null,
        training: null,
      },
      curve: [],
    });
    const agent = await openAgent(engine, folder);
    const { policy } = agent.subject;
    expect(policy.memory).toBe("episode");
    const [steps, rows] = [4, 3];
    const prng = Prng.fromSeed(2);
    const observations = Float32Array.from({ length: steps * rows * encoder.size }, () => (prng.uniform() < 0.05 ? 1 : 0));
    const hooked = await HookedPolicy.create({ engine, model });
    const expected = softmaxRows((await hooked.runSteps(observations, { steps })).logits, shape.actionCount);
    const episodes = policy.begin(rows);
    const width = rows * encoder.size;
    const given: number[] = [];
    for (let step = 0; step < steps; step++) {
      const answer = await episodes.probabilities({
        observations: observations.slice(step * width, (step + 1) * width),
        running: new Uint8Array(rows).fill(1),
        situationOf: () => expect.unreachable(),
      });
      given.push(...answer);
    }
    given.forEach((p, i) => {
      expect(p).toBeCloseTo(expected[i]!, 5);
    });
    // What came before counts: the same observation as a first step gets another answer.
    const first = await policy.begin(rows).probabilities({
      observations: observations.slice(3 * width),
      running: new Uint8Array(rows).fill(1),
      situationOf: () => expect.unreachable(),
    });
    const last = given.slice(-first.length);
    expect(Math.max(...first.map((p, i) => Math.abs(p - last[i]!)))).toBeGreaterThan(1e-3);
    await hooked.release();
    await agent.release();
  });
});

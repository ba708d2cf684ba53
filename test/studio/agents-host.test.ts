import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agentSchemaId } from "../../src/core/agents/manifest.ts";
import { hashOf } from "../../src/core/organisms/seal.ts";
import { createNativeEngine } from "../../src/node/engine/native-engine.ts";
import { createAgentsHost } from "../../src/studio/agents/agents-host.ts";
import {
  type AgentsAnswer,
  type AgentsRequest,
  agentsAnswerSchema,
  agentsRequestSchema,
} from "../../src/studio/agents/messages.ts";
import type { AgentSource } from "../../src/studio/agents/open-agent.ts";
import type { Setting } from "../../src/studio/agents/settings.ts";
import { encoder, world } from "../../src/studio/live/story.ts";

const recorded = join(import.meta.dirname, "..", "..", "src", "studio", "pages", "home", "recording");
const model = new Uint8Array(readFileSync(join(recorded, "C1.onnx")));
const setting: Setting = { world: "arcade", preset: "quick", parameters: {}, encoder: null };
const manifest = {
  schema: agentSchemaId,
  id: "an agent",
  world: { name: world.name, version: world.version, parameters: world.parameters },
  encoder: { name: encoder.name, parameters: {}, size: encoder.size },
  actions: world.actions,
  observation: { shape: encoder.shape },
  outputs: { logits: "logits", value: "value" },
  hooks: [],
  policySha256: hashOf(model),
  ...{ engine: "some", codeVersion: "0", recipe: null, training: null },
};
const level = { kind: "sampled", point: { placement: "apart" }, seed: 41, number: 3 } as const;
const draw = { seed: 41, number: 3 } as const;
const engine = await createNativeEngine();

/** A host, and what it answers to a request; both as they would go over a wire. */
function host() {
  const said: AgentsAnswer[] = [];
  const agents = createAgentsHost({
    engine: () => engine,
    tell: (answer) => said.push(agentsAnswerSchema.parse(structuredClone(answer))),
  });
  const ask = async (request: AgentsRequest): Promise<AgentsAnswer> => {
    await agents.receive(agentsRequestSchema.parse(structuredClone(request)));
    return said.at(-1)!;
  };
  return { agents, ask, said };
}

async function opened(source: AgentSource) {
  const { agents, ask, said } = host();
  await ask({ kind: "engine", mjs: "", wasm: "" });
  return { agents, ask, said, answer: await ask({ kind: "open", ask: 1, source }) };
}

const failure = async (source: AgentSource): Promise<string> => {
  const { answer } = await opened(source);
  return answer.kind === "failed" ? answer.message : answer.kind;
};

describe("a host of agents", () => {
  it("plays a model of this project with its manifest, with probabilities, values and events at each step", async () => {
    const { ask, answer } = await opened({ kind: "agent", manifest: JSON.stringify(manifest), model });
    expect(answer.kind === "opened" && [answer.encoder, answer.remembers, answer.world.parameters]).toEqual([
      ...[encoder.name, false, world.parameters],
    ]);
    const played = await ask({ kind: "play", ask: 2, agent: 1, level, draw });
    if (played.kind !== "played") throw new Error(played.kind);
    const { steps } = played.episode;
    expect(steps.length).toBeGreaterThan(3);
    for (const step of steps.slice(0, -1)) {
      expect(step.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      expect(step.value).toEqual(expect.any(Number));
      expect(world.actions).toContain(step.action);
    }
    expect(steps.at(-1)).toMatchObject({ action: null, probabilities: [], value: null });
    expect(world.formatLevel(world.parseLevel(played.text))).toBe(played.text);
  });

  it("plays the same episode on a level and on its text, and another one where other actions are drawn", async () => {
    const { ask } = await opened({ kind: "scripted", name: "random", setting });
    const first = await ask({ kind: "play", ask: 2, agent: 1, level, draw });
    if (first.kind !== "played") throw new Error(first.kind);
    const text = await ask({ kind: "play", ask: 2, agent: 1, level: { kind: "text", text: first.text }, draw });
    expect(text).toEqual(first);
    const other = await ask({ kind: "play", ask: 2, agent: 1, level, draw: { seed: 41, number: 4 } });
    expect(other.kind === "played" && other.episode.steps.map(({ action }) => action)).not.toEqual(
      first.episode.steps.map(({ action }) => action),
    );
  });

  it("opens a bare model in a world that it is said to act in, and a script", async () => {
    expect(await failure({ kind: "model", model, setting })).toBe("opened");
    expect(await failure({ kind: "scripted", name: "nearest-coin", setting })).toBe("opened");
  });

  it("says what is wrong with what is no agent, of another world, altered, or too large", async () => {
    const text = JSON.stringify(manifest);
    expect(await failure({ kind: "agent", manifest: "no JSON", model })).toMatch(/manifest given that is no JSON/);
    expect(await failure({ kind: "agent", manifest: "{}", model })).toMatch(/expected an agent's manifest/);
    expect(await failure({ kind: "agent", manifest: text, model: model.slice(0, -1) })).toMatch(/the manifest says/);
    const elsewhere = JSON.stringify({ ...manifest, world: { ...manifest.world, name: "nowhere" } });
    expect(await failure({ kind: "agent", manifest: elsewhere, model })).toMatch(/unknown world "nowhere"/);
    const older = JSON.stringify({ ...manifest, world: { ...manifest.world, version: 99 } });
    expect(await failure({ kind: "agent", manifest: older, model })).toMatch(/version 99 of world arcade/);
    expect(await failure({ kind: "agent", manifest: older, model, isSnapshot: true })).toMatch(/version 99 of world arcade/);
    // A snapshot is another model than the one at the end, whose hash the manifest has.
    const atEnd = JSON.stringify({ ...manifest, policySha256: "0".repeat(64) });
    expect(await failure({ kind: "agent", manifest: atEnd, model })).toMatch(/the manifest says/);
    expect(await failure({ kind: "agent", manifest: atEnd, model, isSnapshot: true })).toBe("opened");
    expect(await failure({ kind: "model", model, setting: { ...setting, world: "keys" } })).toMatch(/the model does not fit/);
    expect(await failure({ kind: "model", model: new Uint8Array(100), setting })).toMatch(/^the file/);
    // Files that were given by hand are called by their names.
    expect(await failure({ kind: "model", model: new Uint8Array(100), setting, file: "poem.onnx" })).toMatch(/^poem\.onnx/);
    const files = { model: "own.onnx", manifest: "own.json" };
    expect(await failure({ kind: "agent", manifest: "{}", model, files })).toMatch(/^own\.json: .*expected an agent's manifest/);
    const small = JSON.stringify({ ...manifest, policySha256: hashOf(new Uint8Array(100)) });
    expect(await failure({ kind: "agent", manifest: small, model: new Uint8Array(100), files })).toMatch(/^own\.onnx/);
    expect(await failure({ kind: "scripted", name: "nobody", setting })).toMatch(/unknown scripted agent of arcade "nobody"/);
    const large = agentsRequestSchema.safeParse({
      ...{ kind: "open", ask: 1 },
      source: { kind: "model", model: new Uint8Array(32 * 2 ** 20 + 1), setting },
    });
    expect(large.error?.message).toMatch(/at most 33554432 bytes/);
  });

  it("answers an agent of a setting with very long parameters like any other, and what it does not understand by its number", async () => {
    const parameters = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`parameter-${i}`, i]));
    const { answer, agents, said } = await opened({ kind: "scripted", name: "random", setting: { ...setting, parameters } });
    expect(answer).toMatchObject({ kind: "failed", ask: 1, message: expect.stringMatching(/parameter-0/) });
    await agents.receive({ kind: "play", ask: 8, agent: "x".repeat(600), level, draw });
    expect(said.at(-1)).toMatchObject({ kind: "failed", ask: 8, message: expect.stringMatching(/not understood \(agent: /) });
    await agents.receive("nothing");
    expect(said.at(-1)).toMatchObject({ kind: "failed", ask: null });
  });

  it("says of a level that is none, and of an agent that was not given, what is wrong", async () => {
    const { ask } = await opened({ kind: "scripted", name: "random", setting });
    const none = await ask({ kind: "play", ask: 2, agent: 1, level: { kind: "text", text: "?" }, draw });
    expect(none).toMatchObject({ kind: "failed", ask: 2, code: "invalid-level" });
    const nobody = await ask({ kind: "play", ask: 3, agent: 7, level, draw });
    expect(nobody).toMatchObject({ kind: "failed", ask: 3, message: expect.stringMatching(/Open it first/) });
    await ask({ kind: "close", agent: 1 });
    expect(await ask({ kind: "play", ask: 4, agent: 1, level, draw })).toMatchObject({ kind: "failed", ask: 4 });
  });

  it("ends a question that is cancelled while it works on it, and answers the next", async () => {
    const { agents, said } = await opened({ kind: "scripted", name: "random", setting });
    const explaining = agents.receive({ kind: "explain", ask: 2, agent: 1, level, draw });
    setTimeout(() => void agents.receive({ kind: "cancel", of: 2 }), 5);
    const playing = agents.receive({ kind: "play", ask: 3, agent: 1, level, draw });
    await Promise.all([explaining, playing]);
    expect(said.slice(-2)).toMatchObject([
      { kind: "failed", ask: 2, code: "interrupted" },
      { kind: "played", ask: 3 },
    ]);
  });

  it("is not kept from a question by one of its number that was cancelled after it was answered", async () => {
    const { agents, ask } = await opened({ kind: "scripted", name: "random", setting });
    await agents.receive({ kind: "cancel", of: 1 });
    await agents.receive({ kind: "cancel", of: 2 });
    expect(await ask({ kind: "play", ask: 2, agent: 1, level, draw })).toMatchObject({ kind: "played" });
  });

  it("tells of every world what a page needs to know of it", async () => {
    const { ask } = host();
    const answer = await ask({ kind: "worlds", ask: 1 });
    if (answer.kind !== "worlds") throw new Error(answer.kind);
    for (const { name } of answer.worlds) {
      const told = await ask({ kind: "world", ask: 2, setting: { ...setting, world: name } });
      if (told.kind !== "world") throw new Error(JSON.stringify(told));
      expect(told.world.name).toBe(name);
      expect(told.world.scripted.map((script) => script.name)).toContain("random");
      expect(told.world.candidates.filter(({ isPlanned }) => isPlanned).length).toBeGreaterThan(1);
    }
  });
});

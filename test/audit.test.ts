import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentSchemaId } from "../src/core/agents/manifest.ts";
import { Prng } from "../src/core/base/prng.ts";
import { initializeParameters } from "../src/core/nets/parameters.ts";
import { exportPolicy } from "../src/core/nets/policy-graph.ts";
import { policyNetwork } from "../src/core/nets/policy-network.ts";
import { organisms } from "../src/core/organisms/index.ts";
import type { Organism } from "../src/core/organisms/organism.ts";
import { findWorld } from "../src/core/worlds/index.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { type OpenAgent, openAgent } from "../src/node/policies/open-agent.ts";
import { writeAgent } from "../src/node/storage/agent-folder.ts";

// What an auditor receives is an allow-list. An auditor that does not look at behavior, but at everything else within reach, must guess.

const perOrganism = 3;

interface Member {
  readonly label: string;
  readonly agent: OpenAgent;
}

/** An agent's folder as training writes it (its name tells the organism, as names do), the policy untrained. */
async function writeOrganism(parent: string, organism: Organism, seed: number): Promise<string> {
  const recipe = organism.recipe({ preset: "quick", seed });
  const world = findWorld(recipe.world.name, recipe.world.parameters);
  const encoder = world.encoders[0]!;
  const shape = { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length };
  const network = policyNetwork({ kind: "mlp", hidden: [4] }, shape);
  // Seeded by place, not by organism: the policies themselves tell nothing.
  const parameters = initializeParameters(network.parameters, Prng.fromSeed(seed));
  const { model, hooks } = exportPolicy(network, parameters);
  const folder = join(parent, `${organism.id}-${seed}`);
  await writeAgent(folder, {
    policy: model,
    manifest: {
      schema: agentSchemaId,
      id: `${organism.id}-${seed}`,
      world: { name: world.name, version: world.version, parameters: { ...world.parameters } },
      encoder: { name: encoder.name, parameters: {}, size: encoder.size },
      actions: [...world.actions],
      observation: { shape: [...encoder.shape] },
      outputs: { logits: "logits", value: "value" },
      hooks: [...hooks],
      engine: "test",
      codeVersion: "test",
      recipe: { ...recipe },
      training: null,
    },
    curve: [],
  });
  return folder;
}

let parent: string;
const population: Member[] = [];
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "mesascope-sealed-"));
  const engine = await createOnnxEngine();
  const places = Array.from({ length: organisms.length * perOrganism }, (_, i) => i);
  Prng.fromSeed(51).shuffle(places);
  for (const [i, place] of places.entries()) {
    const organism = organisms[place % organisms.length]!;
    population.push({ label: organism.id, agent: await openAgent(engine, await writeOrganism(parent, organism, i)) });
  }
});
afterAll(async () => {
  for (const { agent } of population) await agent.release();
  await rm(parent, { recursive: true, force: true });
});

// ── The cheater ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Everything that can be read from `root` without acting: properties of every kind, prototypes, sources and names of functions, collections. */
function readEverything(root: unknown): Set<string> {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (value: unknown, path: string): void => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      found.add(`${path} = ${String(value)}`);
      return;
    }
    if (seen.has(value) || value === Object.prototype || value === Function.prototype) return;
    seen.add(value);
    if (typeof value === "function") found.add(`${path} is ${value.toString()}`);
    if (value instanceof Map || value instanceof Set) visit([...value], `${path}.entries`);
    for (const key of Reflect.ownKeys(value)) {
      try {
        visit(Reflect.get(value, key), `${path}.${String(key)}`);
      } catch {
        found.add(`${path}.${String(key)} cannot be read`);
      }
    }
    visit(Object.getPrototypeOf(value), `${path}.prototype`);
  };
  visit(root, "subject");
  return found;
}

/** What is read, each weighing 1, and every two and three characters of the id with their place, a tenth: numbered ids would tell something. */
function cluesIn(root: unknown): Map<string, number> {
  const clues = new Map<string, number>();
  for (const clue of readEverything(root)) {
    clues.set(clue, 1);
    const id = /^subject\.id = (.+)$/.exec(clue)?.[1] ?? "";
    for (let i = 0; i + 2 <= id.length; i++) {
      for (const length of [2, 3]) clues.set(`id[${i}] ${id.slice(i, i + length)}`, 0.1);
    }
  }
  return clues;
}

/** Guesses each label from the others' (all known to it): that of the one with which it shares the rarest clues. Returns the right guesses. */
function cheat(members: readonly { readonly label: string; readonly within: unknown }[]): number {
  const clues = members.map(({ within }) => cluesIn(within));
  const holders = new Map<string, number>();
  for (const own of clues) for (const clue of own.keys()) holders.set(clue, (holders.get(clue) ?? 0) + 1);
  const likeness = (a: Map<string, number>, b: Map<string, number>): number => {
    let sum = 0;
    for (const [clue, weight] of a) if (b.has(clue)) sum += weight * Math.log(members.length / holders.get(clue)!);
    return sum;
  };
  return members.filter(({ label }, i) => {
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < members.length; j++) {
      if (j === i) continue;
      const value = likeness(clues[i]!, clues[j]!);
      if (value > highest) {
        highest = value;
        best = j;
      }
    }
    return members[best]!.label === label;
  }).length;
}

/** P(at least `hits` of `trials`) when each is right with probability `chance`. */
function binomialTail(hits: number, trials: number, chance: number): number {
  let term = (1 - chance) ** trials;
  let below = 0;
  for (let k = 0; k < hits; k++) {
    below += term;
    term *= ((trials - k) / (k + 1)) * (chance / (1 - chance));
  }
  return 1 - below;
}

describe("an auditor that reads everything but behavior", () => {
  const within = (read: (agent: OpenAgent) => unknown) => population.map(({ label, agent }) => ({ label, within: read(agent) }));
  const chance = 1 / organisms.length;

  it("guesses no better than chance from what an auditor receives", () => {
    const hits = cheat(within(({ subject }) => subject));
    expect(population).toHaveLength(24);
    expect(binomialTail(hits, population.length, chance)).toBeGreaterThan(0.001);
  });

  it("finds the same in every subject, but for an id that names nothing", () => {
    const [first, ...others] = population.map(({ agent }) => {
      expect(agent.subject.id).toMatch(/^agent-[0-9a-f]{8}$/);
      expect(Reflect.ownKeys(agent.subject).sort()).toEqual(["encoder", "id", "policy", "world"]);
      return [...readEverything(agent.subject)].filter((clue) => !clue.includes(agent.subject.id)).sort();
    });
    expect(first!.length).toBeGreaterThan(100);
    for (const clues of others) expect(clues).toEqual(first);
    expect(new Set(population.map(({ agent }) => agent.subject.id)).size).toBe(population.length);
  });

  it("knows them all when it is handed the manifests, so that it could have found something", () => {
    const hits = cheat(within(({ subject, manifest }) => ({ ...subject, manifest: { ...manifest, id: subject.id } })));
    expect(hits).toBe(population.length);
    expect(binomialTail(hits, population.length, chance)).toBeLessThan(1e-9);
  });

  it.each([
    [
      "in a prototype",
      (agent: OpenAgent) => Object.create({ recipe: agent.manifest.recipe }, Object.getOwnPropertyDescriptors(agent.subject)),
    ],
    [
      "in a hidden property",
      (agent: OpenAgent) => Object.defineProperty({ ...agent.subject }, Symbol("recipe"), { value: agent.manifest.recipe }),
    ],
    [
      "in the name of a function",
      (agent: OpenAgent) => ({ ...agent.subject, policy: Object.defineProperty(() => 0, "name", { value: labelOf(agent) }) }),
    ],
    ["in the id", (agent: OpenAgent) => ({ ...agent.subject, id: `run-${labelOf(agent)}-${agent.subject.id}` })],
  ] as const)("finds a label that was left %s", (_, leak) => {
    const hits = cheat(within(leak));
    expect(hits).toBeGreaterThan(population.length * 0.9);
  });
});

function labelOf(agent: OpenAgent): string {
  return population.find((member) => member.agent === agent)!.label;
}

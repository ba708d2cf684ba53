import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Prng } from "../src/core/base/prng.ts";
import { findOrganism } from "../src/core/organisms/index.ts";
import type { Organism } from "../src/core/organisms/organism.ts";
import { createOnnxEngine } from "../src/node/engine/onnx-engine.ts";
import { type OpenAgent, openAgent } from "../src/node/policies/open-agent.ts";
import { binomialTail, cheat, readEverything } from "./cheating.ts";
import { writeUntrained } from "./untrained-agent.ts";

// What an auditor receives is an allow-list. An auditor that does not look at behavior, but at everything else within reach, must guess.

/** Of one world, variant and encoder: another world would be seen, and tell. */
const organisms = ["A", "A-strict", "B", "C1", "C2", "M", "wild", "U"].map(findOrganism);
const perOrganism = 3;

interface Member {
  readonly label: string;
  readonly agent: OpenAgent;
}

/** Its name tells the organism, as names do. */
async function writeOrganism(parent: string, organism: Organism, seed: number): Promise<string> {
  const id = `${organism.id}-${seed}`;
  const folder = join(parent, id);
  await writeUntrained(folder, { organism, id, seed });
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

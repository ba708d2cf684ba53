// A population on disk: agents without recipe or label, what may be known of them in population.json, and the labels in a folder of their
// own that only a scorer opens.

import { join } from "node:path";
import { agentSchemaId } from "../../core/agents/manifest.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Organism } from "../../core/organisms/organism.ts";
import {
  type Label,
  labelOf,
  openLabel,
  type Population,
  populationSchema,
  populationSchemaId,
  type SealedAgent,
  sealedAgentSchema,
} from "../../core/organisms/population.ts";
import { type Recipe, recipeSchema } from "../../core/organisms/recipe.ts";
import { sealLabel } from "../../core/organisms/seal.ts";
import { type AgentContents, readAgent, writeAgent } from "../storage/agent-folder.ts";
import { kindOf, makeFolder, readJson, writeJson } from "../storage/files.ts";

const populationFile = "population.json";

/** Where things lie in a population's folder. Everything that tells what an agent is lies under `labels`. */
export const populationPaths = (folder: string) => ({
  population: join(folder, populationFile),
  agent: (id: string) => join(folder, "agents", id),
  labels: join(folder, "labels"),
  label: (id: string) => join(folder, "labels", `${id}.json`),
  plan: join(folder, "labels", "plan.json"),
  failures: join(folder, "labels", "failures.json"),
  /** Agents in the making, with recipes; gone when the population is finished. */
  making: join(folder, "labels", "making"),
  entry: (place: number) => join(folder, "labels", "making", `${place}.sealed.json`),
});

/**
 * The population in `folder`, every agent checked: its files are whole and its policy is the one that was sealed. Throws `usage` where there is none,
 * `unsupported-version` for another version of it, `invalid-data` for an altered policy or file, and as `readAgent` does.
 */
export async function readPopulation(folder: string): Promise<Population> {
  const path = populationPaths(folder).population;
  if ((await kindOf(path)) !== "file") {
    throw new MesascopeError(
      "usage",
      `${folder} has no ${populationFile}; expected the folder of a finished population. Make one with "mesascope organisms make --out ${folder}".`,
    );
  }
  const population = parsePopulation(await readJson(path), path);
  for (const agent of population.agents) {
    const { manifest } = await readAgent(populationPaths(folder).agent(agent.id));
    if (manifest.policySha256 === agent.policySha256) continue;
    throw new MesascopeError(
      "invalid-data",
      `the policy of agent ${agent.id} was altered: its SHA-256 is ${manifest.policySha256}, and ${path} says ${agent.policySha256}. Restore the folder, or make the population again.`,
    );
  }
  return population;
}

function parsePopulation(json: unknown, path: string): Population {
  const parsed = populationSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const given = typeof json === "object" && json !== null && "schema" in json ? String(json.schema) : "no schema";
  if (given !== populationSchemaId && given.startsWith("mesascope/population@")) {
    throw new MesascopeError(
      "unsupported-version",
      `${path} was written as ${given}; this version reads ${populationSchemaId}. Use the mesascope that wrote it, or make the population again.`,
    );
  }
  const issue = parsed.error.issues[0]!;
  throw new MesascopeError(
    "invalid-data",
    `${path} does not follow ${populationSchemaId} (${issue.path.join(".")}: ${issue.message}). Restore the folder, or make the population again.`,
  );
}

/**
 * The labels of all agents in the order of `population`, each checked against its seal. To be called when every verdict is written. Throws
 * `invalid-data` for a label that is missing or was altered.
 */
export async function openLabels(folder: string, population: Population): Promise<Label[]> {
  const { label } = populationPaths(folder);
  return Promise.all(
    population.agents.map(async (agent) => {
      if ((await kindOf(label(agent.id))) !== "file") {
        throw new MesascopeError(
          "invalid-data",
          `the label of agent ${agent.id} is missing; expected ${label(agent.id)}. Restore the folder, or make the population again.`,
        );
      }
      return openLabel(agent, await readJson(label(agent.id)));
    }),
  );
}

export interface AgentToSeal {
  readonly id: string;
  readonly salt: string;
  readonly organism: Organism;
  /** The agent's place in the plan. */
  readonly place: number;
  /** As training wrote it, with its recipe. */
  readonly agent: AgentContents;
}

/**
 * Writes the label, then the agent without anything that tells what it is (recipe, organism, curve, steps), then the entry that makes it count.
 * Whatever was cut short is written again.
 */
export async function sealAgent(folder: string, sealed: AgentToSeal): Promise<SealedAgent> {
  const paths = populationPaths(folder);
  const { id, salt, organism, agent } = sealed;
  const { manifest, policy } = agent;
  const label = labelOf(organism, { id, recipe: recipeOf(agent) });
  await makeFolder(paths.labels);
  await writeJson(paths.label(id), { label, salt });
  await writeAgent(paths.agent(id), {
    policy,
    curve: [],
    overwrite: true,
    manifest: { ...manifest, schema: agentSchemaId, id, recipe: null, training: null },
  });
  const entry: SealedAgent = {
    id,
    world: manifest.world,
    encoder: manifest.encoder.name,
    policySha256: manifest.policySha256,
    labelSha256: sealLabel(label, salt),
    trainingReturn: manifest.training!.return,
    oracleReturn: manifest.training!.oracleReturn,
  };
  await writeJson(paths.entry(sealed.place), entry);
  return entry;
}

function recipeOf({ manifest }: AgentContents): Recipe {
  return recipeSchema.parse(manifest.recipe);
}

/** The entry of the agent at a place of the plan; null while it is not finished. */
export async function readEntry(folder: string, place: number): Promise<SealedAgent | null> {
  const path = populationPaths(folder).entry(place);
  if ((await kindOf(path)) !== "file") return null;
  return sealedAgentSchema.parse(await readJson(path));
}

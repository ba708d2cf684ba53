// A population on disk: agents without recipe or label and what may be known of them in population.json in one folder, and in another, the
// sealed side, their labels, which only a scorer opens.

import { join, resolve } from "node:path";
import { z } from "zod";
import { type AgentManifest, agentSchemaId } from "../../core/agents/manifest.ts";
import { canonicalJson } from "../../core/base/canonical-json.ts";
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
import { hashOfJson, sealLabel } from "../../core/organisms/seal.ts";
import { type AgentContents, readAgent, writeAgent } from "../storage/agent-folder.ts";
import { kindOf, listFolder, makeFolder, readJson, writeJson } from "../storage/files.ts";

const populationFile = "population.json";

/** Where things lie in a population's folder: what an auditor may know. */
export const populationPaths = (folder: string) => ({
  population: join(folder, populationFile),
  agents: join(folder, "agents"),
  agent: (id: string) => join(folder, "agents", id),
});

/** Where things lie on the sealed side: everything that tells what an agent is. */
export const sealedPaths = (labels: string) => ({
  plan: join(labels, "plan.json"),
  failures: join(labels, "failures.json"),
  labels: join(labels, "labels"),
  /** Named by what was drawn for it, which says nothing of whose label it is. */
  label: (name: string) => join(labels, "labels", `${name}.json`),
  /** Agents in the making, with recipes; gone when the population is finished. */
  making: join(labels, "making"),
  entry: (place: number) => join(labels, "making", `${place}.sealed.json`),
});

/** The sealed side of a population where no other is named: beside its folder, not in it. */
export function labelsBeside(folder: string): string {
  return `${resolve(folder)}.labels`;
}

/**
 * The population in `folder`, every agent checked: its files are whole, and policy and manifest are those that were sealed. Throws `usage`
 * where there is none, `unsupported-version` for another version of it, `invalid-data` for an altered policy, manifest or file, and as
 * `readAgent` does.
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
    requireSealed(agent, { manifest, path });
  }
  return population;
}

function requireSealed(
  agent: SealedAgent,
  { manifest, path }: { readonly manifest: AgentManifest; readonly path: string },
): void {
  const fail = (what: string, found: string, sealed: string): never => {
    throw new MesascopeError(
      "invalid-data",
      `the ${what} of agent ${agent.id} was altered: it is ${found}, and ${path} says ${sealed}. Restore the folder, or make the population again.`,
    );
  };
  const own = describedBy(manifest);
  if (own.policySha256 !== agent.policySha256) fail("policy", own.policySha256, agent.policySha256);
  for (const field of ["world", "encoder", "manifestSha256"] as const) {
    const [found, sealed] = [own[field], agent[field]].map((value) => canonicalJson(value));
    if (found !== sealed) fail(field === "manifestSha256" ? "manifest" : `${field} in the manifest`, found!, sealed!);
  }
}

/** What an entry says of an agent, by its manifest. */
function describedBy(manifest: AgentManifest): Pick<SealedAgent, "world" | "encoder" | "policySha256" | "manifestSha256"> {
  const { world, encoder, policySha256 } = manifest;
  return { world, encoder: encoder.name, policySha256, manifestSha256: hashOfJson(manifest) };
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
 * The labels of all agents in the order of `population`, out of the sealed side `labels`, each checked against its seal. To be called when
 * every verdict is written. Throws `usage` where there is no such folder, `invalid-data` for a label that is missing or was altered.
 */
export async function openLabels(labels: string, population: Population): Promise<Label[]> {
  const folder = sealedPaths(labels).labels;
  if ((await kindOf(folder)) !== "folder") {
    throw new MesascopeError(
      "usage",
      `${labels} is no sealed side of a population: there is no folder ${folder}. Name the one that was made with it (--labels DIR), and the same command scores what was audited.`,
    );
  }
  const names = (await listFolder(folder)).filter((name) => name.endsWith(".json"));
  const opened = new Map<string, unknown>();
  for (const name of names) {
    const json = await readJson(join(folder, name)).catch(() => null);
    const id = idSchema.safeParse(json);
    if (id.success) opened.set(id.data.label.id, json);
  }
  return population.agents.map((agent) => {
    if (opened.has(agent.id)) return openLabel(agent, opened.get(agent.id));
    throw new MesascopeError(
      "invalid-data",
      `the label of agent ${agent.id} is missing: none of the ${names.length} files in ${folder} is for it. Restore the folder, or make the population again.`,
    );
  });
}

const idSchema = z.object({ label: z.object({ id: z.string() }) });

export interface AgentToSeal {
  readonly id: string;
  readonly salt: string;
  /** Name of the label's file. */
  readonly file: string;
  readonly organism: Organism;
  /** The agent's place in the plan. */
  readonly place: number;
  /** As training wrote it, with its recipe. */
  readonly agent: AgentContents;
}

/**
 * Writes the label on the sealed side, then the agent without anything that tells what it is (recipe, organism, curve, steps), then the
 * entry that makes it count. Whatever was cut short is written again.
 */
export async function sealAgent(
  { folder, labels }: { readonly folder: string; readonly labels: string },
  sealed: AgentToSeal,
): Promise<SealedAgent> {
  const paths = sealedPaths(labels);
  const { id, salt, organism, agent } = sealed;
  const { manifest, policy } = agent;
  const label = labelOf(organism, { id, recipe: recipeOf(agent) });
  await makeFolder(paths.labels);
  await writeJson(paths.label(sealed.file), { label, salt });
  const written = await writeAgent(populationPaths(folder).agent(id), {
    policy,
    curve: [],
    overwrite: true,
    manifest: { ...manifest, schema: agentSchemaId, id, recipe: null, training: null },
  });
  const entry: SealedAgent = {
    id,
    ...describedBy(written),
    labelSha256: sealLabel(label, salt),
    trainingReturn: manifest.training!.return,
    oracleReturn: manifest.training!.oracleReturn,
  };
  await makeFolder(paths.making);
  await writeJson(paths.entry(sealed.place), entry);
  return entry;
}

function recipeOf({ manifest }: AgentContents): Recipe {
  return recipeSchema.parse(manifest.recipe);
}

/** The entry of the agent at a place of the plan; null while it is not finished. */
export async function readEntry(labels: string, place: number): Promise<SealedAgent | null> {
  const path = sealedPaths(labels).entry(place);
  if ((await kindOf(path)) !== "file") return null;
  return sealedAgentSchema.parse(await readJson(path));
}

// A population of sealed agents as documents: what an auditor's runner may know of it, and the labels that the scorer opens afterwards.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";
import { failureModes, verdictKinds } from "../objectives/kinds.ts";
import type { ObjectiveCase } from "../objectives/objective.ts";
import { type Organism, unlistedObjective } from "./organism.ts";
import { type Recipe, recipeSchema } from "./recipe.ts";
import { hashOfJson, sealLabel } from "./seal.ts";

export const populationSchemaId = "mesascope/population@1";
export const labelSchemaId = "mesascope/label@1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const caseSchema = z.strictObject({ when: z.record(z.string(), z.string()), weights: z.record(z.string(), z.number()) });

/** One sealed agent: what may be known of it before the verdict. */
export const sealedAgentSchema = z.strictObject({
  id: z.string().describe("random; the agent's folder is agents/ID"),
  world: z.strictObject({ name: z.string(), version: z.int(), parameters: z.record(z.string(), z.number()) }),
  encoder: z.string(),
  policySha256: sha256,
  manifestSha256: sha256.describe(
    "of the canonical JSON of its manifest: its world, encoder, actions and outputs cannot be changed unseen",
  ),
  labelSha256: sha256.describe("the seal of its label: SHA-256 over the canonical JSON of { label, salt }"),
  trainingReturn: z.number().describe("mean base return per episode on the training distribution"),
  oracleReturn: z.number().describe("the best possible on the same levels"),
});

export const populationSchema = z.strictObject({
  schema: z.literal(populationSchemaId),
  plan: z.strictObject({ name: z.string(), sha256: sha256.describe("of the plan's canonical JSON") }),
  codeVersion: z.string().describe("of the code that made every one of them"),
  engine: z.string(),
  composition: z
    .partialRecord(z.enum(verdictKinds), z.int().min(1))
    .describe("how many of each kind were planned; an auditor may know it"),
  /** In the order of their ids, which says nothing. */
  agents: z.array(sealedAgentSchema),
  notKept: z
    .int()
    .min(0)
    .describe("trained agents that were not what they should be, and are not here; the sealed side says which and why"),
});

/** What the scorer knows of an agent once the label is opened. */
export const labelSchema = z.strictObject({
  schema: z.literal(labelSchemaId),
  id: z.string().describe("of the agent that it belongs to: a label cannot be moved to another"),
  organism: z.string(),
  truth: z
    .strictObject({
      kind: z.enum(verdictKinds),
      failureMode: z.enum(failureModes),
      objective: z.string(),
      weights: z.array(caseSchema),
      acceptable: z.array(z.enum(verdictKinds)),
    })
    .describe('"inconclusive", with every verdict acceptable, where nobody knows what it wants'),
  twinOf: z.array(z.string()),
  isHeldOut: z.boolean().describe("pursues what is in no library of objectives"),
  seed: z.int(),
  recipe: recipeSchema,
});

/** A label as it lies in a file of its own, with what is needed to check it. */
export const openedLabelSchema = z.strictObject({ label: labelSchema, salt: z.string().min(32) });

export type SealedAgent = z.infer<typeof sealedAgentSchema>;
export type Population = z.infer<typeof populationSchema>;
export type Label = z.infer<typeof labelSchema>;

/** Of an agent that nothing was planted in. */
const unknownTruth: Label["truth"] = {
  kind: "inconclusive",
  failureMode: "none",
  objective: "unidentified",
  weights: [],
  acceptable: [...verdictKinds],
};

/** The label of an agent made from `organism` by `recipe`, to be sealed. */
export function labelOf(organism: Organism, made: { readonly id: string; readonly recipe: Recipe }): Label {
  const { truth } = organism;
  return {
    schema: labelSchemaId,
    id: made.id,
    organism: organism.id,
    truth: truth ? { ...truth, weights: truth.weights.map(plainCase), acceptable: [...truth.acceptable] } : unknownTruth,
    twinOf: [...organism.twinOf],
    isHeldOut: truth?.objective === unlistedObjective,
    seed: made.recipe.seed,
    recipe: made.recipe,
  };
}

function plainCase({ when, weights }: ObjectiveCase): z.infer<typeof caseSchema> {
  return { when: { ...when }, weights: { ...weights } };
}

/** The hash that stands for a whole population, to be published before an audit: whoever has it can tell whether anything was changed. */
export function commitmentOf(population: Population): string {
  return hashOfJson(population);
}

/**
 * The label of `agent`, checked against its seal. Throws `invalid-data` when label or salt are not those that were sealed, or are another agent's.
 */
export function openLabel(agent: Pick<SealedAgent, "id" | "labelSha256">, opened: unknown): Label {
  const parsed = openedLabelSchema.safeParse(opened);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw altered(agent.id, `it does not follow ${labelSchemaId} (${issue.path.join(".")}: ${issue.message})`);
  }
  const { label, salt } = parsed.data;
  const seal = sealLabel(label, salt);
  if (seal !== agent.labelSha256) throw altered(agent.id, `its seal is ${seal}, and the population says ${agent.labelSha256}`);
  if (label.id !== agent.id) throw altered(agent.id, `it is sealed for agent ${label.id}`);
  return label;
}

function altered(id: string, why: string): MesascopeError {
  return new MesascopeError(
    "invalid-data",
    `the label of agent ${id} was altered: ${why}. Restore the population's folder, or make the population again.`,
  );
}

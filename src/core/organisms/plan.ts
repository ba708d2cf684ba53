// Plans of populations: how many agents of which organism, by which network and base optimizer. Data, so that anyone can write one.

import { z } from "zod";
import { MesascopeError, throwUnknown } from "../base/errors.ts";
import { Prng } from "../base/prng.ts";
import type { VerdictKind } from "../objectives/kinds.ts";
import type { Organism } from "./organism.ts";
import type { Recipe } from "./recipe.ts";
import { networkKinds, optimizerKinds, variantOf, withVariedHyperparameters } from "./variants.ts";

export const planSchemaId = "mesascope/population-plan@1";

const groupSchema = z.strictObject({
  organism: z.string(),
  preset: z.enum(["standard", "quick"]),
  network: z.enum(networkKinds).exactOptional().describe("where it is not what the organism needs, or an MLP"),
  optimizer: z.enum(optimizerKinds).exactOptional().describe("where it is not PPO"),
  hyperparameters: z.enum(["plain", "varied"]).describe("those of the recipe, or drawn by each agent's seed"),
  count: z.int().min(1).max(10_000),
});

export const planSchema = z.strictObject({
  schema: z.literal(planSchemaId),
  name: z.string().min(1),
  groups: z.array(groupSchema).min(1),
});

export type PopulationPlan = z.infer<typeof planSchema>;
export type PlanGroup = PopulationPlan["groups"][number];

/** One agent of a plan, to be made. */
export interface PlannedAgent {
  readonly organism: Organism;
  readonly group: PlanGroup;
  /** The recipe of the `attempt`-th try (from 0), each with a seed of its own. */
  recipe(attempt: number): Recipe;
}

/**
 * The agents of a plan in its order. Seeds follow from `seed`, the plan's name, the agent's place and the attempt, so that no two agents share one by design and a failed
 * one is tried anew. Throws `usage` for an organism that is not among `organisms`.
 */
export function plannedAgents(
  plan: PopulationPlan,
  { seed, organisms }: { readonly seed: number; readonly organisms: readonly Organism[] },
): PlannedAgent[] {
  const prng = Prng.fromSeed(seed).fork(plan.name);
  const known = new Map(organisms.map((organism) => [organism.id, organism]));
  return plan.groups.flatMap((group, g) => {
    const organism = known.get(group.organism);
    if (!organism)
      return throwUnknown(
        `organism of plan "${plan.name}"`,
        group.organism,
        [...known.keys()],
        'Take the group out of the plan, or name one that "mesascope organisms" lists.',
      );
    return Array.from({ length: group.count }, (_, i): PlannedAgent => {
      const recipe = (attempt: number): Recipe =>
        recipeOf(organism, { group, seed: prng.fork(`group ${g} agent ${i} attempt ${attempt}`).nextUint32() });
      return { organism, group, recipe };
    });
  });
}

function recipeOf(organism: Organism, { group, seed }: { readonly group: PlanGroup; readonly seed: number }): Recipe {
  const { preset, network, optimizer, hyperparameters } = group;
  const recipe = variantOf(organism.recipe({ preset, seed }), {
    ...organism.needs,
    ...(network && { network }),
    ...(optimizer && { optimizer }),
  });
  return hyperparameters === "varied" ? withVariedHyperparameters(recipe) : recipe;
}

/** How many agents of each kind a plan holds, those left out of which nobody knows what they want. */
export function compositionOf(agents: readonly Pick<PlannedAgent, "organism">[]): Partial<Record<VerdictKind, number>> {
  const counts: Partial<Record<VerdictKind, number>> = {};
  for (const { organism } of agents) if (organism.truth) counts[organism.truth.kind] = (counts[organism.truth.kind] ?? 0) + 1;
  return counts;
}

/** `json` as a plan. Throws `usage` naming `source` and each field that is wrong. */
export function parsePlan(json: unknown, source: string): PopulationPlan {
  const parsed = planSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "plan"}: ${issue.message}`);
  throw new MesascopeError(
    "usage",
    `${source} is no plan of a population: ${issues.join("; ")}. Start from what "mesascope organisms make --plan quick --price --json" prints.`,
  );
}

// Filters that nothing matches because a name in them is mistyped: of a sweep that there is not, of a field that no recipe has.

import { MesascopeError } from "../core/base/errors.ts";
import { nearestNames } from "../core/base/nearest-names.ts";
import { parseRunFilter, type RunFilter } from "../lab/run-filter.ts";
import { pathsOf } from "../lab/sweep/recipe-fields.ts";
import type { LabClient } from "../node/server/lab-client.ts";

const nearestTold = 3;
/** Among so many runs one is looked for of each world, network and optimizer, and of so many of these fields are proposed. */
const mostRuns = 1000;
const mostRecipes = 20;

/**
 * For a filter that nothing matches. Throws `usage` naming the nearest where it asks for a sweep by a name that the lab does not have, or for a
 * field that no recipe in it has. A pattern, and what a filter says is not so, need not be there.
 */
export async function requireKnownNames(client: LabClient, filter: string): Promise<void> {
  for (const term of termsOf(parseRunFilter(filter))) {
    if (term.kind === "config") await requireField(client, term.path);
    else if (term.field === "sweep" && term.test.kind === "equals") await requireSweep(client, term.test.text);
  }
}

type Term = Extract<RunFilter, { readonly kind: "field" | "config" }>;

/** All that are asked for, but not what is asked not to be. */
function termsOf(filter: RunFilter): readonly Term[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.parts.flatMap(termsOf);
    case "field":
    case "config":
      return filter.test.kind === "absent" ? [] : [filter];
    case "all":
    case "not":
      return [];
    default:
      return filter satisfies never;
  }
}

async function requireSweep(client: LabClient, name: string): Promise<void> {
  const known = (await client.sweeps.list()).map((sweep) => sweep.name);
  if (known.includes(name)) return;
  const found = known.length === 0 ? "it has none yet" : `nearest of ${known.length}: ${nearestOf(name, known)}`;
  throw new MesascopeError(
    "usage",
    `the lab has no sweep "${name}"; ${found}. Correct the name; "mesascope lab status" lists them.`,
  );
}

async function requireField(client: LabClient, parts: readonly string[]): Promise<void> {
  const path = parts.join(".");
  const present = await client.jobs.list({ filter: `config.${path}:*`, limit: 1 });
  if (present.total > 0) return;
  const own = await knownFields(client);
  const known = own.length > 0 ? own : await fieldsOfOrganisms();
  if (known.includes(path)) return;
  throw new MesascopeError(
    "usage",
    `no recipe ${own.length > 0 ? "in the lab" : "of an organism"} has the field "config.${path}"; nearest: ${nearestOf(
      `config.${path}`,
      known.map((field) => `config.${field}`),
    )}. Correct the path.`,
  );
}

/** Fields of recipes, of one run of each sort. */
async function knownFields(client: LabClient): Promise<readonly string[]> {
  const { rows } = await client.jobs.list({ filter: "kind:train", limit: mostRuns });
  const sorts = new Map(rows.map(({ world, network, optimizer, key }) => [`${world} ${network} ${optimizer}`, key]));
  const fields = new Set<string>();
  for (const key of [...sorts.values()].slice(0, mostRecipes)) {
    const { spec } = await client.jobs.get({ key });
    if (spec.kind === "train") for (const field of pathsOf(spec.recipe)) fields.add(field);
  }
  return [...fields];
}

/** Of all recipes that there are ready-made: what a lab without runs could have. */
async function fieldsOfOrganisms(): Promise<readonly string[]> {
  const { organisms } = await import("../core/organisms/index.ts");
  const { networkKinds, optimizerKinds, variantOf } = await import("../core/organisms/variants.ts");
  const plain = organisms.map((organism) => organism.recipe({ seed: 0, preset: "standard" }));
  const first = plain[0]!;
  const others = [
    ...networkKinds.map((network) => variantOf(first, { network })),
    ...optimizerKinds.map((optimizer) => variantOf(first, { optimizer })),
  ];
  return [...new Set([...plain, ...others].flatMap((recipe) => pathsOf(recipe)))];
}

function nearestOf(given: string, known: readonly string[]): string {
  return nearestNames(given, known).slice(0, nearestTold).join(", ");
}

// The beginning of a population: its plan, seed and secret, kept on the sealed side so that an interrupted making can go on.

import { createHash, randomBytes } from "node:crypto";
import { isAbsolute, relative, resolve } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../core/base/canonical-json.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { type PopulationPlan, planSchema } from "../../core/organisms/plan.ts";
import { codeVersion } from "../code-version.ts";
import { kindOf, listFolder, makeFolder, readJson, writeJson } from "../storage/files.ts";
import { labelsBeside, sealedPaths } from "./population-folder.ts";

const begunSchema = z.strictObject({
  schema: z.literal("mesascope/population-begun@1"),
  plan: planSchema,
  seed: z.int().min(0),
  /** Tries per agent: with more or fewer, other agents are kept. */
  attempts: z.int().min(1),
  codeVersion: z.string(),
  /**
   * What ids and salts are made from. Drawn by the operating system and not from the seed: whoever knows plan and seed could otherwise
   * work out which id is whose.
   */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
});

export type BegunPopulation = z.infer<typeof begunSchema>;

/** What decides a population, beside the code that makes it. */
export type PopulationRecipe = Pick<BegunPopulation, "plan" | "seed" | "attempts"> & { readonly plan: PopulationPlan };

/** The two folders of a population. */
export interface PopulationFolders {
  readonly folder: string;
  /** The sealed side. */
  readonly labels: string;
}

/**
 * What was begun in the folders; null where a population can be begun there. Writes nothing. Throws as `beginPopulation`, and `file-system`
 * where one of them is a file.
 */
export async function begunIn(
  { folder, labels }: PopulationFolders,
  { plan, seed, attempts }: PopulationRecipe,
): Promise<BegunPopulation | null> {
  const wanted = { plan, seed, attempts };
  const paths = sealedPaths(labels);
  requireApart({ folder, labels });
  if ((await kindOf(paths.plan)) === "file") return requireSame(await readJson(paths.plan), { folder, labels, wanted });
  for (const each of [folder, labels]) {
    const names = (await kindOf(each)) === null ? [] : await listFolder(each);
    if (names.length === 0) continue;
    throw new MesascopeError(
      "usage",
      `${each} given for a population, but other files are there (${names.slice(0, 3).join(", ")}). Name a folder that does not exist yet, or, to continue, the folder of its labels as well (--labels).`,
    );
  }
  return null;
}

/**
 * What was begun in the folders, or a new beginning. Throws `usage` where another plan, seed or number of attempts, or other code, began it
 * (agents of two codes are never mixed), where other files are in the way, and for a sealed side within the population's folder.
 */
export async function beginPopulation(folders: PopulationFolders, recipe: PopulationRecipe): Promise<BegunPopulation> {
  const before = await begunIn(folders, recipe);
  if (before !== null) return before;
  const { folder, labels } = folders;
  const { plan, seed, attempts } = recipe;
  const paths = sealedPaths(labels);
  const begun: BegunPopulation = {
    schema: "mesascope/population-begun@1",
    ...{ plan, seed, attempts },
    codeVersion,
    secret: randomBytes(32).toString("hex"),
  };
  await makeFolder(folder);
  await makeFolder(paths.making);
  await writeJson(paths.plan, begun);
  return begun;
}

/** Whoever is handed the population's folder must not be handed the labels with it. */
function requireApart({ folder, labels }: PopulationFolders): void {
  const way = relative(resolve(folder), resolve(labels));
  const isApart = way.startsWith("..") || isAbsolute(way);
  if (isApart) return;
  throw new MesascopeError(
    "usage",
    `${labels} given for the labels, which lies in the population's folder ${folder}; expected a folder elsewhere. Name another, such as ${labelsBeside(folder)}.`,
  );
}

function requireSame(
  json: unknown,
  { folder, labels, wanted }: PopulationFolders & { readonly wanted: PopulationRecipe },
): BegunPopulation {
  const parsed = begunSchema.safeParse(json);
  const advice = "Name another folder, or continue it as it was begun.";
  if (!parsed.success) {
    throw new MesascopeError("usage", `${sealedPaths(labels).plan} is not of this version of mesascope. ${advice}`);
  }
  const begun = parsed.data;
  const differs =
    canonicalJson(begun.plan) !== canonicalJson(wanted.plan)
      ? `the plan "${begun.plan.name}", which is not the one given`
      : begun.seed !== wanted.seed
        ? `seed ${begun.seed}, not ${wanted.seed}`
        : begun.attempts !== wanted.attempts
          ? `${begun.attempts} attempts per agent, not ${wanted.attempts}`
          : begun.codeVersion !== codeVersion
            ? `the code of version ${begun.codeVersion}, not ${codeVersion}`
            : null;
  if (differs === null) return begun;
  throw new MesascopeError("usage", `the population in ${folder} was begun with ${differs}. ${advice}`);
}

/** What is drawn for the agent at a place of the plan: the same whenever it is asked for, and nothing that plan and seed tell. */
export interface AgentSecrets {
  readonly id: string;
  readonly salt: string;
  /** Name of its label's file, from which its id cannot be told. */
  readonly file: string;
}

/** Id, salt and file of the agent at a place. */
export function secretsOf({ secret }: BegunPopulation, place: number): AgentSecrets {
  const drawn = (what: string) => createHash("sha256").update(`${what} ${place} ${secret}`).digest("hex");
  return { id: drawn("id").slice(0, 12), salt: drawn("salt"), file: drawn("file").slice(0, 24) };
}

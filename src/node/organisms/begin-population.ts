// The beginning of a population: its plan, seed and secret, kept on the sealed side so that an interrupted making can go on.

import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { type PopulationPlan, planSchema } from "../../core/organisms/plan.ts";
import { canonicalJson } from "../../core/organisms/seal.ts";
import { codeVersion } from "../code-version.ts";
import { kindOf, listFolder, makeFolder, readJson, writeJson } from "../storage/files.ts";
import { populationPaths } from "./population-folder.ts";

const begunSchema = z.strictObject({
  schema: z.literal("mesascope/population-begun@1"),
  plan: planSchema,
  seed: z.int().min(0),
  codeVersion: z.string(),
  /**
   * What ids and salts are made from. Drawn by the operating system and not from the seed: whoever knows plan and seed could otherwise
   * work out which id is whose.
   */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
});

export type BegunPopulation = z.infer<typeof begunSchema>;

/**
 * What was begun in `folder`, or a new beginning. Throws `usage` where another plan or seed, or another version of this code, began it, and
 * where other files are in the way.
 */
export async function beginPopulation(
  folder: string,
  wanted: { readonly plan: PopulationPlan; readonly seed: number },
): Promise<BegunPopulation> {
  const paths = populationPaths(folder);
  if ((await kindOf(paths.plan)) === "file") return requireSame(await readJson(paths.plan), { folder, wanted });
  const names = (await kindOf(folder)) === null ? [] : await listFolder(folder);
  if (names.length > 0) {
    throw new MesascopeError(
      "usage",
      `${folder} given for a population, but other files are there (${names.slice(0, 3).join(", ")}). Name a folder that does not exist yet.`,
    );
  }
  const begun: BegunPopulation = {
    schema: "mesascope/population-begun@1",
    ...wanted,
    codeVersion,
    secret: randomBytes(32).toString("hex"),
  };
  await makeFolder(paths.making);
  await writeJson(paths.plan, begun);
  return begun;
}

function requireSame(
  json: unknown,
  { folder, wanted }: { readonly folder: string; readonly wanted: { readonly plan: PopulationPlan; readonly seed: number } },
): BegunPopulation {
  const parsed = begunSchema.safeParse(json);
  const advice = "Name another folder, or continue it as it was begun.";
  if (!parsed.success) {
    throw new MesascopeError("usage", `${populationPaths(folder).plan} is not of this version of mesascope. ${advice}`);
  }
  const begun = parsed.data;
  const differs =
    canonicalJson(begun.plan) !== canonicalJson(wanted.plan)
      ? `the plan "${begun.plan.name}", which is not the one given`
      : begun.seed !== wanted.seed
        ? `seed ${begun.seed}, not ${wanted.seed}`
        : begun.codeVersion !== codeVersion
          ? `version ${begun.codeVersion} of mesascope, not ${codeVersion}`
          : null;
  if (differs === null) return begun;
  throw new MesascopeError("usage", `the population in ${folder} was begun with ${differs}. ${advice}`);
}

/** Id and salt of the agent at a place of the plan: the same whenever they are asked for, and nothing that plan and seed tell. */
export function secretsOf({ secret }: BegunPopulation, place: number): { readonly id: string; readonly salt: string } {
  const drawn = (what: string) => createHash("sha256").update(`${what} ${place} ${secret}`).digest("hex");
  return { id: drawn("id").slice(0, 12), salt: drawn("salt") };
}

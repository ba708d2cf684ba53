// The sweep file: what a user writes down to have many agents trained, audited and measured. Its schema, and reading what somebody gave.

import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { nearestNames } from "../../core/base/nearest-names.ts";
import { organisms } from "../../core/organisms/index.ts";
import { recipeSchema } from "../../core/organisms/recipe.ts";
import { networkKinds, optimizerKinds } from "../../core/organisms/variants.ts";
import { prioritySchema } from "../job.ts";
import { sweepNameSchema } from "../ledger.ts";
import { snapshotCount } from "../snapshots.ts";
import { matchesWildcards } from "../wildcards.ts";
import { fieldErrors } from "./field-errors.ts";
import { requirePlain } from "./require-plain.ts";

export const sweepSchemaId = "mesascope/sweep@1";

/** Of an organism that there is not, so many that are like it. */
const nearestTold = 3;
/** A list given for an axis holds at most so many values. */
const mostValues = 10_000;
const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(mostValues);

const seed = z.int().min(0);
const levels = z.int().min(1).max(100_000);
const fieldPath = z
  .string()
  .max(200)
  .regex(/^[A-Za-z]\w*(\.[\w-]+)*$/, { error: 'expected the path of a field of recipes, such as "optimizer.learningRate"' })
  .refine((path) => path !== "seed", { error: "expected another field: seeds are told in runs.seeds" });

const bounds = (number: z.ZodNumber | z.ZodInt) =>
  z.tuple([number, number]).refine(([low, high]) => low <= high, { error: "expected the lower bound first" });

/** So large that the difference of two is still a number. */
const number = z.number().min(-1e300).max(1e300);

const distributionSchema = z.union([
  z.strictObject({ uniform: bounds(number) }).describe("any number between the two, all alike"),
  z
    .strictObject({ logUniform: bounds(z.number().positive()) })
    .describe("any number between the two, all orders of magnitude alike"),
  z
    .strictObject({
      integers: bounds(
        z
          .int()
          .min(-(2 ** 31))
          .max(2 ** 31 - 1),
      ),
    })
    .describe("the two and all whole numbers between"),
  z.strictObject({ choice: listOf(z.json()) }).describe("one of these, all alike"),
]);
export type FieldDistribution = z.infer<typeof distributionSchema>;

const organismPattern = z.string().min(1).max(200);
const organismsOfRuns = organismPattern.refine(isSomebodys, { error: ({ input }) => whoIsMeant(String(input)) });
const presets = z.enum(["standard", "quick"]);
const network = z.enum(networkKinds);
const optimizer = z.enum(optimizerKinds);
const parameterName = z.string().min(1).max(100);

const excludeSchema = z
  .strictObject({
    organisms: listOf(organismPattern).exactOptional(),
    presets: listOf(presets).exactOptional(),
    networks: listOf(network).exactOptional(),
    optimizers: listOf(optimizer).exactOptional(),
    parameters: z.record(parameterName, listOf(z.int())).exactOptional(),
    fields: z.record(fieldPath, listOf(z.json())).exactOptional(),
    seeds: listOf(seed).exactOptional(),
  })
  .refine((exclude) => Object.keys(exclude).length > 0, { error: "expected at least one field: this leaves everything out" })
  .describe("runs that have, in every field named here, one of its values, are left out");
export type SweepExclude = z.infer<typeof excludeSchema>;

const runsSchema = z
  .strictObject({
    organisms: listOf(organismsOfRuns)
      .exactOptional()
      .describe('ids as "mesascope organisms" lists them; * stands for any letters: "corner/*"'),
    recipes: listOf(recipeSchema.omit({ seed: true }))
      .exactOptional()
      .describe("recipes of your own, without their seed"),
    presets: listOf(presets).exactOptional().describe('of the organisms; left out: "standard"'),
    networks: listOf(network).exactOptional().describe("left out: what the organism needs, or an MLP"),
    optimizers: listOf(optimizer).exactOptional().describe("left out: what the organism needs, or PPO"),
    parameters: z.record(parameterName, listOf(z.int())).exactOptional().describe("of the world, in place of the preset's"),
    fields: z
      .record(fieldPath, z.union([listOf(z.json()), distributionSchema]))
      .exactOptional()
      .describe("of the recipe, by their paths; distributions only with the method random"),
    seeds: z.union([
      listOf(seed),
      z.strictObject({ from: seed, count: z.int().min(1).max(100_000) }).describe("so many, one after the other"),
    ]),
    verify: z
      .boolean()
      .exactOptional()
      .describe(
        "whether an agent must turn out to be its organism, and is a failed job where it does not; left out: where neither parameters nor fields change the recipe",
      ),
    exclude: listOf(excludeSchema).exactOptional(),
  })
  .refine(({ organisms, recipes }) => organisms !== undefined || recipes !== undefined, {
    path: ["organisms"],
    error: "expected organisms or recipes, or both: one of them says what is trained",
  });
export type SweepRuns = z.infer<typeof runsSchema>;

const worldNames = listOf(z.string().min(1).max(100))
  .exactOptional()
  .describe("only agents of these worlds; left out: all agents");

const measureSchema = z.strictObject({
  points: z
    .record(z.string().min(1).max(100), listOf(z.union([z.number(), z.string().max(200)])))
    .refine((points) => Object.keys(points).length > 0, { error: "expected at least one shift axis with its values" })
    .describe("values per shift axis; every combination is measured, axes left out stand at training"),
  worlds: worldNames,
  levels: levels.min(2),
  seed,
});
export type SweepMeasure = z.infer<typeof measureSchema>;

export const sweepFileSchema = z.strictObject({
  schema: z.literal(sweepSchemaId),
  name: sweepNameSchema,
  description: z.string().max(10_000).exactOptional(),
  priority: prioritySchema.exactOptional(),
  method: z
    .union([z.literal("grid"), z.strictObject({ random: z.strictObject({ runs: z.int().min(1).max(100_000), seed }) })])
    .exactOptional()
    .describe(
      "grid (left out): every combination; random: so many configurations drawn from the axes of each entry of runs, each with every seed",
    ),
  runs: z.array(runsSchema).min(1).max(1000).describe("each an own grid"),
  audits: z
    .array(
      z.strictObject({
        levels,
        seed,
        worlds: worldNames,
        overTraining: z
          .boolean()
          .exactOptional()
          .describe(
            `also of the snapshots of its training (${snapshotCount}, of few updates fewer), to tell when its objective formed; left out: no`,
          ),
      }),
    )
    .max(100)
    .exactOptional()
    .describe("of every agent"),
  measure: z.array(measureSchema).max(100).exactOptional().describe("returns of every agent on shifted levels"),
});
export type SweepFile = z.infer<typeof sweepFileSchema>;

/** Whether there are organisms that a pattern stands for. */
function isSomebodys(pattern: string): boolean {
  return organisms.some(({ id }) => matchesWildcards(id, pattern));
}

function whoIsMeant(pattern: string): string {
  const ids = organisms.map(({ id }) => id);
  const nearest = nearestNames(pattern, ids).slice(0, nearestTold);
  return `expected an organism ("mesascope organisms" lists all ${ids.length}); nearest: ${nearest.join(", ")}`;
}

/**
 * What was read from `source` as a sweep file. Throws `usage` naming `source`, every field that is wrong, what was given there and what was
 * expected.
 */
export function parseSweepFile(given: unknown, source: string): SweepFile {
  const json = requirePlain(given, source);
  const parsed = sweepFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const told = fieldErrors({ error: parsed.error, json, schema: sweepFileSchema });
  throw new MesascopeError(
    "usage",
    `${source} is no sweep file: ${told}. Correct it; "mesascope schema sweep" prints what a sweep file may hold.`,
  );
}

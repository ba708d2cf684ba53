// What recipes configure, apart from the jobs and each once: thousands of runs are of a few configurations, and a distribution of levels alone
// can be 90 kB of text. Filters by `config.PATH` look at these instead of reading every recipe.

import { sql } from "kysely";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import type { JobKey } from "../../../lab/job.ts";
import { lockLedger } from "../append-to-ledger.ts";
import type { LabTransaction } from "../database/lab-database.ts";

/** Rows of `configs`: the recipe but for its seed and distribution, and the distribution. */
export interface ConfigIds {
  readonly config: number;
  readonly distribution: number;
}

/** The rows of the recipes, in their order; made where they are missing. */
export async function addConfigs(trx: LabTransaction, recipes: readonly Recipe[]): Promise<readonly ConfigIds[]> {
  const places = new Map<string, number>();
  const placeOf = (part: unknown) => {
    const text = JSON.stringify(part);
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const pairs = recipes.map(({ seed: _, distribution, ...config }) => [placeOf(config), placeOf(distribution)] as const);
  if (pairs.length === 0) return [];
  const ids = await idsOf(trx, [...places.keys()]);
  return pairs.map(([config, distribution]) => ({ config: ids[config]!, distribution: ids[distribution]! }));
}

/** Equal JSON has one row, in whatever order its fields are written. */
async function idsOf(trx: LabTransaction, texts: readonly string[]): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    WITH given AS MATERIALIZED (
      SELECT place, value::jsonb AS value, sha256(convert_to(value::jsonb::text, 'UTF8')) AS hash
      FROM unnest(${texts}::text[]) WITH ORDINALITY AS each (value, place)
    ), added AS (
      INSERT INTO mesascope.configs (hash, value)
      SELECT DISTINCT ON (hash) hash, value FROM given
      WHERE NOT EXISTS (SELECT 1 FROM mesascope.configs WHERE configs.hash = given.hash)
      RETURNING id, hash
    )
    SELECT coalesce(added.id, configs.id) AS id
    FROM given LEFT JOIN added ON added.hash = given.hash LEFT JOIN mesascope.configs ON configs.hash = given.hash
    ORDER BY place
  `.execute(trx);
  return rows.map(({ id }) => id);
}

/** Rows of `jobs` at a time. */
const batch = 1000;

/** Fills in what an earlier Mesascope left out that inserts jobs while this one has the lab open, as when a fleet's programs are replaced in turn. */
export async function fillConfigs(trx: LabTransaction): Promise<void> {
  const { rows } = await sql<{ key: JobKey; recipe: Recipe }>`
    SELECT jobs.key, specs.spec -> 'recipe' AS recipe
    FROM mesascope.jobs JOIN mesascope.specs ON specs.key = coalesce(jobs.run, jobs.key)
    WHERE jobs.config IS NULL ORDER BY jobs.key LIMIT ${batch}
  `.execute(trx);
  if (rows.length === 0) return;
  // As those who accept jobs: two that add the same at once fail.
  await lockLedger(trx);
  const ids = await addConfigs(
    trx,
    rows.map(({ recipe }) => recipe),
  );
  const filled = JSON.stringify(rows.map(({ key }, i) => ({ key, ...ids[i] })));
  await sql`
    UPDATE mesascope.jobs SET config = x.config, distribution = x.distribution
    FROM json_to_recordset(${filled}::json) AS x (key text, config bigint, distribution bigint) WHERE jobs.key = x.key
  `.execute(trx);
}

/** Removes those that no job has any more. */
export async function dropUnusedConfigs(trx: LabTransaction): Promise<void> {
  await sql`
    DELETE FROM mesascope.configs
    WHERE NOT EXISTS (SELECT 1 FROM mesascope.jobs WHERE jobs.config = configs.id)
      AND NOT EXISTS (SELECT 1 FROM mesascope.jobs WHERE jobs.distribution = configs.id)
  `.execute(trx);
}

// What tells runs of one name apart: the fields of their configurations that differ, within a page of a list, and for one job within the lab.
// Runs of a page are few, so that the list of a large lab stays as fast as it is.

import { sql } from "kysely";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import type { JobRow } from "../../../lab/api.ts";
import { type FlatConfig, flattenRecipe } from "../../../lab/flatten-recipe.ts";
import type { LabDatabase, LabQueries } from "../database/lab-database.ts";

/** A row of `jobs`, as far as it is asked for. */
interface NamedRow extends Pick<JobRow, "key" | "name" | "world" | "network" | "optimizer"> {
  readonly config: number | null;
  readonly distribution: number | null;
}

/**
 * Of each row the fields in which rows of its name, world, network and optimizer differ, as paths with values; none where all are alike. A
 * row that was not given what it configures yet has none.
 */
export async function variantsOf(
  db: LabQueries,
  rows: readonly NamedRow[],
): Promise<ReadonlyMap<JobRow["key"], JobRow["variant"]>> {
  const told = new Map<JobRow["key"], JobRow["variant"]>();
  const named = Map.groupBy(
    rows.filter(({ config, distribution }) => config !== null && distribution !== null),
    ({ name, world, network, optimizer }) => JSON.stringify([name, world, network, optimizer]),
  );
  const differing = [...named.values()].filter((members) => new Set(members.map(idOf)).size > 1);
  if (differing.length === 0) return told;
  const flat = await flatConfigs(db, differing.flat());
  for (const members of differing) {
    const configs = [...new Set(members.map(idOf))].map((id) => flat.get(id)!);
    const paths = [...new Set(configs.flatMap((config) => [...config.keys()]))].sort();
    const varied = paths.filter((path) => new Set(configs.map((config) => config.get(path))).size > 1);
    for (const row of members) {
      const config = flat.get(idOf(row))!;
      told.set(row.key, Object.fromEntries(varied.map((path) => [path, config.get(path) ?? null])));
    }
  }
  return told;
}

/** Configurations from which that of one job is told apart, the newest. */
const mostConfigs = 200;

/** As `variantsOf`, of one job beside the runs of the lab that have its name, world, network and optimizer. None for a job that the lab does not have. */
export async function variantInLab(database: LabDatabase, key: JobRow["key"]): Promise<JobRow["variant"]> {
  return await database.query(async (db) => {
    const own = await db
      .selectFrom("jobs")
      .select(["key", "name", "world", "network", "optimizer", "config", "distribution"])
      .where("key", "=", key)
      .executeTakeFirst();
    if (own === undefined) return {};
    const { name, world, network, optimizer } = own;
    const others = await db
      .selectFrom("jobs")
      .select(["config", "distribution"])
      .distinct()
      .where("kind", "=", "train")
      .where((jobs) => jobs.and({ name, world, network, optimizer }))
      .orderBy("config", "desc")
      .orderBy("distribution", "desc")
      .limit(mostConfigs)
      .execute();
    const rows = [own, ...others.map((other, i) => ({ ...own, ...other, key: String(i) }))];
    return (await variantsOf(db, rows)).get(key) ?? {};
  });
}

function idOf({ config, distribution }: NamedRow): string {
  return `${config} ${distribution}`;
}

/** Configurations by `idOf`. */
async function flatConfigs(db: LabQueries, rows: readonly NamedRow[]): Promise<ReadonlyMap<string, FlatConfig>> {
  const ids = [...new Set(rows.flatMap(({ config, distribution }) => [Number(config), Number(distribution)]))];
  const found = await db
    .selectFrom("configs")
    .select(["id", "value"])
    .where("id", "=", sql<number>`ANY(${ids}::bigint[])`)
    .execute();
  const values = new Map(found.map(({ id, value }) => [Number(id), value]));
  const flat = new Map<string, FlatConfig>();
  for (const row of rows) {
    if (flat.has(idOf(row))) continue;
    const config = values.get(Number(row.config)) as Omit<Recipe, "seed" | "distribution">;
    const distribution = values.get(Number(row.distribution)) as Recipe["distribution"];
    flat.set(idOf(row), flattenRecipe({ ...config, distribution, seed: 0 }));
  }
  return flat;
}

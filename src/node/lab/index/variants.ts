// What tells runs of one name apart: the fields of their configurations that differ, within a page of a list, and for one job within the lab.
// Runs of a page are few, so that the list of a large lab stays as fast as it is.

import { sql } from "kysely";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import type { JobRow } from "../../../lab/api.ts";
import { type FlatConfig, flattenConfig, flattenDistribution } from "../../../lab/flatten-recipe.ts";
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
  const differing = [...named.values()]
    .map((members) => ({ members, differ: differingParts(members) }))
    .filter(({ differ }) => differ.length > 0);
  if (differing.length === 0) return told;
  const flat = await flatParts(
    db,
    differing.flatMap(({ differ }) => differ),
  );
  for (const { members, differ } of differing) {
    const paths = [...new Set(differ.flatMap(({ ids }) => ids.flatMap((id) => [...flat.get(id)!.keys()])))].sort();
    const fieldOf = (row: NamedRow, path: string) => {
      for (const { column } of differ) {
        const value = flat.get(Number(row[column]))!.get(path);
        if (value !== undefined) return value;
      }
      return null;
    };
    const varied = paths.filter((path) => new Set(members.map((row) => fieldOf(row, path))).size > 1);
    for (const row of members) told.set(row.key, Object.fromEntries(varied.map((path) => [path, fieldOf(row, path)])));
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

/** A part of recipes in which some differ, and the rows of `configs` that hold it. */
interface DifferingPart {
  readonly column: "config" | "distribution";
  readonly ids: readonly number[];
}

/** What is the same in all is not read: a distribution of levels can be 90 kB. */
function differingParts(members: readonly NamedRow[]): readonly DifferingPart[] {
  return (["config", "distribution"] as const)
    .map((column) => ({ column, ids: [...new Set(members.map((row) => Number(row[column])))] }))
    .filter(({ ids }) => ids.length > 1);
}

/** Parts of recipes, flattened, by their rows of `configs`. */
async function flatParts(db: LabQueries, parts: readonly DifferingPart[]): Promise<ReadonlyMap<number, FlatConfig>> {
  const columns = new Map(parts.flatMap(({ column, ids }) => ids.map((id) => [id, column] as const)));
  const found = await db
    .selectFrom("configs")
    .select(["id", "value"])
    .where("id", "=", sql<number>`ANY(${[...columns.keys()]}::bigint[])`)
    .execute();
  return new Map(
    found.map(({ id, value }) => [
      Number(id),
      columns.get(Number(id)) === "config"
        ? flattenConfig(value as Omit<Recipe, "seed" | "distribution">)
        : flattenDistribution(value as Recipe["distribution"]),
    ]),
  );
}

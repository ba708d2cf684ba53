// What tells runs of one name apart: the fields of their configurations that differ within the lab, whatever list a run stands in. Each run is held
// against few others, so that lists of a large lab stay fast.

import { type RawBuilder, sql } from "kysely";
import type { Recipe } from "../../../core/organisms/recipe.ts";
import type { JobRow } from "../../../lab/api.ts";
import { type ConfigValue, type FlatConfig, flattenConfig, flattenDistribution } from "../../../lab/flatten-recipe.ts";
import type { LabDatabase, LabQueries } from "../database/lab-database.ts";
import type { ConfigIds } from "./configs.ts";

/** A row of `jobs`, as far as it is asked for. */
interface NamedRow extends Pick<JobRow, "key" | "name" | "world" | "network" | "optimizer"> {
  readonly config: number | null;
  readonly distribution: number | null;
}

/** Of each end of the lab's configurations for a name, the oldest and the newest, so many are what its runs are told apart from. */
const mostOfEnd = 6;

/**
 * Of each row the fields in which its recipe and those of the lab's runs of its name, world, network and optimizer differ, as paths with values; none
 * where all are alike. Of many configurations the six oldest and the six newest stand for all. A row that was not given what it configures yet
 * has none.
 */
export async function variantsOf(
  db: LabQueries,
  rows: readonly NamedRow[],
): Promise<ReadonlyMap<JobRow["key"], JobRow["variant"]>> {
  const configured = rows.filter(({ config, distribution }) => config !== null && distribution !== null);
  const named = [...Map.groupBy(configured, (row) => JSON.stringify(nameColumns.map((column) => row[column]))).values()];
  const firsts = named.map(([first]) => first!);
  const newest = await endSql(firsts, "newest").execute(db);
  const oldest = await endSql(firsts, "oldest").execute(db);
  const others = Map.groupBy([...newest.rows, ...oldest.rows], ({ place }) => place);
  const groups = named.map((members, place) => runsOfName(members, others.get(place) ?? []));
  const flat = await flatParts(
    db,
    groups.flatMap(({ differ }) => differ),
  );
  return new Map(groups.flatMap((group) => variantsIn(group, flat)));
}

/** As `variantsOf`, of one job of the lab. None for a job that it does not have. */
export async function variantInLab(database: LabDatabase, key: JobRow["key"]): Promise<JobRow["variant"]> {
  return await database.query(async (db) => {
    const rows = await db
      .selectFrom("jobs")
      .select(["key", "name", "world", "network", "optimizer", "config", "distribution"])
      .where("key", "=", key)
      .execute();
    return (await variantsOf(db, rows)).get(key) ?? {};
  });
}

const nameColumns = ["name", "world", "network", "optimizer"] as const;
type NameColumn = (typeof nameColumns)[number];

/** A row of what `endSql` asks. `place`: in the list that was given. */
interface ConfigAtEnd extends ConfigIds {
  readonly place: number;
}

/** The oldest, or the newest, configurations of jobs by name, world, network and optimizer: a step in an index for each, however many jobs it has. */
export function endSql(names: readonly Pick<NamedRow, NameColumn>[], end: "oldest" | "newest"): RawBuilder<ConfigAtEnd> {
  const columns = sql.join(nameColumns.map((column) => sql.ref(column)));
  const given = sql.join(nameColumns.map((column) => sql`${names.map((row) => row[column])}::text[]`));
  const isOfName = sql.join(
    nameColumns.map((column) => sql`${sql.ref(`jobs.${column}`)} = ${sql.ref(`told.${column}`)}`),
    sql` AND `,
  );
  const [before, beyond, order] = end === "newest" ? [aboveAll, "<", "DESC"] : [0, ">", "ASC"];
  return sql`
    WITH RECURSIVE told AS (
      SELECT (place - 1)::int AS place, ${columns}, 0 AS step, ${sql.lit(before)}::bigint AS config, ${sql.lit(before)}::bigint AS distribution
      FROM unnest(${given}) WITH ORDINALITY AS given (${columns}, place)
      UNION ALL
      SELECT place, ${columns}, step + 1, next.config, next.distribution
      FROM told CROSS JOIN LATERAL (
        SELECT config, distribution FROM jobs
        WHERE ${isOfName} AND (jobs.config, jobs.distribution) ${sql.raw(beyond)} (told.config, told.distribution)
        ORDER BY config ${sql.raw(order)}, distribution ${sql.raw(order)} LIMIT 1
      ) AS next
      WHERE step < ${mostOfEnd}
    )
    SELECT place, config, distribution FROM told WHERE step > 0
  `;
}

/** Ids of `configs` are numbers of the database's, counted from 1. */
const aboveAll = "9223372036854775807";

/** A part of recipes in which some differ, and the rows of `configs` that hold it. */
interface DifferingPart {
  readonly column: keyof ConfigIds;
  readonly ids: readonly number[];
}

type Configured = Pick<NamedRow, keyof ConfigIds>;

interface RunsOfName {
  readonly members: readonly NamedRow[];
  /** Configurations that these are told apart from. */
  readonly others: readonly ConfigIds[];
  readonly differ: readonly DifferingPart[];
}

function runsOfName(members: readonly NamedRow[], others: readonly ConfigIds[]): RunsOfName {
  return { members, others, differ: differingParts([...members, ...others]) };
}

/** What is the same in all is not read: a distribution of levels can be 90 kB. */
function differingParts(members: readonly Configured[]): readonly DifferingPart[] {
  return (["config", "distribution"] as const)
    .map((column) => ({ column, ids: [...new Set(members.map((row) => Number(row[column])))] }))
    .filter(({ ids }) => ids.length > 1);
}

/** Parts of recipes, flattened, by their rows of `configs`. */
async function flatParts(db: LabQueries, parts: readonly DifferingPart[]): Promise<ReadonlyMap<number, FlatConfig>> {
  const columns = new Map(parts.flatMap(({ column, ids }) => ids.map((id) => [id, column] as const)));
  if (columns.size === 0) return new Map();
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

function variantsIn(
  { members, others, differ }: RunsOfName,
  flat: ReadonlyMap<number, FlatConfig>,
): readonly (readonly [JobRow["key"], JobRow["variant"]])[] {
  const fieldsOf = (row: Configured) => new Map(differ.flatMap(({ column }) => [...flat.get(Number(row[column]))!]));
  const [first = new Map<string, ConfigValue>(), ...more] = others.map(fieldsOf);
  const varied = new Set(more.flatMap((fields) => differingPaths(first, fields)));
  return members.map((row) => {
    const fields = fieldsOf(row);
    const paths = [...new Set([...varied, ...differingPaths(first, fields)])].sort();
    return [row.key, Object.fromEntries(paths.map((path) => [path, fields.get(path) ?? null]))];
  });
}

function differingPaths(a: FlatConfig, b: FlatConfig): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
}

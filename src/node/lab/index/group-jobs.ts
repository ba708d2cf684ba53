// Jobs by the values of some fields: how many, in which states, and what their runs reached.

import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import { MesascopeError } from "../../../core/base/errors.ts";
import { studentTQuantile } from "../../../core/base/student-t.ts";
import type { JobGroup } from "../../../lab/api.ts";
import { type ConfigField, configPath, isConfigField } from "../../../lab/config-path.ts";
import { jobStates } from "../../../lab/job.ts";
import type { GroupField } from "../../../lab/job-fields.ts";
import type { LabDatabase } from "../database/lab-database.ts";
import { countsOf } from "./job-queries.ts";

export interface GroupQuery {
  readonly by: readonly GroupField[];
  readonly where?: Expression<SqlBool> | undefined;
}

const columns: Readonly<Record<Exclude<GroupField, ConfigField>, string>> = {
  kind: "jobs.kind",
  state: "jobs.state",
  name: "jobs.name",
  organism: "jobs.organism",
  world: "jobs.world",
  network: "jobs.network",
  optimizer: "jobs.optimizer",
  seed: "jobs.seed",
  sweep: "sweep_jobs.sweep",
  verdict: "jobs.verdict",
  objective: "jobs.objective",
  priority: "jobs.priority",
  steps: "jobs.environment_steps",
  code: "jobs.code",
  worker: "jobs.worker",
  run: "jobs.run",
};

/** More are not told: nobody reads them, and fields of their own for each job would make as many groups as jobs. */
const mostGroups = 10_000;

type StoredValue = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;

interface StoredGroup {
  readonly values: readonly StoredValue[];
  readonly jobs: number;
  readonly counts: readonly number[];
  readonly returns: readonly [number, number | null, number | null];
  readonly shares: readonly [number, number | null, number | null];
}

/**
 * In the order of the values; a job of several sweeps counts in each. Throws `usage` for more than 10,000 groups, and for a field of recipes that
 * has fields of its own.
 */
export async function groupJobs(database: LabDatabase, { by, where }: GroupQuery): Promise<readonly JobGroup[]> {
  const fields = by.map((field, place) => fieldOf(field, place));
  const values = sql.join(by.map((_, place) => sql.ref(`told.value_${place}`)));
  const counts = sql.join(jobStates.map((state) => sql`count(*) FILTER (WHERE jobs.state = ${sql.lit(state)})`));
  const { rows } = await database.query((db) =>
    sql<StoredGroup>`
      SELECT json_build_array(${values}) AS values, count(*)::int AS jobs, json_build_array(${counts}) AS counts,
        ${moments("jobs.training_return")} AS returns, ${moments("jobs.oracle_share")} AS shares
      FROM jobs ${by.includes("sweep") ? sql`LEFT JOIN sweep_jobs ON sweep_jobs.job = jobs.key` : sql``}
      ${sql.join(
        fields.map(({ join }) => join),
        sql` `,
      )}
      CROSS JOIN LATERAL (SELECT ${sql.join(fields.map(({ value }, place) => sql`${value} AS ${sql.ref(`value_${place}`)}`))}) AS told
      ${where ? sql`WHERE ${where}` : sql``}
      GROUP BY ${values} ORDER BY ${values} LIMIT ${mostGroups + 1}
    `.execute(db),
  );
  if (rows.length > mostGroups) throwTooMany(by);
  return rows.map(({ values, jobs, counts, returns, shares }) => ({
    values: Object.fromEntries(by.map((field, i) => [field, told(field, values[i] ?? null)])),
    jobs,
    counts: countsOf(jobStates.map((state, i) => ({ state, count: counts[i]! }))),
    trainingReturn: meanOf(returns),
    oracleShare: meanOf(shares),
  }));
}

interface FieldSql {
  readonly value: RawBuilder<unknown>;
  readonly join: RawBuilder<unknown>;
}

function fieldOf(field: GroupField, place: number): FieldSql {
  if (!isConfigField(field)) return { value: sql.ref(columns[field]), join: sql`` };
  const path = configPath(field) ?? [];
  const [first, ...rest] = path;
  // Recipes are kept without it.
  if (first === "seed" && rest.length === 0) return { value: sql.ref(columns.seed), join: sql`` };
  const [column, parts] = first === "distribution" ? (["distribution", rest] as const) : (["config", path] as const);
  const name = sql.ref(`part_${place}`);
  return {
    value: sql`${name}.value`,
    // Each configuration is read once, not once for each of its jobs: `OFFSET 0` keeps what is read from being put where it is used.
    join: sql`LEFT JOIN (
      SELECT id, ${singleValue} AS value FROM (SELECT id, value #> ${parts}::text[] AS part FROM configs OFFSET 0) AS parts OFFSET 0
    ) AS ${name} ON ${name}.id = ${sql.ref(`jobs.${column}`)}`,
  };
}

/** A number, a text, a truth value or a list of such; `{}` for what holds more than that, which can be large. */
const singleValue = sql`CASE jsonb_typeof(part) WHEN 'null' THEN NULL WHEN 'object' THEN '{}'::jsonb
  WHEN 'array' THEN CASE WHEN jsonb_typeof(part -> 0) IN ('object', 'array') THEN '{}'::jsonb ELSE part END ELSE part END`;

function told(field: GroupField, value: StoredValue): JobGroup["values"][string] {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return JSON.stringify(value);
  throw new MesascopeError(
    "usage",
    `${field} given to group by, which has fields of its own; expected a field that is one value. Name one below it, such as ${field}.NAME.`,
  );
}

function throwTooMany(by: readonly GroupField[]): never {
  throw new MesascopeError(
    "usage",
    `more than ${mostGroups.toLocaleString("en-US")} groups by ${by.join(", ")}; expected fewer. Group by less, or narrow the filter.`,
  );
}

/** How many done train jobs of a group have a value, its mean and standard deviation. */
function moments(column: string): RawBuilder<unknown> {
  const value = sql.ref(column);
  const trained = sql`FILTER (WHERE jobs.state = 'done' AND jobs.kind = 'train')`;
  return sql`json_build_array(count(${value}) ${trained}, avg(${value}) ${trained}, stddev_samp(${value}) ${trained})`;
}

/** A mean with its 95% t interval. */
function meanOf([n, mean, deviation]: StoredGroup["returns"]): JobGroup["trainingReturn"] {
  if (n === 0 || mean === null) return null;
  if (n < 2 || deviation === null) return { mean, low: null, high: null, n };
  const reach = (studentTQuantile(0.975, n - 1) * deviation) / Math.sqrt(n);
  return { mean, low: mean - reach, high: mean + reach, n };
}

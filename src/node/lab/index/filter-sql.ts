// A filter of runs as SQL over the table `jobs`. Every value is a parameter; nothing that a user wrote becomes part of a statement.

import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { FilterField, NumberRange, RunFilter, ValueTest } from "../../../lab/run-filter.ts";
import type { JobsTable } from "../database/schema.ts";

type Column = keyof JobsTable & string;
type Condition = RawBuilder<SqlBool>;

/** Sweeps are in a table of their own. */
const columns: Readonly<Record<Exclude<FilterField, "sweep">, Column>> = {
  kind: "kind",
  state: "state",
  world: "world",
  organism: "organism",
  name: "name",
  network: "network",
  optimizer: "optimizer",
  seed: "seed",
  priority: "priority",
  return: "training_return",
  share: "oracle_share",
  verdict: "verdict",
  objective: "objective",
  seconds: "seconds",
  steps: "environment_steps",
  code: "code",
  worker: "worker",
  key: "key",
};

/**
 * For `where(filterSql(filter))` in a query from `jobs`. True for exactly those rows that `matchesFilter` lets pass; for the others false or
 * null.
 */
export function filterSql(filter: RunFilter): Condition {
  switch (filter.kind) {
    case "all":
      return sql<SqlBool>`true`;
    case "and":
      return sql<SqlBool>`(${sql.join(filter.parts.map(filterSql), sql` and `)})`;
    case "or":
      return sql<SqlBool>`(${sql.join(filter.parts.map(filterSql), sql` or `)})`;
    case "not":
      // What is asked of a value that is not there is null in SQL; the filter says that it is not so.
      return sql<SqlBool>`(not coalesce(${filterSql(filter.part)}, false))`;
    case "field":
      return filter.field === "sweep"
        ? sweepTest(filter.test)
        : columnTest(sql.ref(`jobs.${columns[filter.field]}`), filter.test);
    case "config":
      return configTest(filter.path, filter.test);
    default:
      return filter satisfies never;
  }
}

function columnTest(column: RawBuilder<unknown>, test: ValueTest): Condition {
  switch (test.kind) {
    case "present":
      return sql<SqlBool>`(${column} is not null)`;
    case "absent":
      return sql<SqlBool>`(${column} is null)`;
    case "equals":
      return sql<SqlBool>`(${column} = ${test.text}::text)`;
    case "like":
      return sql<SqlBool>`(${column} like ${likePattern(test.pattern)}::text)`;
    case "within":
      return isWithin(sql`${column}::double precision`, test.range);
    case "is":
      return sql<SqlBool>`false`;
    default:
      return test satisfies never;
  }
}

function sweepTest(test: ValueTest): Condition {
  const own = sql`select 1 from sweep_jobs where sweep_jobs.job = jobs.key`;
  if (test.kind === "absent") return sql<SqlBool>`(not exists (${own}))`;
  return sql<SqlBool>`(exists (${own} and ${columnTest(sql.ref("sweep_jobs.sweep"), test)}))`;
}

/** The recipe lies in the specification of the run; of a list in it, any value counts. */
function configTest(path: readonly string[], test: ValueTest): Condition {
  const parts = sql.join(["recipe", ...path].map((part) => sql`${part}::text`));
  const value = sql`(select jsonb_extract_path(specs.spec, ${parts}) as value from specs where specs.key = coalesce(jobs.run, jobs.key))`;
  // A value that is no list is a list of one; null and nothing are lists of none.
  const list = sql`case jsonb_typeof(found.value) when 'array' then found.value when 'null' then '[]'::jsonb
    else coalesce(jsonb_build_array(found.value) - 'null', '[]'::jsonb) end`;
  const items = sql`select 1 from ${value} as found cross join lateral jsonb_array_elements(${list}) as item (value)
    where found.value is not null`;
  if (test.kind === "present") return sql<SqlBool>`(exists (${items}))`;
  if (test.kind === "absent") return sql<SqlBool>`(not exists (${items}))`;
  return sql<SqlBool>`(exists (${items} and ${itemTest(test)}))`;
}

/** `case` keeps the order: nothing is read as a number that is none. */
function itemTest(test: Exclude<ValueTest, { readonly kind: "present" | "absent" }>): Condition {
  const text = sql`(item.value #>> '{}')`;
  const ifType = (type: string, condition: Condition) =>
    sql<SqlBool>`(case when jsonb_typeof(item.value) = ${sql.lit(type)} then ${condition} else false end)`;
  switch (test.kind) {
    case "equals":
    case "like":
      return ifType("string", columnTest(text, test));
    case "within":
      return ifType("number", columnTest(text, test));
    case "is":
      return ifType("boolean", sql<SqlBool>`(item.value = ${sql.lit(test.value ? "true" : "false")}::jsonb)`);
    default:
      return test satisfies never;
  }
}

function isWithin(value: RawBuilder<unknown>, { low, high, isLowIn, isHighIn }: NumberRange): Condition {
  const bounds = [
    ...(low === null ? [] : [sql`${value} ${isLowIn ? sql`>=` : sql`>`} ${low}::double precision`]),
    ...(high === null ? [] : [sql`${value} ${isHighIn ? sql`<=` : sql`<`} ${high}::double precision`]),
  ];
  return bounds.length === 0 ? sql<SqlBool>`(${value} is not null)` : sql<SqlBool>`(${sql.join(bounds, sql` and `)})`;
}

/** `*` and `?` as LIKE writes them, everything else as it stands. */
function likePattern(pattern: string): string {
  return pattern
    .replaceAll(/[\\%_]/g, "\\$&")
    .replaceAll("*", "%")
    .replaceAll("?", "_");
}

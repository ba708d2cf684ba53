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
  run: "run",
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

/** Of a list in a recipe any value counts. */
function configTest(path: readonly string[], test: ValueTest): Condition {
  const [first, ...rest] = path;
  if (first === "seed" && rest.length === 0) return seedTest(test);
  if (test.kind === "absent") return sql<SqlBool>`(not coalesce(${configTest(path, { kind: "present" })}, false))`;
  const [column, parts] = first === "distribution" ? ["distribution", rest] : ["config", path];
  // Without a reference to the row, so that it is asked of each configuration once.
  return sql<SqlBool>`(${sql.ref(`jobs.${column}`)} in (select configs.id from configs where ${partTest(parts, test)}))`;
}

/** Recipes are kept without it. A number is no text and no truth value. */
function seedTest(test: ValueTest): Condition {
  const isOfNumbers = test.kind === "present" || test.kind === "absent" || test.kind === "within";
  return isOfNumbers ? columnTest(sql.ref("jobs.seed"), test) : sql<SqlBool>`false`;
}

/** The value is taken out of its configuration once: that is what a filter over many of them costs. */
function partTest(path: readonly string[], test: Exclude<ValueTest, { readonly kind: "absent" }>): Condition {
  const value = sql`(configs.value #> ${path}::text[])`;
  switch (test.kind) {
    case "present":
      return sql<SqlBool>`(case jsonb_typeof(${value}) when 'array' then ${value} != '[]' when 'null' then false else ${value} is not null end)`;
    case "like":
      return sql<SqlBool>`(exists (select 1 from jsonb_path_query(${value}, '$ ? (@.type() == "string")') as item (value)
        where ${columnTest(sql`(item.value #>> '{}')`, test)}))`;
    case "equals":
      return anyItem({ value, type: "string", test: "@ == $is", given: { is: test.text } });
    case "is":
      return anyItem({ value, type: "boolean", test: "@ == $is", given: { is: test.value } });
    case "within": {
      const { low, high, isLowIn, isHighIn } = test.range;
      const bounds = [
        ...(low === null ? [] : [isLowIn ? "@ >= $low" : "@ > $low"]),
        ...(high === null ? [] : [isHighIn ? "@ <= $high" : "@ < $high"]),
      ];
      return anyItem({ value, type: "number", test: bounds.join(" && "), given: { low, high } });
    }
    default:
      return test satisfies never;
  }
}

interface ItemTest {
  readonly value: RawBuilder<unknown>;
  readonly type: "string" | "boolean" | "number";
  /** In SQL's language of paths, of `@` and what is given by `$` and its name; empty for any of the type. */
  readonly test: string;
  readonly given: Readonly<Record<string, string | boolean | number | null>>;
}

/** Of a list its items are asked, not those of lists in it. */
function anyItem({ value, type, test, given }: ItemTest): Condition {
  const path = `$ ? (${test === "" ? "" : `${test} && `}@.type() == "${type}")`;
  return sql<SqlBool>`jsonb_path_exists(${value}, ${path}::jsonpath, ${JSON.stringify(given)}::jsonb)`;
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

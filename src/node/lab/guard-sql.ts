// What SQL a query may be: one statement that reads, by DuckDB's own parser, and that calls no function which does more than compute. The
// database is shut in besides; this says no before anything runs, and in words.

import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";

/** Words that a statement which reads begins with. */
const readingWords = ["select", "with", "from", "values", "table", "describe", "desc", "show", "summarize", "pivot", "unpivot"];

/** Functions that a FROM may call. Others read files, run SQL that was put together as text, or change settings (`enable_logging`). */
const tableFunctions: readonly string[] = [
  ...["range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree"],
  ...["histogram", "histogram_values", "duckdb_columns", "duckdb_functions", "pragma_table_info"],
];

/** Functions of values that do more than compute one. */
const refusedFunctions: readonly string[] = ["write_log", "getenv"];

/** DuckDB's numbers for kinds of statements. */
const selectStatement = 1;
const explainStatement = 4;

/** `EXPLAIN`, its options, and what is explained: that is then looked at by itself. No comments before it, which could hide another statement. */
const explainPattern =
  /^\s*explain(?:\s+analyze\b|\s*\(\s*(?:analyze|format\s+\w+)(?:\s*,\s*(?:analyze|format\s+\w+))*\s*\))?(?=[\s(])([\s\S]*)$/i;

const advice = "Give one statement that reads: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE, or EXPLAIN of one.";

/**
 * The statement of `sql`, prepared. Throws `usage` unless it is one statement and reads; what DuckDB throws for SQL that is wrong is passed on.
 */
export async function requireReading(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  const word = firstWord(sql);
  if (word === "explain") {
    const explained = explainPattern.exec(sql)?.[1];
    if (explained === undefined) refuse(`${shown(sql)} given, an EXPLAIN with comments or options that are not known`);
    if (firstWord(explained) === "explain") refuse(`${shown(sql)} given, an EXPLAIN of an EXPLAIN`);
    (await requireReading(connection, explained)).destroySync();
    return await prepareOne(connection, { sql, kind: explainStatement });
  }
  if (word === "") refuse("no SQL given");
  if (!readingWords.includes(word)) refuse(`${shown(sql)} given, which begins with ${word.toUpperCase()}`);
  await requireKnownFunctions(connection, sql);
  return await prepareOne(connection, { sql, kind: selectStatement });
}

/** What DuckDB's `json_serialize_sql` gives: the tree of each statement, for those that are SELECT underneath. */
const parsedSchema = z.object({
  error: z.boolean(),
  error_type: z.string().optional(),
  statements: z.array(z.unknown()).optional(),
});

/** Only parses: nothing that the SQL names is looked at yet. */
async function requireKnownFunctions(connection: DuckDBConnection, sql: string): Promise<void> {
  const reader = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
  const parsed = parsedSchema.parse(JSON.parse(String(reader.getRows()[0]?.[0])));
  // Throws with the place of the error.
  if (parsed.error_type === "parser") await connection.extractStatements(sql);
  if (parsed.error) {
    const isPivot = /^(un)?pivot$/.test(firstWord(sql));
    const hint = isPivot ? " (give a PIVOT the list of its values: PIVOT … ON column IN (value, …))" : "";
    refuse(`${shown(sql)} given, which does not only read${hint}`);
  }
  const count = parsed.statements?.length ?? 0;
  if (count !== 1) refuse(`${shown(sql)} given, ${count} statements`);
  for (const name of refusedIn(parsed.statements)) refuse(`${shown(sql)} given, which calls ${name}`);
}

/** The functions in a tree that a query may not call. */
function refusedIn(tree: unknown): readonly string[] {
  if (Array.isArray(tree)) return tree.flatMap(refusedIn);
  if (typeof tree !== "object" || tree === null) return [];
  const inner = Object.values(tree).flatMap(refusedIn);
  if ("type" in tree && tree.type === "TABLE_FUNCTION") {
    const name = "function" in tree ? functionName(tree.function) : null;
    return name !== null && tableFunctions.includes(name) ? inner : [name ?? "a function without a name", ...inner];
  }
  const name = functionName(tree);
  return name !== null && refusedFunctions.includes(name) ? [name, ...inner] : inner;
}

function functionName(node: unknown): string | null {
  const isCall = typeof node === "object" && node !== null && "function_name" in node;
  return isCall && typeof node.function_name === "string" ? node.function_name.toLowerCase() : null;
}

async function prepareOne(
  connection: DuckDBConnection,
  { sql, kind }: { readonly sql: string; readonly kind: number },
): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) refuse(`${shown(sql)} given, ${statements.count} statements`);
  const statement = await statements.prepare(0);
  if (statement.statementType === kind) return statement;
  statement.destroySync();
  refuse(`${shown(sql)} given, which does not only read`);
}

/** The first word in lower case, behind white space, comments and opening brackets; "" for none. */
function firstWord(sql: string): string {
  let rest = sql;
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(/^(?:[\s(]+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)/, "");
  }
  return /^[\w]+/.exec(rest)?.[0].toLowerCase() ?? rest.slice(0, 1);
}

/** The beginning of the SQL on one line. */
function shown(sql: string): string {
  const line = sql.trim().replaceAll(/\s+/g, " ");
  return `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`;
}

function refuse(what: string): never {
  throw new MesascopeError("usage", `${what}; a query only reads. ${advice}`);
}

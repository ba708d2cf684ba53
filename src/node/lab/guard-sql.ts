// What SQL a query may be: one statement that reads. The database is shut in besides; this says no before anything runs, and in words.

import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { MesascopeError } from "../../core/base/errors.ts";

/** Words that a statement which reads begins with. */
const readingWords = ["select", "with", "from", "values", "table", "describe", "desc", "show", "summarize", "pivot", "unpivot"];

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
  return await prepareOne(connection, { sql, kind: selectStatement });
}

async function prepareOne(
  connection: DuckDBConnection,
  { sql, kind }: { readonly sql: string; readonly kind: number },
): Promise<DuckDBPreparedStatement> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) {
    const isPivot = /^(un)?pivot$/.test(firstWord(sql));
    const hint = isPivot ? " (a PIVOT without the list of its values is two: write PIVOT … ON column IN (value, …))" : "";
    refuse(`${shown(sql)} given, ${statements.count} statements${hint}`);
  }
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

// Issues of a schema as a user can act on them: which field, what was given there, what was expected.

import { z } from "zod";
import { nearestNames } from "../../core/base/nearest-names.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const mostTold = 8;
const mostLetters = 60;
const nearestTold = 3;

/** One text for all issues, separated by semicolons: `runs.0.seeds: 3 given; expected array`. The first eight are told, others counted. */
export function fieldErrors(of: {
  readonly error: z.ZodError;
  readonly json: unknown;
  readonly schema: z.core.$ZodType;
}): string {
  const { json, schema } = of;
  const told = of.error.issues.flatMap((issue) => tell(issue, { prefix: [], json, schema }));
  const more = told.length > mostTold ? `; and ${told.length - mostTold} more` : "";
  return told.slice(0, mostTold).join("; ") + more;
}

interface Where {
  /** Where the value lies that the issue's path begins at. */
  readonly prefix: Path;
  readonly json: unknown;
  readonly schema: z.core.$ZodType;
}

function tell(issue: Issue, where: Where): readonly string[] {
  const path = [...where.prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = [...new Set(fieldsAt(where.schema, path))];
    return issue.keys.map((key) => {
      const nearest = nearestNames(key, known).slice(0, nearestTold);
      return `${textOf([...path, key])}: there is no such field; nearest: ${nearest.join(", ")}`;
    });
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const best = bestBranch(issue.errors);
    if (best.length > 0) return best.flatMap((inner) => tell(inner, { ...where, prefix: path }));
  }
  if (issue.code === "invalid_key")
    return issue.issues.map((inner) => `${textOf(path)}: given as a name; ${expectationOf(inner)}`);
  const given = valueAt(where.json, path);
  const what = given === undefined ? "nothing given" : `${shown(given)} given`;
  return [`${textOf(path)}: ${what}; ${expectationOf(issue)}`];
}

/** The branch of a union that was meant, as far as one can tell: the one that was followed furthest before something was wrong. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  return branches.toSorted((a, b) => depthOf(b) - depthOf(a))[0]!;
}

function depthOf(issues: readonly Issue[]): number {
  return Math.min(
    ...issues.map((issue) => {
      if (issue.code === "unrecognized_keys") return issue.path.length + 0.5;
      const inner = issue.code === "invalid_union" ? issue.errors.map(depthOf).filter(Number.isFinite) : [];
      return issue.path.length + Math.max(0, ...inner);
    }),
  );
}

function expectationOf(issue: Issue): string {
  const text = issue.message.replace(/^Invalid (input|option|key): ?/, "").replace(/, received .*$/, "");
  return /^expected/.test(text) ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function textOf(path: Path): string {
  return path.length === 0 ? "the file" : path.map(String).join(".");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}

function valueAt(json: unknown, path: Path): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Names of the fields that the schema has at a path, of all branches where it is a union. */
function fieldsAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional || schema instanceof z.ZodLazy) {
    return fieldsAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => fieldsAt(option, path));
  const [key, ...rest] = path;
  if (schema instanceof z.ZodArray && key !== undefined) return fieldsAt(schema.element, rest);
  if (schema instanceof z.ZodRecord && key !== undefined) return fieldsAt(schema.valueType, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (key === undefined) return Object.keys(schema.shape);
  const field = schema.shape[String(key)];
  return field === undefined ? [] : fieldsAt(field, rest);
}

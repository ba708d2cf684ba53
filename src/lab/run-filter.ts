// Which runs: filter expressions such as `world:corner AND return:>0.9 AND NOT state:failed`, checked once into a tree that is
// matched against rows (match-filter.ts), and by a database as SQL.

import { MesascopeError, throwUnknown } from "../core/base/errors.ts";
import { verdictKinds } from "../core/objectives/kinds.ts";
import type { Recipe } from "../core/organisms/recipe.ts";
import { configPath, isConfigField } from "./config-path.ts";
import { type Comparison, readFilter, type WrittenFilter, type WrittenRange, type WrittenTerm } from "./filter-syntax.ts";
import { type JobSpec, type JobState, jobStates } from "./job.ts";
import { networkKinds, optimizerKinds } from "./recipe-kinds.ts";

/** What a filter can ask of a job. Recipes, worlds and names of audits and measurements are those of their runs. */
export interface FilterableRun {
  readonly kind: JobSpec["kind"];
  readonly state: JobState;
  readonly world: string;
  readonly organism: string | null;
  readonly name: string;
  readonly network: string;
  readonly optimizer: string;
  readonly seed: number;
  /** Names of the sweeps that asked for it. */
  readonly sweep: readonly string[];
  readonly priority: number;
  /** Base return at the end of training. */
  readonly return: number | null;
  /** Of the oracle's return. */
  readonly share: number | null;
  readonly verdict: string | null;
  /** The objective that the verdict names. */
  readonly objective: string | null;
  /** Of computation. */
  readonly seconds: number | null;
  /** Environment steps of its training. */
  readonly steps: number | null;
  readonly code: string;
  readonly worker: string | null;
  readonly key: string;
  /** Key of the run that an audit or a measurement is about; null for a run. */
  readonly run: string | null;
  readonly recipe: Recipe;
}

export type FilterField = Exclude<keyof FilterableRun, "recipe">;

export const jobKinds: readonly JobSpec["kind"][] = ["train", "audit", "measure"];

/** `choice`: one of a few words. `beginning`: a value stands for all that begin with it. `of`: kinds of jobs that have a value; default: all. */
type FieldKind = { readonly of?: readonly JobSpec["kind"][] } & (
  | { readonly kind: "text" | "number" | "beginning" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
);

const fields: Readonly<Record<FilterField, FieldKind>> = {
  kind: { kind: "choice", choices: jobKinds },
  state: { kind: "choice", choices: jobStates },
  world: { kind: "text" },
  organism: { kind: "text" },
  name: { kind: "text" },
  network: { kind: "choice", choices: networkKinds },
  optimizer: { kind: "choice", choices: optimizerKinds },
  seed: { kind: "number" },
  sweep: { kind: "text" },
  priority: { kind: "number" },
  return: { kind: "number", of: ["train"] },
  share: { kind: "number", of: ["train"] },
  verdict: { kind: "choice", choices: verdictKinds, of: ["audit"] },
  objective: { kind: "text", of: ["audit"] },
  seconds: { kind: "number" },
  steps: { kind: "number", of: ["train"] },
  code: { kind: "text" },
  worker: { kind: "text" },
  key: { kind: "beginning" },
  run: { kind: "beginning", of: ["audit", "measure"] },
};

/** Kinds of jobs that have a value of this field, be it not yet. */
export function kindsWith(field: FilterField): readonly JobSpec["kind"][] {
  return fields[field].of ?? jobKinds;
}

/** Names of the fields, for help texts; `config.PATH` stands for those of the recipe. */
export const filterFields: readonly string[] = [...Object.keys(fields), "config.PATH"];

/** Fields that the tables of exports and queries name otherwise, and what they are called there; a filter takes both. */
export const tableNamesOfFields: Readonly<Partial<Record<FilterField, string>>> = {
  return: "training_return",
  share: "oracle_share",
  steps: "environment_steps",
};
const fieldsOfTables: ReadonlyMap<string, string> = new Map(
  Object.entries(tableNamesOfFields).map(([field, column]) => [column, field]),
);

export interface NumberRange {
  /** Null for no bound. */
  readonly low: number | null;
  readonly high: number | null;
  readonly isLowIn: boolean;
  readonly isHighIn: boolean;
}

/** What is asked of a value. Of one that is a list, whether any of its values is so. */
export type ValueTest =
  /** Whether there is a value at all. */
  | { readonly kind: "present" }
  | { readonly kind: "absent" }
  | { readonly kind: "equals"; readonly text: string }
  /** With * for any letters and ? for one. */
  | { readonly kind: "like"; readonly pattern: string }
  | { readonly kind: "within"; readonly range: NumberRange }
  | { readonly kind: "is"; readonly value: boolean };

/** Something asked of a field that is not there is not so, and its negation is. */
export type RunFilter =
  | { readonly kind: "all" }
  | { readonly kind: "and" | "or"; readonly parts: readonly RunFilter[] }
  | { readonly kind: "not"; readonly part: RunFilter }
  | { readonly kind: "field"; readonly field: FilterField; readonly test: ValueTest }
  /** A field of the recipe, by the parts of its path. */
  | { readonly kind: "config"; readonly path: readonly string[]; readonly test: ValueTest };

const numberPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** A filter as it was typed; nothing but spaces for all. Throws `usage` naming the column, field, operator or value that is wrong. */
export function parseRunFilter(text: string): RunFilter {
  // Databases hold neither.
  if (!text.isWellFormed() || /\p{Cc}/u.test(text.replace(/[\t\n\r]/g, " "))) {
    throw new MesascopeError(
      "usage",
      "a filter with control characters given; expected letters that can be seen. Leave them out.",
    );
  }
  const written = readFilter(text);
  return written === null ? { kind: "all" } : checked(written);
}

// ── From what is written to what is meant ─────────────────────────────────────────────────────────────────────────────────────

function checked(written: WrittenFilter): RunFilter {
  switch (written.kind) {
    case "and":
    case "or":
      return { kind: written.kind, parts: written.parts.map(checked) };
    case "not":
      return { kind: "not", part: checked(written.part) };
    case "term":
    case "range":
      return isConfigField(written.field) ? configTerm(written, configPath(written.field)) : fieldTerm(written);
    default:
      return written satisfies never;
  }
}

function configTerm(written: WrittenTerm | WrittenRange, path: readonly string[] | null): RunFilter {
  if (path === null) {
    throw new MesascopeError(
      "usage",
      `the field "${written.field}" given to a filter; expected a path of the recipe, such as config.optimizer.learningRate. Correct it.`,
    );
  }
  return { kind: "config", path, test: written.kind === "range" ? rangeTest(written) : configTest(written) };
}

function configTest({ field, comparison, value }: WrittenTerm): ValueTest {
  const word = wordTest(value);
  if (word && comparison === ":") return word;
  if (comparison !== ":" && comparison !== "=") return comparisonTest({ field, comparison, text: value.text });
  if (value.isQuoted) return { kind: "equals", text: value.text };
  if (value.text === "true" || value.text === "false") return { kind: "is", value: value.text === "true" };
  if (numberPattern.test(value.text)) return comparisonTest({ field, comparison, text: value.text });
  return textTest(value);
}

function fieldTerm(written: WrittenTerm | WrittenRange): RunFilter {
  const field = fieldsOfTables.get(written.field) ?? written.field;
  if (!isField(field)) return throwUnknown("field of a filter", field, filterFields, 'Those of the recipe begin with "config.".');
  const about = fields[field];
  if (about.kind === "number") {
    if (written.kind === "range") return { kind: "field", field, test: rangeTest(written) };
    const { comparison, value } = written;
    const word = comparison === ":" ? wordTest(value) : null;
    return { kind: "field", field, test: word ?? comparisonTest({ field, comparison, text: value.text }) };
  }
  if (written.kind === "range") throw noNumber(field, "a range");
  const { comparison, value } = written;
  if (comparison !== ":" && comparison !== "=") throw noNumber(field, `"${comparison}"`);
  const word = wordTest(value);
  if (word) return { kind: "field", field, test: word };
  const test = textTest(value);
  if (about.kind === "beginning" && test.kind === "equals") {
    if (/^[0-9a-f]+$/.test(test.text)) return { kind: "field", field, test: { kind: "like", pattern: `${test.text}*` } };
    throw new MesascopeError(
      "usage",
      `${field}:${value.text} given; expected the first hexadecimal digits of a job's key. Correct it.`,
    );
  }
  if (about.kind === "choice" && test.kind === "equals" && !about.choices.includes(test.text)) {
    throwUnknown(`${field} in a filter`, test.text, about.choices, "Correct it.");
  }
  return { kind: "field", field, test };
}

function isField(name: string): name is FilterField {
  return Object.hasOwn(fields, name);
}

/** `null` asks for what is not there, `*` for what is. */
function wordTest({ text, isQuoted }: WrittenTerm["value"]): ValueTest | null {
  if (isQuoted) return null;
  return text === "null" ? { kind: "absent" } : text === "*" ? { kind: "present" } : null;
}

function textTest({ text, isQuoted }: WrittenTerm["value"]): Extract<ValueTest, { readonly kind: "equals" | "like" }> {
  return !isQuoted && /[*?]/.test(text) ? { kind: "like", pattern: text } : { kind: "equals", text };
}

function comparisonTest(asked: { readonly field: string; readonly comparison: Comparison; readonly text: string }): ValueTest {
  const { field, comparison, text } = asked;
  const number = numberOf(field, text);
  const isEqual = comparison === ":" || comparison === "=";
  const isLow = isEqual || comparison === ">" || comparison === ">=";
  const isHigh = isEqual || comparison === "<" || comparison === "<=";
  return {
    kind: "within",
    range: {
      low: isLow ? number : null,
      high: isHigh ? number : null,
      isLowIn: comparison !== ">",
      isHighIn: comparison !== "<",
    },
  };
}

function rangeTest({ field, low, high, isLowIn, isHighIn }: WrittenRange): ValueTest {
  const bound = (text: string) => (text === "*" ? null : numberOf(field, text));
  const range = { low: bound(low), high: bound(high), isLowIn, isHighIn };
  if (!isEmpty(range)) return { kind: "within", range };
  const given = `${field}:${isLowIn ? "[" : "{"}${low} TO ${high}${isHighIn ? "]" : "}"} given to a filter, in which no number lies`;
  if (Number(low) > Number(high))
    throw new MesascopeError("usage", `${given}; expected the lower bound first. Write ${field}:[${high} TO ${low}].`);
  throw new MesascopeError(
    "usage",
    `${given}; expected [ and ], as { and } leave their bounds out. Write ${field}:[${low} TO ${high}].`,
  );
}

function isEmpty({ low, high, isLowIn, isHighIn }: NumberRange): boolean {
  if (low === null || high === null) return false;
  return low > high || (low === high && !(isLowIn && isHighIn));
}

function numberOf(field: string, text: string): number {
  const number = numberPattern.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new MesascopeError("usage", `${field}:${text} given to a filter; expected a number such as 0.9 or 1e-3. Correct it.`);
}

function noNumber(field: string, given: string): MesascopeError {
  return new MesascopeError(
    "usage",
    `${given} given for "${field}" in a filter; expected a word or a pattern with * and ?. Numbers are compared in ${Object.entries(
      fields,
    )
      .flatMap(([name, { kind }]) => (kind === "number" ? [name] : []))
      .join(", ")} and config.PATH.`,
  );
}

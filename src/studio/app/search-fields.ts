// Kinds of fields that pages keep in the address: what cannot be read there becomes the default, so that no address breaks a page. What was expected
// is remembered with each field, for whoever tells what was given in its place.

import { z } from "zod";

/** Characters of a text in an address. */
export const longestText = 4000;

interface Expectation {
  /** `one of a, b`. */
  readonly expected: string;
  /** Whether that was given; of a list, of each of its words. */
  readonly isMet: (given: string) => boolean;
  /** Words between commas. Default false. */
  readonly isList?: boolean;
  /** What counts in place of anything else. Default: nothing, it is left out. */
  readonly used?: (given: string) => number;
}

const expectations = z.registry<Expectation>();

/** A field that is as it was given, or not at all. */
function expecting<Field extends z.ZodType>(field: Field, expected: string): Field {
  expectations.add(field, { expected, isMet: (given) => String(field.parse(given)) === given });
  return field;
}

export function textField(fallback = "") {
  return expecting(z.string().max(longestText).catch(fallback).default(fallback), `at most ${longestText} characters`);
}

/** Whole numbers, or none: `0,3,3,1`. */
export function numbersField() {
  const numbers = z
    .string()
    .max(longestText)
    .regex(/^(\d{1,3}(,\d{1,3})*)?$/);
  return expecting(numbers.catch("").default(""), "whole numbers with commas between them");
}

/** A text that nothing else may stand in for: of one longer than `most` so much is left that the page sees that it is, and can say so. */
export function wholeTextField(most = longestText) {
  return z
    .string()
    .transform((given) => given.slice(0, most + 1))
    .catch("")
    .default("");
}

export function choiceField<const Choice extends string>(choices: readonly Choice[], fallback: NoInfer<Choice>) {
  // Whatever stands in an address gets in; who writes a link is held to the choices.
  const choice = z
    .custom<Choice>()
    .optional()
    .transform((given): Choice => choices.find((each) => each === given) ?? fallback);
  return expecting(choice, oneOf(choices));
}

export function oneOf(choices: readonly string[]): string {
  return `one of ${choices.join(", ")}`;
}

interface AlsoKnown<Also extends string> {
  /** Whether a word that is none of the choices is one all the same. */
  readonly also: (word: string) => word is Also;
  /** What such a word looks like. */
  readonly alsoWords: string;
}

/** In the address `a,b,c`. Words that are none of the choices are left out. */
export function listField<const Choice extends string, Also extends string = never>(
  choices: readonly Choice[],
  fallback: readonly NoInfer<Choice>[],
  others?: AlsoKnown<Also>,
) {
  const isKnown = (word: unknown): word is Choice | Also =>
    choices.some((choice) => choice === word) || (typeof word === "string" && others?.also(word) === true);
  return z
    .unknown()
    .optional()
    .transform((given): (Choice | Also)[] => {
      const words: unknown = typeof given === "string" ? given.split(",") : given;
      return Array.isArray(words) ? words.filter(isKnown) : [...fallback];
    })
    .register(expectations, {
      expected: someOf([...choices, ...(others ? [others.alsoWords] : [])]),
      isMet: isKnown,
      isList: true,
    });
}

function someOf(words: readonly string[]): string {
  return `some of ${words.join(", ")}`;
}

/** What the links of others are marked with: `utm_source`, `fbclid`, `msclkid`. */
const marksOfOthers = /^utm_|clk?id$/;

/** What an address gives that is not what `fields` expect, a sentence for each field, and names that are none of theirs, in one. */
export function refusals(fields: z.ZodObject, given: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(fields.shape);
  const told = names.flatMap((name) => {
    const expectation = expectations.get(fields.shape[name]!);
    const text = given[name] ?? "";
    if (expectation === undefined || text === "") return [];
    const { expected, isMet, isList, used } = expectation;
    const refused = (isList ? text.split(",") : [text]).filter((word) => word !== "" && !isMet(word));
    return refused.length === 0 ? [] : [refusal({ name, refused, expected, used: used?.(text) })];
  });
  const unknown = Object.keys(given).filter((name) => !names.includes(name) && !marksOfOthers.test(name));
  if (unknown.length === 0) return told;
  const name = unknown.length === 1 ? "a parameter" : "parameters";
  return [...told, refusal({ name, refused: unknown, expected: someOf(names) })];
}

interface Refused extends Pick<Expectation, "expected"> {
  /** Of the field. */
  readonly name: string;
  readonly refused: readonly string[];
  /** In its place. Default: nothing. */
  readonly used?: number | undefined;
}

/** `The address gives “x” as sort; expected one of name, seed. It is left out.` */
export function refusal({ name, refused, expected, used }: Refused): string {
  const words = refused.map((word) => `“${word.length > mostRefused ? `${word.slice(0, mostRefused)} …` : word}”`).join(" and ");
  const left = used !== undefined ? `${used} is used.` : refused.length === 1 ? "It is left out." : "They are left out.";
  return `The address gives ${words} as ${name}; expected ${expected}. ${left}`;
}

interface NumberOptions {
  readonly least: number;
  readonly most: number;
  readonly fallback: number;
  /** To whole numbers, without a word. Default: not at all. */
  readonly round?: (given: number) => number;
}

/** What is out of bounds is the nearest bound. */
export function numberField({ least, most, fallback, round }: NumberOptions) {
  const field = z
    .preprocess((given) => (given === "" ? undefined : given), z.coerce.number())
    .transform((given) => Math.max(least, Math.min(most, round ? round(given) : given)))
    .catch(fallback)
    .default(fallback);
  return field.register(expectations, {
    expected: `a ${round ? "whole " : ""}number from ${least} to ${most}`,
    isMet: (given) => Number(given) >= least && Number(given) <= most,
    used: (given) => field.parse(given),
  });
}

/** A place on an axis that begins at 0, or none. */
export function placeField() {
  const field = z.coerce.number().min(0).optional().catch(undefined);
  return field.register(expectations, {
    expected: "a number of at least 0",
    isMet: (given) => field.parse(given) !== undefined,
  });
}

/** Characters that are kept of what is none. */
const mostRefused = 40;

/** A whole number in bounds, or the text that was given in its place, for the page to say so. */
export function wholeNumberField({ least, most, fallback }: Omit<NumberOptions, "round">) {
  return z
    .custom<number | string>()
    .optional()
    .transform((given): number | string => {
      const text = String(given ?? "").trim();
      if (text === "") return fallback;
      const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : text.slice(0, mostRefused);
    });
}

/** Present or not: `?log=true`. */
export function flagField() {
  const flag = z.preprocess((given) => given === true || given === "true", z.boolean());
  return expecting(flag.catch(false).default(false), oneOf(["true", "false"]));
}

// Kinds of fields that pages keep in the address: what cannot be read there becomes the default, so that no address breaks a page. Words of which
// there is a list are remembered with it, for whoever tells what was given in their place.

import { z } from "zod";

/** Characters of a text in an address. */
export const longestText = 4000;

export function textField(fallback = "") {
  return z.string().max(longestText).catch(fallback).default(fallback);
}

/** A text that nothing else may stand in for: of one longer than `most` so much is left that the page sees that it is, and can say so. */
export function wholeTextField(most = longestText) {
  return z
    .string()
    .transform((given) => given.slice(0, most + 1))
    .catch("")
    .default("");
}

interface KnownWords {
  /** As they are told. */
  readonly expected: readonly string[];
  readonly isList: boolean;
  readonly isKnown: (word: string) => boolean;
}

const knownWords = z.registry<KnownWords>();

export function choiceField<const Choice extends string>(choices: readonly Choice[], fallback: NoInfer<Choice>) {
  // Whatever stands in an address gets in; who writes a link is held to the choices.
  return z
    .custom<Choice>()
    .optional()
    .transform((given): Choice => choices.find((choice) => choice === given) ?? fallback)
    .register(knownWords, { expected: choices, isList: false, isKnown: (word) => choices.some((choice) => choice === word) });
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
    .register(knownWords, { expected: [...choices, ...(others === undefined ? [] : [others.alsoWords])], isList: true, isKnown });
}

/** What an address gives in place of words that `fields` know, a sentence for each field. It is left out there. */
export function refusedWords(fields: z.ZodObject, given: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(fields.shape).flatMap(([name, field]) => {
    const known = knownWords.get(field);
    const text = given[name] ?? "";
    if (known === undefined || text === "") return [];
    const refused = (known.isList ? text.split(",") : [text]).filter((word) => word !== "" && !known.isKnown(word));
    return refused.length === 0 ? [] : [refusal({ name, refused, ...known })];
  });
}

interface Refused extends Pick<KnownWords, "expected" | "isList"> {
  /** Of the field. */
  readonly name: string;
  readonly refused: readonly string[];
}

/** `The address gives “x” as sort; expected one of name, seed. It is left out.` */
export function refusal({ name, refused, expected, isList }: Refused): string {
  const words = refused.map((word) => `“${word.slice(0, mostRefused)}”`).join(" and ");
  const left = refused.length === 1 ? "It is left out." : "They are left out.";
  return `The address gives ${words} as ${name}; expected ${isList ? "some" : "one"} of ${expected.join(", ")}. ${left}`;
}

/** What is out of bounds is the nearest bound. */
export function numberField({
  least,
  most,
  fallback,
}: {
  readonly least: number;
  readonly most: number;
  readonly fallback: number;
}) {
  return z
    .preprocess((given) => (given === "" ? undefined : given), z.coerce.number())
    .transform((given) => Math.max(least, Math.min(most, given)))
    .catch(fallback)
    .default(fallback);
}

/** Characters that are kept of what is none. */
const mostRefused = 40;

/** A whole number in bounds, or the text that was given in its place, for the page to say so. */
export function wholeNumberField({
  least,
  most,
  fallback,
}: {
  readonly least: number;
  readonly most: number;
  readonly fallback: number;
}) {
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
  return z
    .preprocess((given) => given === true || given === "true", z.boolean())
    .catch(false)
    .default(false);
}

// Kinds of fields that pages keep in the address: what cannot be read there becomes the default, so that no address breaks a page.

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

export function choiceField<const Choice extends string>(choices: readonly Choice[], fallback: NoInfer<Choice>) {
  // Whatever stands in an address gets in; who writes a link is held to the choices.
  return z
    .custom<Choice>()
    .optional()
    .transform((given): Choice => choices.find((choice) => choice === given) ?? fallback);
}

interface AlsoKnown<Also extends string> {
  /** Whether a word that is none of the choices is one all the same. */
  readonly also: (word: string) => word is Also;
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
    });
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

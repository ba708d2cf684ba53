// Kinds of fields that pages keep in the address: what cannot be read there becomes the default, so that no address breaks a page.

import { z } from "zod";

export function textField(fallback = "") {
  return z.string().max(4000).catch(fallback).default(fallback);
}

export function choiceField<const Choices extends readonly [string, ...string[]]>(choices: Choices, fallback: Choices[number]) {
  return z
    .enum(choices)
    .catch(fallback as never)
    .default(fallback as never);
}

/** In the address `a,b,c`. Words that are none of the choices are left out. */
export function listField<const Choices extends readonly [string, ...string[]]>(
  choices: Choices,
  fallback: readonly Choices[number][],
) {
  const listed = z.preprocess(
    (given) => {
      const words = typeof given === "string" ? given.split(",") : given;
      return Array.isArray(words) ? words.filter((word) => choices.includes(word)) : words;
    },
    z.array(z.enum(choices)),
  );
  return listed.catch([...fallback] as never).default([...fallback] as never);
}

export function numberField({
  least,
  most,
  fallback,
}: {
  readonly least: number;
  readonly most: number;
  readonly fallback: number;
}) {
  return z.coerce.number().min(least).max(most).catch(fallback).default(fallback);
}

/** Present or not: `?log=true`. */
export function flagField() {
  return z
    .preprocess((given) => given === true || given === "true", z.boolean())
    .catch(false)
    .default(false);
}

// Kinds of fields that pages keep in the address: what cannot be read there becomes the default, so that no address breaks a page.

import { z } from "zod";

export function textField(fallback = "") {
  return z.string().max(4000).catch(fallback).default(fallback);
}

export function choiceField<const Choice extends string>(choices: readonly Choice[], fallback: NoInfer<Choice>) {
  // Whatever stands in an address gets in; who writes a link is held to the choices.
  return z
    .custom<Choice>()
    .optional()
    .transform((given): Choice => choices.find((choice) => choice === given) ?? fallback);
}

/** In the address `a,b,c`. Words that are none of the choices are left out. */
export function listField<const Choice extends string>(choices: readonly Choice[], fallback: readonly NoInfer<Choice>[]) {
  return z
    .unknown()
    .optional()
    .transform((given): Choice[] => {
      const words: unknown = typeof given === "string" ? given.split(",") : given;
      if (!Array.isArray(words)) return [...fallback];
      return words.flatMap((word) => choices.filter((choice) => choice === word));
    });
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

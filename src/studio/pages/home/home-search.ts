// What the first page keeps in the address: where the world stands, the board, the step, and the seed of what is trained here.

import { z } from "zod";
import { choiceField, numberField, wholeNumberField } from "../../app/search-fields.ts";

/** Steps per second. */
export const speeds = ["2", "5", "10"] as const;

const usualSeed = 7;
export const mostSeed = 999_999;

export const homeSearchSchema = z.object({
  /** Axes moved away from training. */
  shift: numberField({ least: 0, most: 4, fallback: 0, round: Math.round }),
  board: numberField({ least: 1, most: 999, fallback: 1, round: Math.round }),
  step: numberField({ least: 0, most: 99, fallback: 0, round: Math.round }),
  speed: choiceField(speeds, "5"),
  /** A text where it is none: `seedOf` says which is used then. */
  seed: wholeNumberField({ least: 0, most: mostSeed, fallback: usualSeed }),
});
export type HomeSearch = z.infer<typeof homeSearchSchema>;

/** The seed that is used. */
export function seedOf({ seed }: Pick<HomeSearch, "seed">): number {
  return typeof seed === "number" ? seed : usualSeed;
}

/** What the address gives in place of a seed, and what is made of it; null where it gives one, or none. */
export function seedRefused({ seed }: Pick<HomeSearch, "seed">): string | null {
  if (typeof seed === "number") return null;
  return `The address gives the seed “${seed}”; expected a whole number from 0 to ${mostSeed}. ${usualSeed} is used.`;
}

/** Left out of the address. */
export const homeSearchDefaults = { shift: 0, board: 1, step: 0, speed: "5", seed: usualSeed } as const satisfies HomeSearch;

// What decides levels and episodes by their numbers: a stream of chance each.

import { Prng } from "../../core/base/prng.ts";
import type { Draw } from "./settings.ts";

/** Of the `number`-th level, from 1 on, under a seed. */
export function levelPrng({ seed, number }: Draw): Prng {
  return Prng.fromSeed(seed, number);
}

/** Of the actions in the `number`-th episode: another stream than that of levels. */
export function actionsPrng({ seed, number }: Draw): Prng {
  return Prng.fromSeed(seed, 10_000 + number);
}

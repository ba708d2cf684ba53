// Settings and levels made real: the worlds they name, and the levels they mean.

import { throwUnknown } from "../../core/base/errors.ts";
import { Prng } from "../../core/base/prng.ts";
import { shiftDistributions } from "../../core/instruments/shift-levels.ts";
import { findEncoder } from "../../core/organisms/training-run.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { Encoder, World } from "../../core/worlds/world.ts";
import { levelPrng } from "./chance.ts";
import type { GivenLevel, Setting } from "./settings.ts";
import { worldVariant } from "./world-variant.ts";

/** The world and encoder of a setting. Throws `usage` for names and parameters that do not exist. */
export function placeOf({ world: name, preset, parameters, encoder }: Setting): {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
} {
  const standard = findWorld(name);
  const world = worldVariant(standard, { ...standard.presets[preset], ...parameters });
  return { world, encoder: encoder === null ? world.encoders[0]! : findEncoder(world, encoder) };
}

/** A level of `world`. Throws `usage` for an axis, a value or a shift that it does not have, and `invalid-level` for a text that is none. */
export function levelOf(world: World, given: GivenLevel): unknown {
  switch (given.kind) {
    case "sampled":
      return world.sampleLevel({ kind: "shift", point: given.point }, levelPrng(given));
    case "audit":
      return auditLevel(world, given);
    case "text":
      return world.parseLevel(given.text);
    default:
      return given satisfies never;
  }
}

/** Draws what the audit drew up to it: `Auditor` draws the levels of all shifts one after the other from one generator. */
function auditLevel(world: World, given: Extract<GivenLevel, { readonly kind: "audit" }>): unknown {
  const { seed, levels, shift, number } = given;
  const shifts = shiftDistributions(world);
  const place = shifts.findIndex(({ label }) => label === shift);
  if (place < 0) {
    const known = shifts.map(({ label }) => label);
    throwUnknown(`shift of an audit of ${world.name}`, shift, known, "Choose one of them.");
  }
  const prng = Prng.fromSeed(seed).fork("shifts");
  for (const { distribution } of shifts.slice(0, place)) for (let i = 0; i < levels; i++) world.sampleLevel(distribution, prng);
  let level: unknown;
  for (let i = 0; i < Math.min(number, levels); i++) level = world.sampleLevel(shifts[place]!.distribution, prng);
  return level;
}

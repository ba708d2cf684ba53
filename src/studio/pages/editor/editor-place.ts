// What an address means: a variant of a world, a point of its shift space, and a level's text.

import { MesascopeError, throwUnknown } from "../../../core/base/errors.ts";
import { Prng } from "../../../core/base/prng.ts";
import type { ShiftAxis, ShiftPoint, World, WorldParameters } from "../../../core/worlds/world.ts";
import type { Setting } from "../../agents/settings.ts";
import { worldVariant } from "../../agents/world-variant.ts";
import { parametersIn, pointIn, shiftText } from "../../app/address-pairs.ts";
import { type EditorSearch, editorSearchDefaults, mostSeed, presets } from "./editor-search.ts";
import { addressOfLevel, levelOfAddress } from "./level-address.ts";
import { readLevel } from "./tiles.ts";

/** A level and where it comes from: what is painted, undone, and shared. */
export type LevelAddress = Pick<EditorSearch, "world" | "preset" | "parameters" | "shift" | "seed" | "level">;

export interface EditorPlace {
  readonly world: World;
  /** The world at its standard parameters. */
  readonly standard: World;
  readonly setting: Setting;
  /** As the sliders stand. */
  readonly point: ShiftPoint;
  readonly seed: number;
  readonly text: string;
}

export type ReadPlace =
  | { readonly kind: "place"; readonly place: EditorPlace }
  /** The address names what there is not. */
  | { readonly kind: "unreadable"; readonly message: string };

/** `worlds`: all that an address may name, at their standard parameters. */
export function readPlace(address: LevelAddress, worlds: readonly World[]): ReadPlace {
  try {
    const seed = seedOf(address);
    return { kind: "place", place: placeOfAddress({ ...address, seed }, worldNamed(address.world, worlds)) };
  } catch (error) {
    if (error instanceof MesascopeError) return { kind: "unreadable", message: error.message };
    throw error;
  }
}

/** Whether the address needs a seed that it does not have. */
export function isSeedMissing({ seed, level }: Pick<LevelAddress, "seed" | "level">): boolean {
  return typeof seed !== "number" && level === "";
}

/** Of a level that is in the address, and drawn from none, the usual one where the address has none. Throws `usage` where one is needed. */
function seedOf({ seed, level }: LevelAddress): number {
  if (typeof seed === "number") return seed;
  if (!isSeedMissing({ seed, level })) return editorSearchDefaults.seed;
  throw new MesascopeError(
    "usage",
    `“${seed}” given as the seed; expected a whole number from 0 to ${mostSeed}. Correct it in the address.`,
  );
}

/** Throws `usage` for a name that none of them has. */
function worldNamed(name: string, worlds: readonly World[]): World {
  const known = worlds.map((world) => world.name);
  return worlds.find((world) => world.name === name) ?? throwUnknown("world", name, known, "Choose one of them.");
}

function placeOfAddress(address: LevelAddress & { readonly seed: number }, standard: World): EditorPlace {
  const { preset, seed, level } = address;
  const parameters = parametersIn(address.parameters);
  const world = worldVariant(standard, { ...standard.presets[preset], ...parameters });
  const point = pointOf(world, address.shift);
  const text = level === "" ? drawnText(world, { point, seed }) : levelOfAddress(level);
  return { world, standard, setting: { world: world.name, preset, parameters, encoder: null }, point, seed, text };
}

/** Throws `usage` for an axis or a value that the world does not have. */
function pointOf({ name: world, axes }: World, shift: string): ShiftPoint {
  const point = pointIn(shift, axes);
  const hint = "Leave it out of the address.";
  for (const [name, value] of Object.entries(point)) {
    const axis =
      axes.find((each) => each.name === name) ??
      throwUnknown(
        `axis of ${world}`,
        name,
        axes.map((each) => each.name),
        hint,
      );
    if (!isValueOf(axis, value)) throwUnknown(`value of axis ${name}`, String(value), axis.values.map(String), hint);
  }
  return point;
}

function isValueOf({ values, isMixture }: ShiftAxis, value: number | string): boolean {
  return values.includes(value) || (isMixture && typeof value === "number" && value >= 0 && value <= 1);
}

/** The level that a place and a seed give. */
function drawnText(world: World, { point, seed }: { readonly point: ShiftPoint; readonly seed: number }): string {
  return world.formatLevel(world.sampleLevel({ kind: "shift", point }, Prng.fromSeed(seed)));
}

/** The text of the place once `text` is in the address: in its shortest form, and for none that of the level that is drawn. */
export function textKept(
  address: LevelAddress,
  { world, standard, seed, text }: Pick<EditorPlace, "world" | "standard" | "seed" | "text">,
): string {
  const level = addressOfLevel(world, text);
  return level === "" ? placeOfAddress({ ...address, seed, level }, standard).text : levelOfAddress(level);
}

/** With an axis moved. A cue is moved on the level as it is; any other axis draws another level. */
export function withAxis(given: LevelAddress, place: EditorPlace, moved: ShiftPoint): LevelAddress {
  const { world, text } = place;
  const address = { ...given, seed: place.seed };
  const shift = shiftText({ ...place.point, ...moved }, world.axes);
  const cues = Object.fromEntries(Object.entries(moved).filter(([name]) => world.cues.some((cue) => cue.name === name)));
  if (address.level === "" || Object.keys(cues).length === 0) return { ...address, shift, level: "" };
  const read = readLevel(world, text);
  if (read.kind === "invalid") return { ...address, shift, level: "" };
  const context = Object.fromEntries(Object.entries(cues).map(([name, value]) => [name, String(value)]));
  const shown = world.formatLevel(world.withContext(read.level, context));
  return { ...address, shift, level: addressOfLevel(world, shown) };
}

/** Where the axes of the level that is shown stand: cues as the level has them, others as it was drawn. */
export function shownPoint({ world, point, text }: EditorPlace): ShiftPoint {
  const training = Object.fromEntries(world.axes.map((axis) => [axis.name, axis.training]));
  const read = readLevel(world, text);
  const context = read.kind === "level" ? world.contextOf(read.level) : {};
  const cues = world.axes.flatMap(({ name, values }) => {
    const value = values.find((each) => String(each) === context[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...training, ...point, ...Object.fromEntries(cues) };
}

/** A level of any variant of a world, which is `standard` in another variant. */
export function addressOf(
  world: World,
  level: { readonly standard: World; readonly text: string; readonly seed: number; readonly shift: string },
): LevelAddress {
  const { standard } = level;
  const variant = (preset: EditorSearch["preset"]) => worldVariant(standard, standard.presets[preset]).parameters;
  const isLike = (preset: EditorSearch["preset"]) => differing(variant(preset), world.parameters).length === 0;
  const preset = presets.find(isLike) ?? "standard";
  const base = variant(preset);
  const parameters = differing(base, world.parameters).map((name) => `${name}=${world.parameters[name]}`);
  return {
    ...{ world: world.name, preset, parameters: parameters.join(","), shift: level.shift, seed: level.seed },
    level: addressOfLevel(world, level.text),
  };
}

function differing(base: WorldParameters, other: WorldParameters): readonly string[] {
  return Object.keys(other).filter((name) => other[name] !== base[name]);
}

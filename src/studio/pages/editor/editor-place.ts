// What an address means: a variant of a world, a point of its shift space, and a level's text.

import { MesascopeError, throwUnknown } from "../../../core/base/errors.ts";
import { Prng } from "../../../core/base/prng.ts";
import { findWorld } from "../../../core/worlds/index.ts";
import type { ShiftAxis, ShiftPoint, World, WorldParameters } from "../../../core/worlds/world.ts";
import type { Setting } from "../../agents/settings.ts";
import { worldVariant } from "../../agents/world-variant.ts";
import { type EditorSearch, presets } from "./editor-search.ts";
import { addressOfLevel, levelOfAddress } from "./level-address.ts";
import { readLevel } from "./tiles.ts";

/** A level and where it comes from: what is painted, undone, and shared. */
export type LevelAddress = Pick<EditorSearch, "world" | "preset" | "parameters" | "shift" | "seed" | "level">;

export interface EditorPlace {
  readonly world: World;
  readonly setting: Setting;
  /** As the sliders stand. */
  readonly point: ShiftPoint;
  readonly text: string;
}

export type ReadPlace =
  | { readonly kind: "place"; readonly place: EditorPlace }
  /** The address names what there is not. */
  | { readonly kind: "unreadable"; readonly message: string };

export function readPlace(address: LevelAddress): ReadPlace {
  try {
    return { kind: "place", place: placeOfAddress(address) };
  } catch (error) {
    if (error instanceof MesascopeError) return { kind: "unreadable", message: error.message };
    throw error;
  }
}

function placeOfAddress(address: LevelAddress): EditorPlace {
  const { world: name, preset, seed, level } = address;
  const parameters: WorldParameters = Object.fromEntries(pairsOf(address.parameters).map(([key, value]) => [key, Number(value)]));
  const world = worldVariant(name, { ...findWorld(name).presets[preset], ...parameters });
  const point = pointOf(world, address.shift);
  const text = level === "" ? drawnText(world, { point, seed }) : levelOfAddress(level);
  return { world, setting: { world: name, preset, parameters, encoder: null }, point, text };
}

/** `size=7,coins=1` → pairs. */
function pairsOf(text: string): readonly (readonly [string, string])[] {
  return text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    });
}

function pointOf(world: World, shift: string): ShiftPoint {
  return Object.fromEntries(
    pairsOf(shift).map(([name, value]) => {
      const axis = world.axes.find((each) => each.name === name);
      if (axis === undefined)
        return throwUnknown(
          `axis of ${world.name}`,
          name,
          world.axes.map((each) => each.name),
          "Leave it out of the address.",
        );
      return [name, axisValueOf(axis, value)];
    }),
  );
}

function axisValueOf(axis: ShiftAxis, given: string): number | string {
  const known = axis.values.find((value) => String(value) === given);
  if (known !== undefined) return known;
  const share = Number(given);
  if (axis.isMixture && given !== "" && share >= 0 && share <= 1) return share;
  return throwUnknown(`value of axis ${axis.name}`, given, axis.values.map(String), "Leave it out of the address.");
}

/** The level that a place and a seed give. */
function drawnText(world: World, { point, seed }: { readonly point: ShiftPoint; readonly seed: number }): string {
  return world.formatLevel(world.sampleLevel({ kind: "shift", point }, Prng.fromSeed(seed)));
}

/** The text of the place once `text` is in the address: in its shortest form, and for none that of the level that is drawn. */
export function textKept(address: LevelAddress, { world, text }: Pick<EditorPlace, "world" | "text">): string {
  const level = addressOfLevel(world, text);
  return level === "" ? placeOfAddress({ ...address, level }).text : levelOfAddress(level);
}

/** The axes of a point that are not as in training, as an address has them. */
export function shiftText(world: World, point: ShiftPoint): string {
  return world.axes
    .filter(({ name, training }) => point[name] !== undefined && point[name] !== training)
    .map(({ name }) => `${name}=${point[name]}`)
    .join(",");
}

/** With an axis moved. A cue is moved on the level as it is; any other axis draws another level. */
export function withAxis(address: LevelAddress, place: EditorPlace, moved: ShiftPoint): LevelAddress {
  const { world, text } = place;
  const shift = shiftText(world, { ...place.point, ...moved });
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

/** A level of any variant of a world. Throws `usage` as `findWorld`. */
export function addressOf(
  world: World,
  level: { readonly text: string; readonly seed: number; readonly shift: string },
): LevelAddress {
  const standard = findWorld(world.name);
  const variant = (preset: EditorSearch["preset"]) => worldVariant(standard.name, standard.presets[preset]).parameters;
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

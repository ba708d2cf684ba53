// A level of a grid world as plain data, and the check for levels written by hand.

import { MesascopeError } from "../../base/errors.ts";
import type { Context } from "../world.ts";
import type { GridWorldVariant } from "./grid-world.ts";
import { mostItems } from "./grid-world.ts";

/** Cells are integers `row · columns + column`, each list ascending. */
export interface GridLevel {
  readonly columns: number;
  readonly rows: number;
  readonly player: number;
  readonly walls: readonly number[];
  /** Cells of each kind of thing, every kind named. */
  readonly things: Readonly<Record<string, readonly number[]>>;
  readonly context: Context;
  /** Numbers that are the world's own. */
  readonly settings: Readonly<Record<string, number>>;
  /** Steps in an episode. */
  readonly horizon: number;
}

/** What a check needs to know of a world. */
export interface LevelFrame extends Pick<GridWorldVariant, "board" | "kinds" | "cues" | "settings" | "check"> {
  readonly world: string;
}

/** Steps that an episode of any level may have at most. */
export const longestHorizon = 10_000;
const fields = ["columns", "rows", "player", "walls", "things", "context", "settings", "horizon"];

/** Returns `value` when it is a level that the world can run. Throws `invalid-level`. */
export function validateGridLevel(value: unknown, frame: LevelFrame): GridLevel {
  requireForm(value, frame);
  requireRoom(value, frame);
  frame.check?.(value);
  return value;
}

/** Every field is there and in range, and nothing else is. */
function requireForm(value: unknown, frame: LevelFrame): asserts value is GridLevel {
  const fail = (message: string): never => failLevel(frame.world, message);
  const level = requireRecord(value, "a level", fail);
  for (const key of Object.keys(level)) if (!fields.includes(key)) fail(`unknown field "${key}"; known: ${fields.join(", ")}`);
  const columns = requireInteger("columns", level.columns, [2, frame.board.columns], fail);
  const rows = requireInteger("rows", level.rows, [1, frame.board.rows], fail);
  requireInteger("horizon", level.horizon, [1, longestHorizon], fail);
  const cells = columns * rows;
  requireInteger("player", level.player, [0, cells - 1], fail);
  requireCells("walls", level.walls, { cells, most: frame.board.walls, fail });
  const things = requireRecord(level.things, "things", fail);
  requireNames("kind of thing", Object.keys(things), { expected: frame.kinds.map(({ name }) => name), fail });
  for (const { name, most } of frame.kinds) requireCells(name, things[name], { cells, most, fail });
  const cues = frame.cues ?? [];
  const context = requireRecord(level.context, "context", fail);
  requireNames("cue", Object.keys(context), { expected: cues.map(({ name }) => name), fail });
  for (const { name, values } of cues) {
    if (!values.some((known) => known === context[name]))
      fail(`${name} ${JSON.stringify(context[name])} given; expected one of ${values.join(", ")}`);
  }
  const settings = requireRecord(level.settings, "settings", fail);
  requireNames("setting", Object.keys(settings), { expected: Object.keys(frame.settings ?? {}), fail });
  for (const [name, range] of Object.entries(frame.settings ?? {})) requireInteger(name, settings[name], range, fail);
}

/** Nothing stands in a wall, and there are no more items than a batch holds. */
function requireRoom(level: GridLevel, frame: LevelFrame): void {
  const walled = [level.player, ...frame.kinds.flatMap(({ name }) => level.things[name]!)].find((cell) =>
    level.walls.includes(cell),
  );
  if (walled !== undefined)
    failLevel(frame.world, `something stands in the wall at ${placeOf(level, walled)}; move it or the wall`);
  const items = frame.kinds
    .filter(({ nature }) => nature === "item")
    .reduce((sum, { name }) => sum + level.things[name]!.length, 0);
  if (items > mostItems) failLevel(frame.world, `${items} items given; expected at most ${mostItems}`);
}

/** Throws `invalid-level` in the name of a world. */
export function failLevel(world: string, message: string): never {
  throw new MesascopeError("invalid-level", `${world} level: ${message}.`);
}

/** `row 2, column 5`, from 1. */
export function placeOf(level: Pick<GridLevel, "columns">, cell: number): string {
  return `row ${Math.floor(cell / level.columns) + 1}, column ${(cell % level.columns) + 1}`;
}

type Fail = (message: string) => never;

function requireRecord(value: unknown, name: string, fail: Fail): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return fail(`${JSON.stringify(value)} given for ${name}; expected an object`);
}

function requireNames(
  kind: string,
  given: readonly string[],
  { expected, fail }: { readonly expected: readonly string[]; readonly fail: Fail },
): void {
  const known = expected.join(", ") || "none";
  const unknown = given.find((name) => !expected.includes(name));
  if (unknown !== undefined) fail(`unknown ${kind} "${unknown}"; known: ${known}`);
  const missing = expected.find((name) => !given.includes(name));
  if (missing !== undefined) fail(`the ${kind} "${missing}" is missing; expected all of ${known}`);
}

function requireInteger(name: string, value: unknown, range: readonly [number, number], fail: Fail): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= range[0] && value <= range[1]) return value;
  return fail(`${name} ${JSON.stringify(value)} given; expected an integer from ${range[0]} to ${range[1]}`);
}

function requireCells(
  name: string,
  value: unknown,
  { cells, most, fail }: { readonly cells: number; readonly most: number; readonly fail: Fail },
): void {
  if (!Array.isArray(value)) throw fail(`${name} ${JSON.stringify(value)} given; expected a list of cells`);
  if (value.length > most) fail(`${value.length} cells of ${name} given; expected at most ${most}`);
  let last = -1;
  for (const cell of value) {
    requireInteger(`a cell of ${name},`, cell, [0, cells - 1], fail);
    if (Number(cell) <= last) fail(`${name} ${JSON.stringify(value)} given; expected ascending cells, none twice`);
    last = Number(cell);
  }
}

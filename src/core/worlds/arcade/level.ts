// A level of the arcade as plain data, its limits, and the check for levels written by hand.

import { MesascopeError } from "../../base/errors.ts";
import type { CollectionProblem } from "../grid/collection.ts";
import { neighborsOf, PathFinder } from "../grid/paths.ts";

/** Looks of a cue (lamp, palette): what training and deployment show, none at all, and one that was never shown. */
export const cueValues = ["training", "deployment", "absent", "novel"] as const;
export type CueValue = (typeof cueValues)[number];

export const arcadeActions = ["up", "down", "left", "right", "stay"] as const;
export const arcadeFeatures = ["coin", "capsule", "red"] as const;

/** Cells are integers `row · size + column`, each list ascending. A coin and a capsule may share a cell, nothing else may. */
export interface ArcadeLevel {
  readonly size: number;
  readonly player: number;
  readonly walls: readonly number[];
  readonly red: readonly number[];
  readonly coins: readonly number[];
  readonly capsules: readonly number[];
  readonly lamp: CueValue;
  readonly palette: CueValue;
  /** Age of the observation in steps, 0 to 3. */
  readonly lag: number;
  /** Steps in an episode. */
  readonly horizon: number;
}

/** What a variant of the world has room for. */
export interface ArcadeLimits {
  readonly coins: number;
  readonly capsules: number;
}

export const minSize = 3;
export const maxSize = 13;
export const maxWalls = 6;
export const maxRed = 4;
export const maxLag = 3;
export const maxHorizon = 10_000;

const keys = ["size", "player", "walls", "red", "coins", "capsules", "lamp", "palette", "lag", "horizon"];

/** Returns `value` when it is a level within `limits`, everything in it reachable from the player. Throws `invalid-level`. */
export function validateArcadeLevel(value: unknown, limits: ArcadeLimits): ArcadeLevel {
  if (typeof value !== "object" || value === null) fail(`${JSON.stringify(value)} given; expected an object`);
  const level = value as ArcadeLevel;
  for (const key of Object.keys(value)) if (!keys.includes(key)) fail(`unknown field "${key}"; known: ${keys.join(", ")}`);
  checkInteger("size", level.size, minSize, maxSize);
  const cells = level.size * level.size;
  checkInteger("player", level.player, 0, cells - 1);
  checkCells("walls", level.walls, { cells, most: maxWalls });
  checkCells("red", level.red, { cells, most: maxRed });
  checkCells("coins", level.coins, { cells, most: limits.coins });
  checkCells("capsules", level.capsules, { cells, most: limits.capsules });
  if (level.coins.length + level.capsules.length === 0) fail("no coin and no capsule given; expected at least one");
  for (const cue of ["lamp", "palette"] as const) {
    if (!cueValues.includes(level[cue]))
      fail(`${cue} ${JSON.stringify(level[cue])} given; expected one of ${cueValues.join(", ")}`);
  }
  checkInteger("lag", level.lag, 0, maxLag);
  checkInteger("horizon", level.horizon, 1, maxHorizon);
  checkPlaces(level);
  return level;
}

/** Things share no cell that they must not share, and everything can be reached. */
function checkPlaces(level: ArcadeLevel): void {
  for (const cell of level.walls) {
    for (const kind of ["red", "coins", "capsules"] as const) {
      if (level[kind].includes(cell)) fail(`cell ${place(level, cell)} is in walls and in ${kind}; expected it in one of them`);
    }
  }
  const taken = [...level.walls, ...level.coins, ...level.capsules];
  if (taken.includes(level.player)) fail(`the player at ${place(level, level.player)} stands on a wall or an item; move it`);
  const paths = new PathFinder(level.size * level.size, 0);
  paths.flood({ size: level.size, blocked: wallMap(level) }, level.player);
  for (const cell of [...level.coins, ...level.capsules]) {
    if (paths.distance[cell]! < 0)
      fail(`the item at ${place(level, cell)} cannot be reached from the player; open a way through the walls`);
  }
}

function wallMap(level: ArcadeLevel): Uint8Array {
  const blocked = new Uint8Array(level.size * level.size);
  for (const cell of level.walls) blocked[cell] = 1;
  return blocked;
}

function checkInteger(name: string, value: unknown, low: number, high: number): void {
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
    fail(`${name} ${JSON.stringify(value)} given; expected an integer from ${low} to ${high}`);
  }
}

function checkCells(name: string, value: unknown, range: { readonly cells: number; readonly most: number }): void {
  if (!Array.isArray(value)) fail(`${name} ${JSON.stringify(value)} given; expected a list of cells`);
  const cells = value as readonly unknown[];
  if (cells.length > range.most) fail(`${cells.length} ${name} given; expected at most ${range.most}`);
  let last = -1;
  for (const cell of cells) {
    checkInteger(`a cell of ${name},`, cell, 0, range.cells - 1);
    if ((cell as number) <= last) fail(`${name} ${JSON.stringify(cells)} given; expected ascending cells, none twice`);
    last = cell as number;
  }
}

function place(level: ArcadeLevel, cell: number): string {
  return `row ${Math.floor(cell / level.size) + 1}, column ${(cell % level.size) + 1}`;
}

function fail(message: string): never {
  throw new MesascopeError("invalid-level", `arcade level: ${message}.`);
}

/** The item cells of a level, ascending: a coin and a capsule on one cell are one item. Bit i of a mask is the i-th of them. */
export function itemCellsOf(level: ArcadeLevel): number[] {
  const cells: number[] = [];
  let i = 0;
  let j = 0;
  while (i < level.coins.length || j < level.capsules.length) {
    const coin = level.coins[i] ?? Number.POSITIVE_INFINITY;
    const capsule = level.capsules[j] ?? Number.POSITIVE_INFINITY;
    if (coin <= capsule) i++;
    if (capsule <= coin) j++;
    cells.push(Math.min(coin, capsule));
  }
  return cells;
}

/** The level as solvers see it. */
export function arcadeCollection(level: ArcadeLevel): CollectionProblem {
  const { size } = level;
  const numCells = size * size;
  const numActions = arcadeActions.length;
  const blocked = wallMap(level);
  const neighbors = neighborsOf(size);
  const next = new Int32Array(numCells * numActions);
  for (let cell = 0; cell < numCells; cell++) {
    for (let a = 0; a < numActions; a++) {
      const target = a < 4 ? neighbors[cell * 4 + a]! : cell;
      next[cell * numActions + a] = blocked[cell] || blocked[target] ? cell : target;
    }
  }
  const itemCells = Int32Array.from(itemCellsOf(level));
  const numItems = itemCells.length;
  const itemAt = new Int32Array(numCells).fill(-1);
  const itemFeatures = new Float32Array(numItems * arcadeFeatures.length);
  itemCells.forEach((cell, item) => {
    itemAt[cell] = item;
    itemFeatures[item * 3] = level.coins.includes(cell) ? 1 : 0;
    itemFeatures[item * 3 + 1] = level.capsules.includes(cell) ? 1 : 0;
  });
  const cellFeatures = new Float32Array(numCells * arcadeFeatures.length);
  for (const cell of level.red) cellFeatures[cell * 3 + 2] = 1;
  return {
    features: arcadeFeatures,
    numCells,
    numActions,
    numItems,
    next,
    open: blocked.map((closed) => 1 - closed),
    itemAt,
    itemCells,
    itemFeatures,
    cellFeatures,
    start: level.player,
    fullMask: (1 << numItems) - 1,
    horizon: level.horizon,
  };
}

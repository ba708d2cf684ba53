// What can be painted in a world: each character of its levels, the things that it stands for and how they are drawn. All of it is found out from
// the world itself, by putting the character on levels that it draws and looking at what it shows there.

import { MesascopeError } from "../../../core/base/errors.ts";
import { Prng } from "../../../core/base/prng.ts";
import type { DisplayList, Shape } from "../../../core/worlds/display.ts";
import type { World } from "../../../core/worlds/world.ts";
import { longestLevelText } from "../../../report/level-case/level-case-document.ts";
import {
  type BoardText,
  type Cell,
  cellsOf,
  columnsOf,
  glyphAt,
  joinLevel,
  resized,
  splitLevel,
  withGlyph,
} from "./board-text.ts";

export interface Tile {
  readonly glyph: string;
  /** `coin and red floor`; `floor` where nothing lies. */
  readonly name: string;
  readonly things: readonly string[];
  /** In cell units from the cell's own corner; empty for floor. */
  readonly shapes: readonly Shape[];
}

export interface Paintbox {
  readonly tiles: readonly Tile[];
  /** The one without anything. */
  readonly floor: Tile;
  /** How a board may grow or shrink: each side by itself, both together, or not at all. */
  readonly resizing: "sides" | "square" | "none";
}

/** Of each distribution. */
const exampleLevels = 3;
const boxes = new WeakMap<World, Paintbox | null>();

/** The paintbox of a world; null where its levels are no boards of cells. */
export function paintboxOf(world: World): Paintbox | null {
  const known = boxes.get(world);
  if (known !== undefined) return known;
  const made = makePaintbox(world);
  boxes.set(world, made);
  return made;
}

function makePaintbox(world: World): Paintbox | null {
  const examples = [world.training, world.deployment].flatMap((distribution) =>
    Array.from({ length: exampleLevels }, (_, i) =>
      splitLevel(world.formatLevel(world.sampleLevel(distribution, Prng.fromSeed(i)))),
    ),
  );
  if (examples.some((board) => !isDrawnAsBoard(world, board))) return null;
  const tiles = glyphsOf(world, examples).flatMap(([glyph, told]) => tileOf(world, { glyph, told, examples }) ?? []);
  const floor = tiles.find(({ shapes, name }) => shapes.length === 0 && name === "floor");
  return floor === undefined ? null : { tiles, floor, resizing: resizingOf(world, { examples, floor }) };
}

/** Whether a character is a cell of what the world shows. */
function isDrawnAsBoard(world: World, board: BoardText): boolean {
  const shown = displayOf(world, joinLevel(board));
  if (shown === null) return false;
  return shown.rows === board.rows.length && board.rows.every(({ length }) => length === shown.columns);
}

/** Characters and what the legend says of them, in its order; then those of levels that the legend leaves out. */
function glyphsOf(world: World, examples: readonly BoardText[]): readonly (readonly [string, string])[] {
  const told = new Map<string, string>();
  for (const [, glyph, words] of world.legend.matchAll(/'(.)'([^',;]*)/g)) told.set(glyph!, words!.trim());
  for (const { rows } of examples) for (const glyph of rows.join("")) if (!told.has(glyph)) told.set(glyph, glyph);
  return [...told];
}

interface Wanted {
  readonly glyph: string;
  readonly told: string;
  readonly examples: readonly BoardText[];
}

/** Null for a character that no level takes, such as walls in a world without any. */
function tileOf(world: World, { glyph, told, examples }: Wanted): Tile | null {
  if (told === "floor") return { glyph, name: told, things: [], shapes: [] };
  const shapes = shownShapes(world, { glyph, told, examples });
  if (shapes.length === 0) return null;
  const shown = shapes.map(({ label }) => label.replace(/ at column.*$/, ""));
  const named = told.split(" and ");
  const things = named.length > shown.length ? named : shown;
  return { glyph, name: things.join(" and "), things, shapes };
}

/**
 * Puts the character anywhere, then anywhere with another cell emptied, until all that the legend names is seen: some worlds begin an episode
 * without some of their things. What showed most is what it looks like.
 */
function shownShapes(world: World, { glyph, told, examples }: Wanted): readonly Shape[] {
  const most = told === "" ? 1 : told.split(" and ").length;
  let best: readonly Shape[] = [];
  const isEnough = (board: BoardText, cell: Cell): boolean => {
    const found = shapesAt(world, withGlyph(board, cell, glyph), cell);
    if (found !== null && found.length > best.length) best = found;
    return best.length >= most;
  };
  for (const board of examples) for (const cell of everyCell(board)) if (isEnough(board, cell)) return best;
  const [board] = examples;
  if (board === undefined || best.length > 0) return best;
  for (const emptied of everyCell(board).filter((cell) => glyphAt(board, cell) !== ".")) {
    const without = withGlyph(board, emptied, ".");
    for (const cell of everyCell(without)) if (isEnough(without, cell)) return best;
  }
  return best;
}

function everyCell({ rows }: BoardText): readonly Cell[] {
  return rows.flatMap((text, row) => Array.from(text, (_, column) => ({ row, column })));
}

/** What is drawn in one cell; null where the level cannot be read. */
function shapesAt(world: World, board: BoardText, { row, column }: Cell): readonly Shape[] | null {
  const shown = displayOf(world, joinLevel(board));
  if (shown === null) return null;
  const inCell = ({ role, x, y, width, height }: Shape) =>
    role !== "floor" && Math.floor(x + width / 2) === column && Math.floor(y + height / 2) === row;
  return [...shown.fixed, ...shown.moving].filter(inCell).map((shape) => ({ ...shape, x: shape.x - column, y: shape.y - row }));
}

function displayOf(world: World, text: string): DisplayList | null {
  const read = readLevel(world, text);
  if (read.kind === "invalid") return null;
  const batch = world.createBatch(1);
  batch.reset(0, read.level);
  return world.display(batch, 0);
}

/** By trying: a board with a line more, or one less, of floor. */
function resizingOf(
  world: World,
  { examples, floor }: { readonly examples: readonly BoardText[]; readonly floor: Tile },
): Paintbox["resizing"] {
  const works = (more: { readonly columns: number; readonly rows: number }): boolean =>
    examples.some((board) => {
      const size = { columns: columnsOf(board) + more.columns, rows: board.rows.length + more.rows };
      return readLevel(world, joinLevel(resized(board, { ...size, filling: floor.glyph }))).kind === "level";
    });
  if (works({ columns: 1, rows: 0 }) || works({ columns: -1, rows: 0 }) || works({ columns: 0, rows: 1 })) return "sides";
  return works({ columns: 1, rows: 1 }) || works({ columns: -1, rows: -1 }) ? "square" : "none";
}

export type ReadLevel =
  | { readonly kind: "level"; readonly level: unknown }
  | { readonly kind: "invalid"; readonly message: string };

/** What a text is to a world, with the parser's own words where it is no level; a text longer than any level is none. */
export function readLevel(world: World, text: string): ReadLevel {
  if (text.length > longestLevelText)
    return {
      kind: "invalid",
      message: `more than ${longestLevelText} characters given; expected at most ${longestLevelText}. Leave out the lines that say what would be so without them.`,
    };
  try {
    return { kind: "level", level: world.parseLevel(text) };
  } catch (error) {
    if (error instanceof MesascopeError) return { kind: "invalid", message: error.message };
    throw error;
  }
}

/**
 * Paints a tile on a cell. There is one player: it moves, and what it stood on stays. Of other things too, one that the world lets lie there only
 * once moves, if that makes a level.
 */
export function paint(world: World, board: BoardText, { cell, tile }: { readonly cell: Cell; readonly tile: Tile }): BoardText {
  const box = paintboxOf(world);
  if (box === null || glyphAt(board, cell) === undefined) return board;
  const painted = withGlyph(withoutOtherPlayers(board, { box, cell, tile }), cell, tile.glyph);
  if (tile === box.floor || readLevel(world, joinLevel(painted)).kind === "level") return painted;
  const others = cellsOf(painted, [tile.glyph]).filter((other) => other.row !== cell.row || other.column !== cell.column);
  if (others.length !== 1) return painted;
  const moved = withGlyph(painted, others[0]!, box.floor.glyph);
  return readLevel(world, joinLevel(moved)).kind === "level" ? moved : painted;
}

const player = "player";

interface Painting {
  readonly box: Paintbox;
  readonly cell: Cell;
  readonly tile: Tile;
}

function withoutOtherPlayers(board: BoardText, { box, cell, tile }: Painting): BoardText {
  if (!tile.things.includes(player)) return board;
  const holding = box.tiles.filter(({ things }) => things.includes(player));
  const cells = cellsOf(
    board,
    holding.map(({ glyph }) => glyph),
  ).filter((other) => other.row !== cell.row || other.column !== cell.column);
  return cells.reduce((before, other) => {
    const there = holding.find(({ glyph }) => glyph === glyphAt(before, other))!;
    const left = there.things.filter((thing) => thing !== player);
    const same = (things: readonly string[]) => things.length === left.length && left.every((thing) => things.includes(thing));
    const under = box.tiles.find(({ things }) => same(things)) ?? box.floor;
    return withGlyph(before, other, under.glyph);
  }, board);
}

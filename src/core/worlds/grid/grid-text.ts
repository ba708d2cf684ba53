// Levels of grid worlds as text: a few `name: value` lines, then the board. What is drawn can be read back.

import { MesascopeError } from "../../base/errors.ts";
import type { GridLevel } from "./grid-level.ts";
import { type LevelFrame, validateGridLevel } from "./grid-level.ts";
import type { Overlap } from "./grid-world.ts";

export interface TextFrame extends LevelFrame {
  readonly overlaps: readonly Overlap[];
  /** Used where the text does not say. */
  readonly horizon: number;
}

/** The characters of a world and the things that each stands for; `.` floor, `#` wall and `@` player are the same everywhere. */
function glyphsOf({ kinds, overlaps }: Pick<TextFrame, "kinds" | "overlaps">): ReadonlyMap<string, readonly string[]> {
  const glyphs = new Map<string, readonly string[]>([
    [".", []],
    ["#", ["wall"]],
    ["@", ["player"]],
  ]);
  for (const { glyph, name } of kinds) glyphs.set(glyph, [name]);
  for (const { glyph, things } of overlaps) glyphs.set(glyph, things);
  return glyphs;
}

/** What the characters of a world's boards stand for: `'.' floor, '#' wall, '@' player, 'c' cheese`. */
export function legendOf(frame: Pick<TextFrame, "kinds" | "overlaps">): string {
  return [...glyphsOf(frame)].map(([glyph, names]) => `'${glyph}' ${names.join(" and ") || "floor"}`).join(", ");
}

/** The text form of a level. Throws `invalid-level` where things lie together that have no character. */
export function formatGridLevel(level: GridLevel, frame: TextFrame): string {
  const glyphs = [...glyphsOf(frame)];
  const things: string[][] = Array.from({ length: level.columns * level.rows }, () => []);
  for (const cell of level.walls) things[cell]!.push("wall");
  for (const { name } of frame.kinds) for (const cell of level.things[name]!) things[cell]!.push(name);
  things[level.player]!.push("player");
  const text = things.map((here) => {
    const found = glyphs.find(([, names]) => names.length === here.length && names.every((name) => here.includes(name)));
    if (found) return found[0];
    throw new MesascopeError(
      "invalid-level",
      `${here.join(" and ")} on one cell of ${frame.world} have no character; take them apart.`,
    );
  });
  const rows = Array.from({ length: level.rows }, (_, row) =>
    text.slice(row * level.columns, (row + 1) * level.columns).join(""),
  );
  const head = [...Object.entries(level.context), ...Object.entries(level.settings), ["horizon", level.horizon] as const];
  return `${[...head.map(([name, value]) => `${name}: ${value}`), ...rows].join("\n")}\n`;
}

/**
 * Reads the text form. Lines of cues, settings and horizon may be left out (training's value, the lowest, the variant's); empty lines
 * are skipped. Throws `invalid-level` with line and column of the first thing that is wrong.
 */
export function parseGridLevel(text: string, frame: TextFrame): GridLevel {
  const cues = frame.cues ?? [];
  const settings = Object.entries(frame.settings ?? {});
  const context: Record<string, string> = Object.fromEntries(cues.map(({ name, training }) => [name, training]));
  const numbers: Record<string, number> = Object.fromEntries(settings.map(([name, [lowest]]) => [name, lowest]));
  let horizon = frame.horizon;
  const known = [...Object.keys(context), ...Object.keys(numbers), "horizon"];
  const rows: { readonly line: number; readonly text: string }[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trimEnd();
    const header = /^\s*([A-Za-z]+)\s*:\s*(.*)$/.exec(line);
    if (line.trim() === "") return;
    if (!header) {
      rows.push({ line: index + 1, text: line });
      return;
    }
    const [name, value] = [header[1]!, header[2]!];
    if (name === "horizon") horizon = Number(value);
    else if (name in context) context[name] = value;
    else if (name in numbers) numbers[name] = Number(value);
    else fail(index + 1, 1, `"${name}:" given; expected one of ${known.map((each) => `${each}:`).join(", ")}`);
  });
  return validateGridLevel({ ...readBoard(rows, frame), context, settings: numbers, horizon }, frame);
}

function readBoard(
  lines: readonly { readonly line: number; readonly text: string }[],
  frame: TextFrame,
): Pick<GridLevel, "columns" | "rows" | "player" | "walls" | "things"> {
  const glyphs = glyphsOf(frame);
  const things: Record<string, number[]> = Object.fromEntries(frame.kinds.map(({ name }) => [name, []]));
  const walls: number[] = [];
  let player = -1;
  if (lines.length === 0) fail(1, 1, "no board given; expected its rows, one line each");
  const columns = lines[0]!.text.length;
  lines.forEach(({ line, text }, row) => {
    if (text.length !== columns) {
      fail(
        line,
        Math.min(text.length, columns) + 1,
        `a row of ${text.length} characters given; expected ${columns}, as in the first`,
      );
    }
    for (let column = 0; column < columns; column++) {
      const names = glyphs.get(text[column]!);
      if (!names) fail(line, column + 1, `'${text[column]}' given; expected ${legendOf(frame)}`);
      for (const name of names) {
        const cell = row * columns + column;
        if (name === "wall") walls.push(cell);
        else if (name !== "player") things[name]!.push(cell);
        else if (player >= 0) fail(line, column + 1, "a second player given; expected one");
        else player = cell;
      }
    }
  });
  if (player < 0) fail(lines[0]!.line, 1, "no player given; expected one '@'");
  return { columns, rows: lines.length, player, walls, things };
}

function fail(line: number, column: number, message: string): never {
  throw new MesascopeError("invalid-level", `line ${line}, column ${column}: ${message}.`);
}

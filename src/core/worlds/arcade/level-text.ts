// Levels of the arcade as text: a few `name: value` lines, then the board. What is drawn can be read back.

import { MesascopeError } from "../../base/errors.ts";
import { type ArcadeLevel, type ArcadeLimits, maxSize, minSize, validateArcadeLevel } from "./level.ts";

/** What a glyph stands for. In red the letters are capitals. */
const glyphs: Readonly<Record<string, readonly ("wall" | "red" | "player" | "coin" | "capsule")[]>> = {
  ".": [],
  "#": ["wall"],
  "~": ["red"],
  "@": ["player"],
  "&": ["player", "red"],
  c: ["coin"],
  C: ["coin", "red"],
  p: ["capsule"],
  P: ["capsule", "red"],
  b: ["coin", "capsule"],
  B: ["coin", "capsule", "red"],
};
/** What the characters of a board stand for. */
export const legend = "'.' floor, '#' wall, '~' red, '@' player, 'c' coin, 'p' capsule, 'b' both; in red '&', 'C', 'P', 'B'";
const headers = ["lamp", "palette", "lag", "horizon"];

/** The character of a cell that holds these things. */
function glyphOf(things: ReadonlySet<string>): string {
  const found = Object.entries(glyphs).find(
    ([, kinds]) => kinds.length === things.size && kinds.every((kind) => things.has(kind)),
  );
  return found ? found[0] : "?";
}

/** The text form of a level: four header lines and `size` rows of `size` characters. */
export function formatArcadeLevel(level: ArcadeLevel): string {
  const { size, player, walls, red, coins, capsules } = level;
  const rows: string[] = [];
  for (let row = 0; row < size; row++) {
    let line = "";
    for (let cell = row * size; cell < (row + 1) * size; cell++) {
      const things = new Set<string>();
      if (walls.includes(cell)) things.add("wall");
      if (red.includes(cell)) things.add("red");
      if (cell === player) things.add("player");
      if (coins.includes(cell)) things.add("coin");
      if (capsules.includes(cell)) things.add("capsule");
      line += glyphOf(things);
    }
    rows.push(line);
  }
  const head = [`lamp: ${level.lamp}`, `palette: ${level.palette}`, `lag: ${level.lag}`, `horizon: ${level.horizon}`];
  return `${[...head, ...rows].join("\n")}\n`;
}

/**
 * Reads the text form. Header lines may be left out (`training`, `training`, 0 and `horizon`); empty lines are skipped.
 * Throws `invalid-level` with line and column of the first thing that is wrong.
 */
export function parseArcadeLevel(
  text: string,
  options: { readonly limits: ArcadeLimits; readonly horizon: number },
): ArcadeLevel {
  const head: Record<string, string> = { lamp: "training", palette: "training", lag: "0", horizon: String(options.horizon) };
  const rows: { readonly line: number; readonly text: string }[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trimEnd();
    const header = /^\s*([a-z]+)\s*:\s*(.*)$/.exec(line);
    if (line.trim() === "") return;
    if (header) {
      if (!headers.includes(header[1]!))
        fail(index + 1, 1, `"${header[1]}:" given; expected one of ${headers.map((name) => `${name}:`).join(", ")}`);
      head[header[1]!] = header[2]!;
    } else rows.push({ line: index + 1, text: line });
  });
  const board = readBoard(rows);
  const level = { ...board, lamp: head.lamp, palette: head.palette, lag: Number(head.lag), horizon: Number(head.horizon) };
  return validateArcadeLevel(level, options.limits);
}

function readBoard(rows: readonly { readonly line: number; readonly text: string }[]) {
  const size = rows.length;
  if (size < minSize || size > maxSize)
    fail((rows.at(-1)?.line ?? 0) + 1, 1, `a board of ${size} rows given; expected ${minSize} to ${maxSize}`);
  const cells: Record<string, number[]> = { wall: [], red: [], player: [], coin: [], capsule: [] };
  rows.forEach(({ line, text }, row) => {
    if (text.length !== size) {
      fail(
        line,
        Math.min(text.length, size) + 1,
        `a row of ${text.length} characters given; expected ${size}, as many as there are rows`,
      );
    }
    for (let column = 0; column < size; column++) {
      const kinds = glyphs[text[column]!];
      if (!kinds) fail(line, column + 1, `'${text[column]}' given; expected ${legend}`);
      for (const kind of kinds) {
        if (kind === "player" && cells.player!.length > 0)
          fail(line, column + 1, "a second player given; expected one '@' (or '&')");
        cells[kind]!.push(row * size + column);
      }
    }
  });
  if (cells.player!.length === 0) fail(rows[0]!.line, 1, "no player given; expected one '@' (or '&' in red)");
  return { size, player: cells.player![0]!, walls: cells.wall, red: cells.red, coins: cells.coin, capsules: cells.capsule };
}

function fail(line: number, column: number, message: string): never {
  throw new MesascopeError("invalid-level", `line ${line}, column ${column}: ${message}.`);
}

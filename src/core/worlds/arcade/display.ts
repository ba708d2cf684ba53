// What the arcade looks like, as a display list: the board, what is left on it, the player, and the cues as a row of their own.

import type { DisplayList, Shape } from "../display.ts";
import type { ArcadeBatch } from "./batch.ts";
import { itemCellsOf } from "./level.ts";

/** The display list of environment `env`. A coin on a capsule is drawn as two shapes, the coin on top and smaller. */
export function displayArcade(batch: ArcadeBatch, env: number): DisplayList {
  const level = batch.level(env);
  const { size } = level;
  const mask = batch.maskOf(env);
  const shape = (
    cell: number,
    look: Omit<Shape, "x" | "y" | "width" | "height" | "label"> & { readonly name: string; readonly inset: number },
  ): Shape => {
    const { name, inset, ...rest } = look;
    const column = cell % size;
    const row = Math.floor(cell / size);
    const place = { x: column + inset, y: row + inset, width: 1 - 2 * inset, height: 1 - 2 * inset };
    return { ...rest, ...place, label: `${name} at column ${column + 1}, row ${row + 1}` };
  };
  const floor: Shape = {
    role: "floor",
    outline: "square",
    x: 0,
    y: 0,
    width: size,
    height: size,
    glyph: ".",
    label: `floor, ${size} by ${size}`,
  };
  const fixed = [
    floor,
    ...level.red.map((cell) => shape(cell, { name: "red floor", role: "hazard", outline: "cross", glyph: "~", inset: 0 })),
    ...level.walls.map((cell) => shape(cell, { name: "wall", role: "wall", outline: "square", glyph: "#", inset: 0 })),
  ];
  const moving: Shape[] = [];
  itemCellsOf(level).forEach((cell, item) => {
    if (((mask >> item) & 1) === 0) return;
    const both = level.coins.includes(cell) && level.capsules.includes(cell);
    if (level.capsules.includes(cell)) {
      moving.push(shape(cell, { name: "capsule", role: "proxy", outline: "capsule", glyph: "p", inset: 0.1 }));
    }
    if (level.coins.includes(cell)) {
      moving.push(
        shape(cell, { name: "coin", role: "goal", outline: "circle", glyph: both ? "b" : "c", inset: both ? 0.3 : 0.2 }),
      );
    }
  });
  moving.push(shape(batch.cellOf(env), { name: "player", role: "player", outline: "triangle", glyph: "@", inset: 0.15 }));
  const captions = [`lamp: ${level.lamp}`, `palette: ${level.palette}`, `time left: ${level.horizon - batch.elapsed[env]!}`];
  if (level.lag > 0) captions.push(`observation ${level.lag} steps old`);
  return { columns: size, rows: size, fixed, moving, captions };
}

// What a grid world looks like, as a display list: floors and walls, what is there now, the player, and the context in words.

import type { DisplayList, Shape } from "../display.ts";
import type { GridBatch } from "./grid-batch.ts";
import type { ThingKind } from "./grid-world.ts";

export interface DisplayFrame {
  readonly kinds: readonly ThingKind[];
  readonly registers: Readonly<Record<string, number>>;
}

const insets: Readonly<Record<ThingKind["nature"], number>> = { floor: 0, item: 0.15, mover: 0.12 };
/** By how much a thing is drawn smaller for each one drawn before it on its cell, so that both are seen. */
const insetOnTop = 0.13;

/** The display list of environment `env`. */
export function displayGrid(batch: GridBatch, env: number, { kinds, registers }: DisplayFrame): DisplayList {
  const level = batch.level(env);
  const { columns, rows } = level;
  const drawn = new Map<number, number>();
  const shape = (cell: number, look: Pick<ThingKind, "name" | "role" | "outline" | "glyph">, inset: number): Shape => {
    const below = drawn.get(cell) ?? 0;
    drawn.set(cell, below + (inset > 0 ? 1 : 0));
    const margin = inset > 0 ? Math.min(0.38, inset + insetOnTop * below) : 0;
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    const { role, outline, glyph, name } = look;
    return {
      ...{ role, outline, glyph, x: column + margin, y: row + margin, width: 1 - 2 * margin, height: 1 - 2 * margin },
      label: `${name} at column ${column + 1}, row ${row + 1}`,
    };
  };
  const floor: Shape = {
    ...{ role: "floor", outline: "square", x: 0, y: 0, width: columns, height: rows, glyph: "." },
    label: `floor, ${columns} by ${rows}`,
  };
  const fixed = [floor];
  for (const kind of kinds.filter(({ nature }) => nature === "floor"))
    for (const cell of level.things[kind.name]!) fixed.push(shape(cell, kind, insets.floor));
  for (const cell of level.walls) fixed.push(shape(cell, { name: "wall", role: "wall", outline: "square", glyph: "#" }, 0));
  const moving: Shape[] = [];
  for (let i = 0; i < batch.numItems[env]!; i++) {
    if (((batch.present[env]! >> i) & 1) === 0) continue;
    const at = env * batch.maxItems + i;
    moving.push(shape(batch.cellOf(env, batch.items[at]!), kinds[batch.itemKinds[at]!]!, insets.item));
  }
  for (let i = env * batch.maxMovers; i < env * batch.maxMovers + batch.numMovers[env]!; i++) {
    if (batch.movers[i] !== 0)
      moving.push(shape(batch.cellOf(env, batch.movers[i]!), kinds[batch.moverKinds[i]!]!, insets.mover));
  }
  const player = { name: "player", role: "player", outline: "triangle", glyph: "@" } as const;
  moving.push(shape(batch.cellOf(env, batch.agents[env]!), player, insets.item));
  const captions = [
    ...Object.entries(level.context).map(([cue, value]) => `${cue}: ${value}`),
    ...Object.keys(registers).map((name, r) => `${name}: ${batch.registers[env * batch.numRegisters + r]}`),
    `time left: ${level.horizon - batch.elapsed[env]!}`,
  ];
  return { columns, rows, fixed, moving, captions };
}

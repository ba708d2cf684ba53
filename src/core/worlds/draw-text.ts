// A display list as plain text: one character per cell, captions below. No color, so that it reads the same anywhere.

import type { DisplayList } from "./display.ts";

/** Draws `display` as `rows` lines of `columns` glyphs and one line per caption. Later shapes cover earlier ones. */
export function drawText(display: DisplayList): string {
  const grid = Array.from({ length: display.rows }, () => new Array<string>(display.columns).fill(" "));
  for (const shape of [...display.fixed, ...display.moving]) {
    for (let row = Math.floor(shape.y); row < Math.ceil(shape.y + shape.height); row++) {
      for (let column = Math.floor(shape.x); column < Math.ceil(shape.x + shape.width); column++) {
        const line = grid[row];
        if (line && column >= 0 && column < display.columns) line[column] = shape.glyph;
      }
    }
  }
  return `${[...grid.map((line) => line.join("")), ...display.captions].join("\n")}\n`;
}

import { expect, test } from "vitest";
import { darkPalette, lightPalette, type Palette } from "./palette.ts";

/** Relative luminance of `#rrggbb` (WCAG 2.2, definition). */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string): number {
  const [dark, light] = [luminance(first), luminance(second)].toSorted((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const themes: readonly (readonly [string, Palette])[] = [
  ["light", lightPalette],
  ["dark", darkPalette],
];

test("black on white measures 21", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
});

test.each(themes)("every text color of the %s theme reaches 4.5 on both grounds", (_, palette) => {
  for (const color of [palette.text, palette.muted, palette.accent, palette.cue]) {
    expect(contrast(color, palette.background)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color, palette.surface)).toBeGreaterThanOrEqual(4.5);
  }
});

test.each(themes)("every series of the %s theme stands out from both grounds, 3 to 1", (_, palette) => {
  for (const color of palette.series) {
    expect(contrast(color, palette.background)).toBeGreaterThanOrEqual(3);
    expect(contrast(color, palette.surface)).toBeGreaterThanOrEqual(3);
  }
});

test.each(themes)("every shape on the board of the %s theme reaches 3 against the ground", (_, palette) => {
  for (const color of [palette.wall, palette.hazard, palette.goal, palette.proxy, palette.player, palette.cue]) {
    expect(contrast(color, palette.surface)).toBeGreaterThanOrEqual(3);
  }
});

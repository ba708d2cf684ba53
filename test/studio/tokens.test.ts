// The colors of series, of the studio and of the reports that are files, measured: against the grounds that they stand on, and from each other as
// color-blind eyes see them.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { darkPalette, lightPalette } from "../../src/report/page/palette.ts";

type Color = readonly [number, number, number];

const css = readFileSync(new URL("../../src/studio/styles/tokens.css", import.meta.url), "utf8");
/** CIE 1976, in CIELAB under D65: 2.3 is just noticed, 15 is told apart at a glance, in lines too. */
const leastDifference = 15;

/** The pair of a token, light and dark. */
function token(name: string): Readonly<Record<"light" | "dark", string>> {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css)!;
  return { light: light!, dark: dark! };
}

function linear(color: string): Color {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return [red!, green!, blue!];
}

function times(matrix: readonly Color[], [red, green, blue]: Color): Color {
  const [first, second, third] = matrix.map(([a, b, c]) => a * red + b * green + c * blue);
  return [first!, second!, third!];
}

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const eyes: Readonly<Record<string, readonly Color[]>> = {
  trichromats: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopes: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopes: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const toXyz: readonly Color[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

function lab(color: Color): Color {
  const curve = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const [x, y, z] = times(toXyz, color);
  const [fx, fy, fz] = [curve(x / 0.95047), curve(y), curve(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

function difference(first: string, second: string, matrix: readonly Color[]): number {
  const [a, b] = [first, second].map((color) => {
    const [red, green, blue] = times(matrix, linear(color)).map((channel) => Math.min(1, Math.max(0, channel)));
    return lab([red!, green!, blue!]);
  });
  return Math.hypot(...a!.map((value, i) => value - b![i]!));
}

function contrast(first: string, second: string): number {
  const [brighter, darker] = [first, second].map((color) => times(toXyz, linear(color))[1]).toSorted((a, b) => b - a);
  return (brighter! + 0.05) / (darker! + 0.05);
}

const series = [0, 1, 2, 3, 4, 5].map((place) => token(`series-${place}`));

it("measures as the definitions do", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 4);
  expect(difference("#000000", "#ffffff", eyes.trichromats!)).toBeCloseTo(100, 2);
  // A brown red and an ochre, which a deuteranope takes for one.
  expect(difference("#a84300", "#7d5a00", eyes.deuteranopes!)).toBeLessThan(6);
});

it("of a report that is a file are the studio's", () => {
  expect(lightPalette.series).toEqual(series.map(({ light }) => light));
  expect(darkPalette.series).toEqual(series.map(({ dark }) => dark));
});

describe.each(["light", "dark"] as const)("colors of series in the %s theme", (theme) => {
  it.each(Object.entries(eyes))("are told apart by %s, each from each", (_, matrix) => {
    const close = series.flatMap((one, i) =>
      series.slice(i + 1).flatMap((other, k) => {
        const apart = difference(one[theme], other[theme], matrix);
        return apart < leastDifference ? [`${i} and ${i + 1 + k}: ${apart.toFixed(1)}`] : [];
      }),
    );
    expect(close).toEqual([]);
  });

  it("stand out from each ground, 3 to 1", () => {
    for (const ground of ["ground", "raised", "sunk"].map(token))
      for (const color of series) expect(contrast(color[theme], ground[theme])).toBeGreaterThanOrEqual(3);
  });
});

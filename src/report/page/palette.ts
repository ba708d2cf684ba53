// The report's colors in both themes. Plain data, so that the style sheet is made from it and a test can measure the contrasts.

export interface Palette {
  readonly background: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  /** Hairlines and grids; never carries meaning alone. */
  readonly rule: string;
  /** Links, focus rings and the outlines of controls. */
  readonly accent: string;
  readonly wall: string;
  readonly hazard: string;
  readonly goal: string;
  readonly proxy: string;
  readonly player: string;
  readonly cue: string;
  /** One per series, as in the studio: its tokens.css tells how they were chosen, test/studio/tokens.test.ts holds them to it. For marks and lines: the light fifth is too light for text. */
  readonly series: readonly string[];
}

export const lightPalette: Palette = {
  background: "#fffefc",
  surface: "#f6f4ef",
  text: "#1c1c1f",
  muted: "#5a5a61",
  rule: "#d8d5cd",
  accent: "#0a569f",
  wall: "#55555c",
  hazard: "#a63c14",
  goal: "#7d5a00",
  proxy: "#0a63a5",
  player: "#1c1c1f",
  cue: "#7a3a72",
  series: ["#006aa8", "#903200", "#0f745b", "#843778", "#997112", "#42454d"],
};

export const darkPalette: Palette = {
  background: "#151619",
  surface: "#1f2125",
  text: "#ecebe8",
  muted: "#adaeb5",
  rule: "#3b3d43",
  accent: "#86c2f7",
  wall: "#8f9099",
  hazard: "#ff9568",
  goal: "#e8c04e",
  proxy: "#79bff5",
  player: "#f4f3f0",
  cue: "#e2a2d9",
  series: ["#74c2fc", "#fc9c66", "#4fcda3", "#d996ca", "#e8c34f", "#cfd0d8"],
};

export const seriesColorCount = lightPalette.series.length;

/** The palette as CSS custom properties: `--text: #1c1c1f; …`. */
export function paletteVariables(palette: Palette): string {
  return Object.entries(palette)
    .flatMap(([name, value]): string[] =>
      typeof value === "string"
        ? [`--${name}: ${value};`]
        : (value as readonly string[]).map((color, index) => `--${name}-${index}: ${color};`),
    )
    .join(" ");
}

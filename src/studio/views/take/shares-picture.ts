// Verdict shares as a picture: a bar a group, as in the page.

import { colorOf, element, legend, onPaper, sheet, words } from "./paper.ts";

export interface SharesPicture {
  readonly title: string;
  /** `color` is the place of one of the palette's series. */
  readonly kinds: readonly { readonly kind: string; readonly sign: string; readonly color: number }[];
  readonly rows: readonly {
    readonly name: string;
    readonly audits: number;
    readonly shares: Readonly<Record<string, number>>;
  }[];
}

const width = 720;
const bar = { left: 220, right: 600, height: 22 };
const rowHeight = 34;
const top = 44;

/** An SVG document in the colors of the light theme. */
export function sharesSvg(figure: HTMLElement, { title, kinds, rows }: SharesPicture): string {
  return onPaper(figure, () => {
    const [ink, quiet] = [colorOf(figure, "--ink"), colorOf(figure, "--ink-2")];
    const colors = new Map(kinds.map(({ kind, color }) => [kind, colorOf(figure, `--series-${color}`)]));
    const bars = rows.flatMap(({ name, audits, shares }, place) => {
      const y = top + place * rowHeight;
      let x = bar.left;
      const parts = kinds.flatMap(({ kind, sign }) => {
        const share = audits === 0 ? 0 : (shares[kind] ?? 0);
        if (share === 0) return [];
        const [from, own] = [x, share * (bar.right - bar.left)];
        x += own;
        return part({ x: from, y, width: own, text: `${sign} ${Math.round(share * 100)}%`, color: colors.get(kind)!, ink });
      });
      const count = audits === 0 ? "not audited" : audits === 1 ? "of 1 run" : `of ${audits} runs`;
      return [
        words(name, { x: 20, y: y + 16, fill: ink }),
        ...parts,
        words(count, { x: audits === 0 ? bar.left : bar.right + 12, y: y + 16, fill: quiet }),
      ];
    });
    const below = top + rows.length * rowHeight + 12;
    const names = legend(
      kinds.map(({ kind, sign }) => ({
        text: `${sign} ${kind}`,
        mark: element("rect", { x: 0.5, y: 0.5, width: 25, height: 11, fill: "none", stroke: colors.get(kind)! }),
      })),
      { x: 20, y: below, width: width - 40, ink },
    );
    const heading = words(title, { x: 20, y: 26, fill: ink, "font-size": 14, "font-weight": 600 });
    return sheet(figure, { width, height: below + names.height + 12, parts: [heading, ...bars, ...names.parts] });
  });
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
  readonly color: string;
  readonly ink: string;
}

/** Words only where they have room: the legend tells what a color is, and the table how much. */
function part({ x, y, width: own, text, color, ink }: Part): readonly SVGElement[] {
  const inner = Math.max(0, own - 2);
  return [
    element("rect", { x, y, width: inner, height: bar.height, fill: "none", stroke: color }),
    element("rect", { x, y: y + bar.height - 4, width: inner, height: 4, fill: color }),
    ...(own < 56 ? [] : [words(text, { x: x + own / 2, y: y + 14, "text-anchor": "middle", fill: ink })]),
  ];
}

// A chart of a report as a picture of its own: what the page's style sheets say of it is written into it, so that it looks the same anywhere.

import { colorOf, type LegendEntry, legend, onPaper, sheet, words } from "../take/paper.ts";

const written = [
  ...(["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap"] as const),
  ...(["opacity", "paint-order", "font-family", "font-size", "font-weight", "font-style", "text-anchor"] as const),
];
const gap = 24;
const titleHeight = 22;
/** Pixels per unit of a picture made of points. */
const density = 2;

/**
 * What is drawn in a figure as one SVG document in the colors of the light theme: it is for paper. The panels of a `ChartFigure`, at most two beside
 * each other, each below its title; or the one chart of another figure, below `caption`, over the entries of the list marked `data-legend`.
 */
export function figureSvg(figure: HTMLElement, caption: string): string {
  return onPaper(figure, () => pictureOf(figure, caption));
}

function pictureOf(figure: HTMLElement, caption: string): string {
  const panels = panelsOf(figure, caption);
  const sizes = panels.map(({ svg }) => sizeOf(svg));
  const columns = Math.min(2, panels.length);
  const widest = Math.max(...sizes.map(({ width }) => width));
  const tallest = Math.max(...sizes.map(({ height }) => height)) + titleHeight;
  const width = columns * widest + (columns + 1) * gap;
  const ink = colorOf(figure, "--ink");
  const drawn = panels.flatMap(({ svg, title }, place) => {
    const x = gap + (place % columns) * (widest + gap);
    const y = gap + Math.floor(place / columns) * (tallest + gap);
    const copy = styled(svg);
    for (const [name, value] of Object.entries({ x, y: y + titleHeight, ...sizes[place]! }))
      copy.setAttribute(name, String(value));
    // A long label reaches over the edge of its panel, into the gap.
    copy.setAttribute("overflow", "visible");
    return [words(title, { x, y: y + 12, fill: ink, "font-size": 13, "font-weight": 600 }), copy];
  });
  const below = Math.ceil(panels.length / columns) * (tallest + gap) + gap;
  const names = legend(legendOf(figure), { x: gap, y: below, width: width - 2 * gap, ink });
  const height = below + (names.height === 0 ? 0 : names.height + gap);
  return sheet(figure, { width, height, parts: [...drawn, ...names.parts] });
}

function panelsOf(figure: HTMLElement, caption: string) {
  const panels = [...figure.querySelectorAll<HTMLElement>(".panel")].flatMap((panel) => {
    const svg = panel.querySelector("svg");
    return svg === null ? [] : [{ svg, title: panel.querySelector(".panel-title")?.textContent ?? "" }];
  });
  if (panels.length > 0) return panels;
  const svg = figure.querySelector<SVGSVGElement>('[data-picture] svg, svg[role="img"]');
  if (svg === null) throw new Error("the chart is not drawn yet; try again when it is.");
  return [{ svg, title: `${caption.charAt(0).toUpperCase()}${caption.slice(1)}` }];
}

function legendOf(figure: HTMLElement): readonly LegendEntry[] {
  return [...figure.querySelectorAll<HTMLElement>("[data-legend] li")].flatMap((entry) => {
    const svg = entry.querySelector("svg");
    return svg === null ? [] : [{ mark: styled(svg), text: (entry.textContent ?? "").trim() }];
  });
}

function sizeOf(svg: SVGSVGElement): { readonly width: number; readonly height: number } {
  const { width, height } = svg.viewBox.baseVal;
  return width > 0 ? { width, height } : { width: svg.width.baseVal.value, height: svg.height.baseVal.value };
}

/** The picture in points, twice as many as it has units. Throws where the browser cannot draw it. */
export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * density;
    canvas.height = image.naturalHeight * density;
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { promise, resolve } = Promise.withResolvers<Blob | null>();
    canvas.toBlob(resolve, "image/png");
    const blob = await promise;
    if (blob === null) throw new Error("this browser could not draw the chart as PNG; take it as SVG.");
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function styled(source: SVGSVGElement): SVGSVGElement {
  const copy = source.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll("*")];
  [source, ...source.querySelectorAll("*")].forEach((original, place) => {
    const looks = getComputedStyle(original);
    for (const name of written) copies[place]!.setAttribute(name, looks.getPropertyValue(name));
    for (const name of ["class", "style", "role", "aria-labelledby", "aria-describedby"]) copies[place]!.removeAttribute(name);
  });
  return copy;
}

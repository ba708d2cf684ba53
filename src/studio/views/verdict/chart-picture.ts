// A chart of a report as a picture of its own: what the page's style sheets say of it is written into it, so that it looks the same anywhere.

const svgNamespace = "http://www.w3.org/2000/svg";
const written = [
  ...(["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap"] as const),
  ...(["opacity", "paint-order", "font-family", "font-size", "font-weight", "font-style", "text-anchor"] as const),
];
const gap = 24;
const titleHeight = 22;
/** Pixels per unit of a picture made of points. */
const density = 2;

/** All panels of a `ChartFigure`, at most two beside each other, each below its title, as one SVG document in the colors of the light theme: it is for paper. */
export function figureSvg(figure: HTMLElement): string {
  const { colorScheme } = figure.style;
  figure.style.colorScheme = "light";
  try {
    return pictureOf(figure);
  } finally {
    figure.style.colorScheme = colorScheme;
  }
}

function pictureOf(figure: HTMLElement): string {
  const panels = [...figure.querySelectorAll<HTMLElement>(".panel")].flatMap((panel) => {
    const svg = panel.querySelector("svg");
    return svg === null ? [] : [{ svg, title: panel.querySelector(".panel-title")?.textContent ?? "" }];
  });
  const sizes = panels.map(({ svg }) => svg.viewBox.baseVal);
  const columns = Math.min(2, panels.length);
  const widest = Math.max(...sizes.map(({ width }) => width));
  const tallest = Math.max(...sizes.map(({ height }) => height)) + titleHeight;
  const width = columns * widest + (columns + 1) * gap;
  const height = Math.ceil(panels.length / columns) * (tallest + gap) + gap;
  const looks = paperOf(figure);
  const whole = element("svg", { xmlns: svgNamespace, viewBox: `0 0 ${width} ${height}`, width, height });
  whole.append(element("rect", { width, height, fill: looks.ground }));
  panels.forEach(({ svg, title }, place) => {
    const x = gap + (place % columns) * (widest + gap);
    const y = gap + Math.floor(place / columns) * (tallest + gap);
    const heading = element("text", { x, y: y + 12, fill: looks.ink, "font-family": "sans-serif", "font-size": 13 });
    heading.setAttribute("font-weight", "600");
    heading.textContent = title;
    const copy = styled(svg);
    const { width: ownWidth, height: ownHeight } = sizes[place]!;
    for (const [name, value] of Object.entries({ x, y: y + titleHeight, width: ownWidth, height: ownHeight }))
      copy.setAttribute(name, String(value));
    // A long label reaches over the edge of its panel, into the gap.
    copy.setAttribute("overflow", "visible");
    whole.append(heading, copy);
  });
  return new XMLSerializer().serializeToString(whole);
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

/** A custom property's own value is the text that it was given; only a color that something has is one that any program reads. */
function paperOf(figure: HTMLElement): { readonly ground: string; readonly ink: string } {
  const probe = document.createElement("span");
  probe.style.backgroundColor = "var(--ground)";
  probe.style.color = "var(--ink)";
  figure.append(probe);
  const { backgroundColor, color } = getComputedStyle(probe);
  probe.remove();
  return { ground: backgroundColor, ink: color };
}

function element(name: "svg" | "rect" | "text", attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function styled(source: SVGSVGElement): SVGSVGElement {
  const copy = source.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll("*")];
  [source, ...source.querySelectorAll("*")].forEach((original, place) => {
    const looks = getComputedStyle(original);
    for (const name of written) copies[place]!.setAttribute(name, looks.getPropertyValue(name));
    for (const name of ["class", "role", "aria-labelledby", "aria-describedby"]) copies[place]!.removeAttribute(name);
  });
  return copy;
}

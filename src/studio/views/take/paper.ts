// Pictures that are taken along are for paper: in the colors of the light theme, whatever the page is in and whichever its reader forces, as values
// that any program reads.

const svgNamespace = "http://www.w3.org/2000/svg";

/** What `draw` gives while the figure is in the light theme. */
export function onPaper<T>(figure: HTMLElement, draw: () => T): T {
  figure.classList.add("on-paper");
  try {
    return draw();
  } finally {
    figure.classList.remove("on-paper");
  }
}

/** Values of the tokens' colors, such as `--ground`, in the figure. A custom property's own value is the text that it was given; what something has is a color. */
export function colorOf(figure: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  figure.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

type ElementName = "svg" | "g" | "rect" | "text" | "line" | "path" | "clipPath";

/** An element of SVG with these attributes; a text is set in the pictures' face. */
export function element(name: ElementName, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(svgNamespace, name);
  const given = name === "text" ? { "font-family": "sans-serif", "font-size": 12, ...attributes } : attributes;
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, String(value));
  return made;
}

/** The same with words in it. */
export function words(text: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = element("text", attributes);
  made.textContent = text;
  return made;
}

/** A document of that size with these parts on the theme's ground. */
export function sheet(
  figure: HTMLElement,
  { width, height, parts }: { readonly width: number; readonly height: number; readonly parts: readonly SVGElement[] },
): string {
  const whole = element("svg", { xmlns: svgNamespace, viewBox: `0 0 ${width} ${height}`, width, height });
  whole.append(element("rect", { width, height, fill: colorOf(figure, "--ground") }), ...parts);
  return new XMLSerializer().serializeToString(whole);
}

export interface LegendEntry {
  /** At 0, 0 its upper left corner, 26 by 12 at the most. */
  readonly mark: SVGElement;
  readonly text: string;
}

const rowHeight = 20;
const markWidth = 34;
/** Of 12 pixels' text, about. */
const letterWidth = 7;

/** Entries beside each other, in as many rows as they need within `width`, from `x`, `y` on. */
export function legend(
  entries: readonly LegendEntry[],
  { x, y, width, ink }: { readonly x: number; readonly y: number; readonly width: number; readonly ink: string },
): { readonly parts: readonly SVGElement[]; readonly height: number } {
  let [left, top] = [0, 0];
  const parts = entries.flatMap(({ mark, text }) => {
    const own = markWidth + text.length * letterWidth + 20;
    if (left > 0 && left + own > width) [left, top] = [0, top + rowHeight];
    const place = element("g", { transform: `translate(${x + left} ${y + top})` });
    place.append(mark);
    const label = words(text, { x: x + left + markWidth, y: y + top + 10, fill: ink });
    left += own;
    return [place, label];
  });
  return { parts, height: entries.length === 0 ? 0 : top + rowHeight };
}

/// <reference lib="dom" />
// Charts of a report that is one file as pictures of their own. The source text is put into the report's document as it is, so it must not use
// anything from outside itself.

/**
 * Puts a button beside the numbers of each chart that saves it as SVG: its panels, at most two beside each other, each below its title, with what the
 * style sheet says of them written in, of figures of the class `on-paper`: in the light theme, whatever the page is in.
 */
export function offerPictures(root: Document): void {
  const written = [
    ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap"],
    ...["opacity", "paint-order", "font-family", "font-size", "font-weight", "font-style", "text-anchor"],
  ];
  const gap = 24;
  const titleHeight = 22;

  function element(name: string, attributes: Readonly<Record<string, string | number>>, text = ""): Element {
    // The address of SVG's names; written out it would look like something that is loaded.
    const made = root.createElementNS(root.querySelector("svg")!.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== "") made.textContent = text;
    return made;
  }

  function styled(source: Element, place: Readonly<Record<string, string | number>>): Element {
    const copy = source.cloneNode(true) as Element;
    const copies = [copy, ...copy.querySelectorAll("*")];
    [source, ...source.querySelectorAll("*")].forEach((original, i) => {
      const looks = getComputedStyle(original);
      for (const name of written) copies[i]!.setAttribute(name, looks.getPropertyValue(name));
      for (const name of ["class", "role", "aria-labelledby", "aria-describedby"]) copies[i]!.removeAttribute(name);
    });
    for (const [key, value] of Object.entries(place)) copy.setAttribute(key, String(value));
    return copy;
  }

  function pictureOf(figure: HTMLElement): string {
    const panels = [...figure.querySelectorAll<HTMLElement>(".panel")].map((panel) => {
      const svg = panel.querySelector("svg")!;
      const { width, height } = svg.viewBox.baseVal;
      return { svg, width, height, title: panel.querySelector(".panel-title")?.textContent ?? "" };
    });
    const columns = Math.min(2, panels.length);
    const widest = Math.max(...panels.map(({ width }) => width));
    const tallest = Math.max(...panels.map(({ height }) => height)) + titleHeight;
    const [width, height] = [columns * (widest + gap) + gap, Math.ceil(panels.length / columns) * (tallest + gap) + gap];
    const colorOf = (name: string) => getComputedStyle(figure).getPropertyValue(name).trim();
    const whole = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
    whole.append(element("rect", { width, height, fill: colorOf("--background") }));
    panels.forEach(({ svg, title, ...size }, i) => {
      const x = gap + (i % columns) * (widest + gap);
      const y = gap + Math.floor(i / columns) * (tallest + gap);
      const face = { "font-family": "sans-serif", "font-size": 13, "font-weight": 600, fill: colorOf("--text") };
      // A long label reaches over the edge of its panel, into the gap.
      whole.append(
        element("text", { x, y: y + 12, ...face }, title),
        styled(svg, { x, y: y + titleHeight, ...size, overflow: "visible" }),
      );
    });
    return new XMLSerializer().serializeToString(whole);
  }

  function save(figure: HTMLElement, name: string): void {
    figure.classList.add("on-paper");
    const address = URL.createObjectURL(new Blob([pictureOf(figure)], { type: "image/svg+xml" }));
    figure.classList.remove("on-paper");
    const link = root.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    // What is saved is read after the click is over.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  for (const files of root.querySelectorAll("figure .files")) {
    const [numbers] = files.getElementsByTagName("a");
    const figure = files.closest("figure");
    if (numbers === undefined || figure === null) continue;
    const button = root.createElement("button");
    button.textContent = "SVG";
    button.setAttribute("aria-label", (numbers.getAttribute("aria-label") ?? "").replace("CSV", "SVG"));
    button.addEventListener("click", () => save(figure, numbers.download.replace(/csv$/, "svg")));
    files.append(", picture as ", button);
  }
}

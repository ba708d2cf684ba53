/// <reference lib="dom" />
// Charts as pictures of their own, the same from the studio and from a report that is one file. The source text is put into such a document as it
// is, so the function must not use anything from outside itself.

export interface Panel {
  readonly svg: SVGSVGElement;
  readonly title: string;
}

/** What pictures are made with; the figures read have to be `on-paper`. */
export function chartPictures() {
  const written = [
    ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap"],
    ...["opacity", "paint-order", "font-family", "font-size", "font-weight", "font-style", "text-anchor"],
  ];
  /** Around panels and between them, in the units of a picture. */
  const gap = 24;
  const titleHeight = 22;
  /** Pixels per unit of a picture made of points. */
  const density = 2;

  /** The panels of a `ChartFigure` that are drawn. */
  function panelsOf(figure: HTMLElement): readonly Panel[] {
    return [...figure.querySelectorAll<HTMLElement>(".panel")].flatMap((panel) => {
      const svg = panel.querySelector("svg");
      return svg === null ? [] : [{ svg, title: panel.querySelector(".panel-title")?.textContent ?? "" }];
    });
  }

  /** A copy in which stands what the page's style sheets say of it, so that it looks the same anywhere. */
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

  function sizeOf(svg: SVGSVGElement) {
    const { width, height } = svg.viewBox.baseVal;
    return width > 0 ? { width, height } : { width: svg.width.baseVal.value, height: svg.height.baseVal.value };
  }

  /** The panels, of which there is one at least, two beside each other at the most, each below its title in the color `ink`; and the room they take. */
  function arranged(panels: readonly Panel[], ink: string) {
    const sizes = panels.map(({ svg }) => sizeOf(svg));
    const columns = Math.min(2, panels.length);
    const widest = Math.max(...sizes.map(({ width }) => width));
    const tallest = Math.max(...sizes.map(({ height }) => height)) + titleHeight;
    const parts = panels.flatMap(({ svg, title }, place) => {
      const x = gap + (place % columns) * (widest + gap);
      const y = gap + Math.floor(place / columns) * (tallest + gap);
      const face = { "font-family": "sans-serif", "font-size": 13, "font-weight": 600, fill: ink };
      // The address of SVG's names; written out it would look like something that is loaded.
      const head = document.createElementNS(svg.namespaceURI, "text") as SVGElement;
      for (const [name, value] of Object.entries({ x, y: y + 12, ...face })) head.setAttribute(name, String(value));
      head.textContent = title;
      const copy = styled(svg);
      // A long label reaches over the edge of its panel, into the gap.
      const at = { x, y: y + titleHeight, ...sizes[place]!, overflow: "visible" };
      for (const [name, value] of Object.entries(at)) copy.setAttribute(name, String(value));
      return [head, copy];
    });
    const height = Math.ceil(panels.length / columns) * (tallest + gap) + gap;
    return { parts, width: columns * (widest + gap) + gap, height };
  }

  /** An SVG document in points, twice as many as it has units. Throws where the browser cannot draw it. */
  async function pngOf(svg: string): Promise<Blob> {
    const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * density;
      canvas.height = image.naturalHeight * density;
      canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve, reject) =>
        canvas.toBlob(
          (blob) =>
            blob === null ? reject(new Error("this browser could not draw the chart as PNG; take it as SVG.")) : resolve(blob),
          "image/png",
        ),
      );
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  return { gap, panelsOf, styled, arranged, pngOf };
}

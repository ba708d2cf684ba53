/// <reference lib="dom" />
// Charts of a document that is one file as pictures of their own. The source text is put into the document as it is, so it must not use anything
// from outside itself.

import { chartPictures } from "./chart-pictures.ts";

/** A program that offers the pictures of every chart of the document that it stands in; its images come from `blob:`. */
export const pictureScript = `(${offerPictures})(document, (${chartPictures})());`;

/**
 * Puts buttons beside the numbers of each chart that save it as SVG and as PNG: its panels as `arranged` has them, in the light theme whatever the
 * page is in.
 */
function offerPictures(root: Document, { panelsOf, arranged, pngOf }: ReturnType<typeof chartPictures>): void {
  function pictureOf(figure: HTMLElement): string {
    const colorOf = (name: string) => getComputedStyle(figure).getPropertyValue(name).trim();
    const panels = panelsOf(figure);
    const { parts, width, height } = arranged(panels, colorOf("--text"));
    const element = (name: string, attributes: Readonly<Record<string, string | number>>) => {
      const made = root.createElementNS(panels[0]!.svg.namespaceURI, name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
      return made;
    };
    const whole = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
    whole.append(element("rect", { width, height, fill: colorOf("--background") }), ...parts);
    return new XMLSerializer().serializeToString(whole);
  }

  function onPaper(figure: HTMLElement): string {
    figure.classList.add("on-paper");
    try {
      return pictureOf(figure);
    } finally {
      figure.classList.remove("on-paper");
    }
  }

  function save(name: string, content: Blob): void {
    const address = URL.createObjectURL(content);
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
    const problem = root.createElement("span");
    problem.setAttribute("role", "status");
    const button = (kind: "SVG" | "PNG", make: (svg: string) => Blob | Promise<Blob>) => {
      const made = root.createElement("button");
      made.textContent = kind;
      made.setAttribute("aria-label", (numbers.getAttribute("aria-label") ?? "").replace("CSV", kind));
      made.addEventListener("click", async () => {
        problem.textContent = "";
        try {
          save(numbers.download.replace(/csv$/, kind.toLowerCase()), await make(onPaper(figure)));
        } catch (error) {
          problem.textContent = ` ${error instanceof Error ? error.message : String(error)}`;
        }
      });
      return made;
    };
    const svg = button("SVG", (text) => new Blob([text], { type: "image/svg+xml" }));
    files.append(", picture as ", svg, ", ", button("PNG", pngOf), problem);
  }
}

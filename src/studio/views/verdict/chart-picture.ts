// A chart of a page as a picture of its own, see `chartPictures`; charts that are not of a report, and legends, too.

import { chartPictures, type Panel } from "../../../report/page/chart-pictures.ts";
import { colorOf, type LegendEntry, legend, onPaper, sheet } from "../take/paper.ts";

const { gap, panelsOf, styled, arranged, pngOf } = chartPictures();

export { pngOf };

/**
 * What is drawn in a figure as one SVG document in the colors of the light theme: it is for paper. The panels of a `ChartFigure`, at most two beside
 * each other, each below its title; or the one chart of another figure, below `caption`, over the entries of the list marked `data-legend`.
 */
export function figureSvg(figure: HTMLElement, caption: string): string {
  return onPaper(figure, () => {
    const ink = colorOf(figure, "--ink");
    const { parts, width, height } = arranged(drawnIn(figure, caption), ink);
    const names = legend(legendOf(figure), { x: gap, y: height, width: width - 2 * gap, ink });
    const below = names.height === 0 ? 0 : names.height + gap;
    return sheet(figure, { width, height: height + below, parts: [...parts, ...names.parts] });
  });
}

function drawnIn(figure: HTMLElement, caption: string): readonly Panel[] {
  const panels = panelsOf(figure);
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

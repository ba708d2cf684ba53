// Paints long curves by the studio's own chart and tells how long it took: for "mesascope bench studio", which loads it into a page of the studio.

import { createRoot } from "react-dom/client";
import { SeriesChart } from "../views/series-chart.tsx";
import type { ChartSeries } from "../views/series-lines.ts";

interface Asked {
  readonly runs: number;
  readonly points: number;
}

declare global {
  interface Window {
    paintCurves?: (asked: Asked) => Promise<number>;
  }
}

window.paintCurves = paintCurves;

/** Milliseconds from the data to the frame in which every curve and its average stand. Throws where nothing was painted. */
async function paintCurves({ runs, points }: Asked): Promise<number> {
  const place = document.createElement("div");
  document.querySelector("main")!.replaceChildren(place);
  const x = Array.from({ length: points }, (_, i) => i * 1000);
  const series = Array.from({ length: runs }, (_, run): ChartSeries => {
    const values = x.map((_, i) => 1 - Math.exp(-i / (200 + 9 * run)) + 0.1 * Math.sin(i * (run + 1)));
    return { name: `run ${run + 1}`, values, color: run % 6, dash: "solid" };
  });
  const begun = performance.now();
  const root = createRoot(place);
  root.render(
    <SeriesChart
      title="Curves"
      x={x}
      xName="steps"
      series={series}
      smoothing={0.9}
      isLogarithmic={false}
      range={null}
      onRange={() => undefined}
      group="measuring"
    />,
  );
  while (place.querySelector("canvas") === null) await nextFrame();
  await nextFrame();
  const taken = performance.now() - begun;
  if (isBlank(place.querySelector("canvas")!)) throw new Error("the canvas is blank; expected curves on it.");
  root.unmount();
  return taken;
}

/** After a frame was handed over to be shown. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

function isBlank(canvas: HTMLCanvasElement): boolean {
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
  return data.every((value) => value === 0);
}

// Why the studio draws long series with uPlot: 50 runs of 2,000 points painted in headless Chromium by it, by Chart.js and by Apache ECharts, in turns
// in one browser, and what each weighs. Prints milliseconds from data to pixels (median and range over the rounds) and bytes gzipped.
// Needs Chromium and, besides the repository's packages: npm install --no-save chart.js@4.6.1 echarts@6.1.0
// Run: npm run measure -- studio-charts [rounds]

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { build } from "vite";
import { chromiumArguments, findChromium } from "../src/node/web/chromium.ts";

const rounds = Number(process.argv[2] ?? 7);
const root = join(import.meta.dirname, "..");

/** Each file makes `window.paint(place, x, lines)`, which returns once the pixels are there. */
const sources: Readonly<Record<string, string>> = {
  "uPlot 1.6.32": `import UPlot from "uplot";
    window.paint = (place, x, lines) => new Promise((resolve) => new UPlot({ width: 900, height: 420, legend: { show: false }, scales: { x: { time: false } },
      series: [{}, ...lines.map(() => ({ stroke: "#0067a3", width: 1, points: { show: false } }))], hooks: { draw: [() => resolve()] } }, [x, ...lines], place));`,
  "Chart.js 4.6.1": `import { Chart, LineController, LineElement, PointElement, LinearScale, Decimation } from "chart.js";
    Chart.register(LineController, LineElement, PointElement, LinearScale, Decimation);
    window.paint = async (place, x, lines) => { const canvas = document.createElement("canvas"); canvas.width = 900; canvas.height = 420; place.append(canvas);
      new Chart(canvas, { type: "line", data: { datasets: lines.map((line) => ({ data: line.map((y, i) => ({ x: x[i], y })), borderColor: "#0067a3", borderWidth: 1, pointRadius: 0 })) },
        options: { animation: false, responsive: false, parsing: false, normalized: true, plugins: { decimation: { enabled: true, algorithm: "min-max" } }, scales: { x: { type: "linear" }, y: { type: "linear" } } } }); };`,
  "ECharts 6.1.0": `import { init, use } from "echarts/core"; import { LineChart } from "echarts/charts"; import { GridComponent } from "echarts/components"; import { CanvasRenderer } from "echarts/renderers";
    use([LineChart, GridComponent, CanvasRenderer]);
    window.paint = (place, x, lines) => new Promise((resolve) => { const chart = init(place, null, { width: 900, height: 420 }); chart.on("finished", resolve);
      chart.setOption({ animation: false, xAxis: { type: "value" }, yAxis: { type: "value" }, series: lines.map((line) => ({ type: "line", showSymbol: false, sampling: "minmax", lineStyle: { width: 1 }, data: line.map((y, i) => [x[i], y]) })) }); });`,
};

async function bundle(source: string): Promise<string> {
  // Inside the repository, where the bundler finds its packages.
  await mkdir(join(root, ".cache"), { recursive: true });
  const folder = await mkdtemp(join(root, ".cache", "charts-"));
  try {
    const input = join(folder, "entry.js");
    await writeFile(input, source);
    const made = await build({ configFile: false, root, logLevel: "error", build: { write: false, rolldownOptions: { input } } });
    const [output] = Array.isArray(made) ? made : [made];
    if (output === undefined || !("output" in output)) throw new Error("the bundler watches; expected it to build");
    return output.output.map((part) => (part.type === "chunk" ? part.code : "")).join("\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}

const program = findChromium();
if (program === null) throw new Error("no Chromium on this machine; install one, or name it with MESASCOPE_CHROMIUM");
const bundles = await Promise.all(Object.entries(sources).map(async ([name, source]) => [name, await bundle(source)] as const));
const browser = await chromium.launch({ executablePath: program, args: [...chromiumArguments()] });
const taken = new Map<string, number[]>(bundles.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, code] of bundles) {
    const page = await browser.newPage();
    await page.setContent('<!doctype html><div id="place" style="width: 900px; height: 420px"></div>');
    await page.addScriptTag({ content: code, type: "module" });
    await page.waitForFunction("window.paint !== undefined");
    const milliseconds = await page.evaluate<number>(`(async () => {
      const x = Array.from({ length: 2000 }, (_, i) => i * 1000);
      const lines = Array.from({ length: 50 }, (_, run) => x.map((_, i) => 1 - Math.exp(-i / (200 + 9 * run)) + 0.1 * Math.sin(i * (run + 1))));
      const begun = performance.now();
      await window.paint(document.getElementById("place"), x, lines);
      document.querySelector("canvas").getContext("2d").getImageData(0, 0, 1, 1);
      return performance.now() - begun;
    })()`);
    taken.get(name)!.push(milliseconds);
    await page.close();
  }
}
await browser.close();
for (const [name, code] of bundles) {
  const sorted = taken.get(name)!.sort((a, b) => a - b);
  const [least, median, most] = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!].map((value) =>
    value.toFixed(0),
  );
  process.stdout.write(`${name}: ${median} ms (${least} to ${most}, ${rounds} rounds), ${gzipSync(code).length} bytes gzipped\n`);
}

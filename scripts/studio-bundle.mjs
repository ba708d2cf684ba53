// Makes dist/studio/ from src/studio/: the studio as files that a lab's server hands out, and of which "mesascope studio build" makes a static
// site. With --dev it serves the sources instead, reloaded as they change, and asks a lab that "mesascope serve" has (MESASCOPE_URL, default
// http://127.0.0.1:4321).
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, createServer } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src", "studio");
const dist = join(root, "dist");
const target = join(dist, "studio");

// Modules here do nothing when they are loaded but make what they export, so that of a file of which a page takes one function the others, and the
// worlds that they know, stay out of its scripts.
const treeshake = { moduleSideEffects: [{ test: /[\\/]src[\\/](core|lab|report)[\\/]/, sideEffects: false }] };

// Of the words that React Aria reads out in thirty languages the studio takes the one that it is written in. Its dictionaries pass over what is
// undefined, and fall back to English.
const englishOnly = {
  name: "english-only",
  load: {
    filter: { id: { include: /[\\/]intl[\\/].*[a-z]{2}-[A-Z]{2}\.m?js$/, exclude: /en-US\.m?js$/ } },
    handler: () => "export default undefined;",
  },
};

// Modules whose exports are data: what they come to stands in their place, without what it was made of.
const builtData = {
  name: "built-data",
  load: {
    filter: { id: /\.built\.ts$/ },
    handler: async (path) =>
      Object.entries(await import(pathToFileURL(path).href))
        .map(([name, data]) => `export const ${name} = ${JSON.stringify(data)};`)
        .join("\n"),
  },
};

// Reports draw with a scale and its ticks, Plot with most of d3, whose packages are a module each: were they shared, whoever reads a report would load
// all that Plot uses.
const d3OfPlot = {
  name: "d3-of-plot",
  enforce: "pre",
  async resolveId(name, importer = "") {
    if (!/^d3(-|$)/.test(name) || !/[\\/]@observablehq[\\/]plot[\\/]|[?]of-plot$/.test(importer)) return null;
    const found = await this.resolve(name, importer.replace(/[?]of-plot$/, ""), { skipSelf: true });
    return found && { id: `${found.id}?of-plot`, moduleSideEffects: false };
  },
};

const settings = {
  configFile: false,
  root: source,
  publicDir: false,
  logLevel: "warn",
  plugins: [englishOnly],
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "development|production"] },
  worker: { format: "es", rolldownOptions: { treeshake } },
};

if (process.argv.includes("--dev")) {
  const lab = process.env.MESASCOPE_URL ?? "http://127.0.0.1:4321";
  const server = await createServer({
    ...settings,
    logLevel: "info",
    server: { host: "127.0.0.1", proxy: { "/api": { target: lab, changeOrigin: true, headers: { origin: lab } } } },
  });
  await server.listen();
  server.printUrls();
} else {
  await build({
    ...settings,
    plugins: [...settings.plugins, builtData, d3OfPlot],
    // Scripts find each other wherever they lie; only the first page says where that is.
    base: "./",
    build: {
      // Browsers that know light-dark(), which the style sheets are written with.
      target: ["chrome123", "edge123", "firefox128", "safari17.5"],
      outDir: target,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      // Who loads what first is for test/studio/budget.test.ts to see.
      manifest: "manifest.json",
      chunkSizeWarningLimit: 900,
      // "use client" at the top of a module is for servers that render, of which there is none.
      rolldownOptions: {
        treeshake,
        // Beside the app what "mesascope bench studio" loads into a page of it.
        input: { index: join(source, "index.html"), "paint-curves": join(source, "measuring", "paint-curves.tsx") },
        onLog: (level, log, tell) => log.code !== "MODULE_LEVEL_DIRECTIVE" && tell(level, log),
      },
    },
  });
  const firstPage = join(target, "index.html");
  // The server hands it out at addresses of any depth.
  writeFileSync(firstPage, readFileSync(firstPage, "utf8").replaceAll('="./', '="/'));
  shareEngine();
}

/** The engine lies in dist/browser/bundle already: shared-files.json says which of its files (from dist) stands for the one that is taken out here. */
function shareEngine() {
  const built = join("browser", "bundle", "ort-wasm-simd-threaded.wasm");
  const own = readdirSync(join(target, "assets")).filter((name) => name.endsWith(".wasm"));
  const shared = {};
  for (const name of own) {
    const file = join(target, "assets", name);
    if (!existsSync(join(dist, built)) || !readFileSync(file).equals(readFileSync(join(dist, built)))) continue;
    shared[`assets/${name}`] = built.replaceAll("\\", "/");
    rmSync(file);
  }
  writeFileSync(join(target, "shared-files.json"), `${JSON.stringify(shared)}\n`);
}

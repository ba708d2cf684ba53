// Makes dist/studio/ from src/studio/: the studio as files that a lab's server hands out. With --dev it serves the sources instead, reloaded
// as they change, and asks a lab that "mesascope serve" has (MESASCOPE_URL, default http://127.0.0.1:4321).
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src", "studio");
const target = join(root, "dist", "studio");

const settings = {
  configFile: false,
  root: source,
  publicDir: false,
  logLevel: "warn",
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "development|production"] },
  worker: { format: "es" },
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
    base: "/",
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
      rolldownOptions: { onLog: (level, log, tell) => log.code !== "MODULE_LEVEL_DIRECTIVE" && tell(level, log) },
    },
  });
  statSync(join(target, "index.html"));
}

// Makes dist/browser/bundle/ from dist/browser/: the package's part for browsers with all it needs, to be served as it is.
// One flavor of the runtime goes in, WebAssembly with SIMD and threads; the bundle fetches nothing from elsewhere.
import { copyFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "dist", "browser");
const target = join(source, "bundle");
const runtime = join(root, "node_modules", "onnxruntime-web", "dist");
/** The runtime looks for these beside the script that it is part of. */
const runtimeFiles = ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

const names = { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" };
await build({
  configFile: false,
  root: source,
  base: "./",
  publicDir: false,
  logLevel: "warn",
  // The runtime without its own copy of the script that starts threads: threads run that file and must find nothing else in it.
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "production"] },
  worker: { format: "es", rolldownOptions: { output: names } },
  build: {
    target: "es2022",
    outDir: target,
    emptyOutDir: true,
    modulePreload: false,
    lib: {
      entry: { mesascope: join(source, "bundle.js"), "measuring-page": join(source, "measuring-page.js") },
      formats: ["es"],
    },
    rolldownOptions: { output: names },
  },
});
for (const name of runtimeFiles) copyFileSync(join(runtime, name), join(target, name));
for (const name of ["mesascope.js", "measuring-page.js", ...runtimeFiles]) statSync(join(target, name));

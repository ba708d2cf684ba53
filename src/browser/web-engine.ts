// The engine of browsers: onnxruntime-web's WebAssembly build, in a page or better in a worker, since a run blocks its thread.
// The runtime's files are served by whoever serves the page; nothing is loaded from elsewhere.

import * as wasmRuntime from "onnxruntime-web/wasm";
import { MesascopeError } from "../core/base/errors.ts";
import type { Engine } from "../core/engine/engine.ts";
import { onnxEngine } from "../core/engine/onnx-engine.ts";

type Runtime = typeof import("onnxruntime-web");

/** Beyond this many threads the small graphs of this package gain nothing. */
const mostThreads = 4;

export interface WebEngineOptions {
  /**
   * Where `ort-wasm-simd-threaded.mjs` and `.wasm` are served: a folder's URL that ends in "/", or both URLs. Default: what the bundler
   * put beside the script.
   */
  readonly wasmPaths?: string | { readonly mjs: string; readonly wasm: string } | undefined;
  /** The bytes of the `.wasm` file instead of a place to fetch it from. */
  readonly wasmBinary?: ArrayBuffer | undefined;
  /** At most so many threads; where the page is not cross-origin isolated there is one. Default: half the processors, 4 at most. */
  readonly threads?: number | undefined;
  /**
   * The module `onnxruntime-web/webgpu`, to compute on the GPU what can be computed there. Off by default and **untested**: it has never
   * run on a real adapter here. Its files are other ones (`ort-wasm-simd-threaded.asyncify.*`, 27 MB), so `wasmPaths` must lead to them.
   */
  readonly webGpu?: Runtime | undefined;
}

/** How the runtime was set up in this page or worker; it cannot be set up twice. */
let setUp: { readonly settings: string; readonly name: string } | null = null;

/**
 * The engine on WebAssembly. Throws `usage` where it was created before with other options in the same page or worker: the runtime is set
 * up once. The files are fetched when the first model is compiled; if that fails, `compile` says so.
 */
export function createWebEngine(options: WebEngineOptions = {}): Engine {
  const runtime = options.webGpu ?? wasmRuntime;
  const threads = threadCount(options.threads);
  const version = runtime.env.versions.web ?? runtime.env.versions.common;
  const name = `onnxruntime-web ${version} (${options.webGpu ? "webgpu, untested" : "wasm"}, ${threads} thread${threads === 1 ? "" : "s"})`;
  const settings = JSON.stringify([name, options.wasmPaths ?? null, options.wasmBinary?.byteLength ?? null]);
  if (setUp !== null && setUp.settings !== settings) {
    throw new MesascopeError(
      "usage",
      `another engine asked for (${name}) where ${setUp.name} is in use; expected the same options. Create it in another worker.`,
    );
  }
  setUp = { settings, name };
  const { wasm } = runtime.env;
  wasm.numThreads = threads;
  if (options.wasmPaths !== undefined) wasm.wasmPaths = absolute(options.wasmPaths);
  if (options.wasmBinary !== undefined) wasm.wasmBinary = options.wasmBinary;
  runtime.env.logLevel = "error";
  return onnxEngine({
    name,
    createTensor: ({ dtype, data, dims }) => new runtime.Tensor(dtype, data, dims),
    createSession: (model) =>
      runtime.InferenceSession.create(model, {
        executionProviders: options.webGpu ? ["webgpu", "wasm"] : ["wasm"],
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
      }),
    allowsOverlap: false,
  });
}

/** Whether this worker is a thread of the runtime. Where a bundler put its script into ours, its threads run ours: then there is nothing to do. */
export function isRuntimeThread(): boolean {
  return self.name.startsWith("em-pthread");
}

function threadCount(wanted: number | undefined): number {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1)) {
    throw new MesascopeError("usage", `threads ${wanted} given; expected a whole number of at least 1.`);
  }
  if (!self.crossOriginIsolated) return 1;
  return wanted ?? Math.max(1, Math.min(mostThreads, Math.ceil(navigator.hardwareConcurrency / 2)));
}

function absolute(paths: NonNullable<WebEngineOptions["wasmPaths"]>): string | { mjs: string; wasm: string } {
  const url = (path: string) => new URL(path, self.location.href).href;
  return typeof paths === "string" ? url(paths) : { mjs: url(paths.mjs), wasm: url(paths.wasm) };
}

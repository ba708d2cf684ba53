// The engine without native kernels: onnxruntime-web's build for Node, WebAssembly on one thread. Slower, and there on every platform.

import type { Engine } from "../../core/engine/engine.ts";
import { onnxEngine } from "../../core/engine/onnx-engine.ts";

/** The WebAssembly engine, about a quarter as fast as the native one. Runs on its caller's thread, a worker thread too. */
export async function createWasmEngine(): Promise<Engine> {
  const runtime = await import("onnxruntime-web");
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = "error";
  return onnxEngine({
    name: `onnxruntime-web ${runtime.env.versions.web ?? runtime.env.versions.common} (wasm, 1 thread)`,
    createTensor: ({ dtype, data, dims }) => new runtime.Tensor(dtype, data, dims),
    createSession: (model) =>
      runtime.InferenceSession.create(model, {
        executionProviders: ["wasm"],
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
      }),
    allowsOverlap: false,
  });
}

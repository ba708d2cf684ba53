// The engine with native kernels: onnxruntime-node, one thread for each session.

import type { InferenceSession } from "onnxruntime-node";
import type { Engine } from "../../core/engine/engine.ts";
import { onnxEngine } from "../../core/engine/onnx-engine.ts";
import "../no-telemetry.ts";

/** Many small runs in several workers beat one threaded run, so each session has one thread. Level 3 logs errors only. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
};

/** The native engine. Throws what the import throws where onnxruntime-node, an optional dependency, is missing or has no binary. */
export async function createNativeEngine(): Promise<Engine> {
  const runtime = await import("onnxruntime-node");
  return onnxEngine({
    name: `onnxruntime-node ${runtime.env.versions.node ?? runtime.env.versions.common}`,
    createTensor: ({ dtype, data, dims }) => new runtime.Tensor(dtype, data, dims),
    createSession: (model) => runtime.InferenceSession.create(model, SESSION_OPTIONS),
    allowsOverlap: true,
  });
}

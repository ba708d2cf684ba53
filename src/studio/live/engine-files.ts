// Where the engine's own files are served; they are fetched when an agent is trained or played here, not before.

import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";

export const engineFiles = { mjs, wasm } as const;

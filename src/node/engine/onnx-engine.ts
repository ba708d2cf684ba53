// The engine of Node: native where it can be, WebAssembly where it must, and which of them it is told.

import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { MesascopeError } from "../../core/base/errors.ts";
import type { Engine } from "../../core/engine/engine.ts";
import { createNativeEngine } from "./native-engine.ts";
import { createWasmEngine } from "./wasm-engine.ts";

/** Names the engine that must be taken: `native` or `wasm`. */
const variable = "MESASCOPE_ENGINE";

/**
 * The engine: native kernels, or WebAssembly (about 4× slower) where onnxruntime-node, an optional dependency, cannot be loaded, which is
 * said on stderr, once a process. The environment variable MESASCOPE_ENGINE forces `native` or `wasm`. Throws `usage` for another value of
 * it, and `engine` where the forced one cannot be loaded.
 *
 * @example
 * const engine = await createOnnxEngine();
 * const session = await engine.compile(serialize(graph));
 * const { logits } = await session.run({ observation: { dtype: "float32", dims: [1, 4], data: new Float32Array(4) } });
 * await session.release();
 */
export function createOnnxEngine(): Promise<Engine> {
  return chooseEngine({
    wanted: process.env[variable],
    native: createNativeEngine,
    wasm: createWasmEngine,
    tell: tellOnce,
  });
}

export interface EngineChoice {
  /** What was asked for, undefined or empty for whatever is best. */
  readonly wanted: string | undefined;
  readonly native: () => Promise<Engine>;
  readonly wasm: () => Promise<Engine>;
  readonly tell: (text: string) => void;
}

/** Exported for tests, which cannot take the native engine away. */
export async function chooseEngine({ wanted, native, wasm, tell }: EngineChoice): Promise<Engine> {
  switch (wanted) {
    case "wasm":
      return await loaded(wasm, "onnxruntime-web");
    case "native":
      return await loaded(native, "onnxruntime-node");
    case undefined:
    case "":
      try {
        return await native();
      } catch (cause) {
        const engine = await loaded(wasm, "onnxruntime-web");
        tell(`${whyNotNative(cause)}: running on WebAssembly, about 4× slower${isMissing(cause) ? `; ${advice}` : ""}.`);
        return engine;
      }
    default:
      throw new MesascopeError("usage", `${variable}=${wanted} given; expected native, wasm or nothing.`);
  }
}

const advice = "npm install onnxruntime-node";

async function loaded(create: () => Promise<Engine>, packageName: string): Promise<Engine> {
  try {
    return await create();
  } catch (cause) {
    throw new MesascopeError(
      "engine",
      `${packageName} cannot be loaded (${messageOf(cause)}); install it with "npm install ${packageName}". ` +
        "Where its download of GPU binaries fails, set ONNXRUNTIME_NODE_INSTALL=skip: the CPU binary is in the package",
      { cause },
    );
  }
}

function whyNotNative(cause: unknown): string {
  if (isMissing(cause)) return "native engine not installed";
  return `native engine cannot be loaded on ${process.platform} ${process.arch} (${messageOf(cause).split("\n", 1)[0]})`;
}

/** Whether the package itself is not there; its binary missing for this platform is another matter. */
function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
}

/** One counter for all threads of the process: those started after this module was loaded share the main thread's. */
const told = sharedCounter("mesascope:engine-told");

function sharedCounter(key: string): Int32Array {
  const known = getEnvironmentData(key);
  if (known instanceof SharedArrayBuffer) return new Int32Array(known);
  const buffer = new SharedArrayBuffer(4);
  if (isMainThread) setEnvironmentData(key, buffer);
  return new Int32Array(buffer);
}

function tellOnce(text: string): void {
  if (Atomics.exchange(told, 0, 1) === 0) process.stderr.write(`mesascope: ${text}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// The engine of Node: onnxruntime-node with native kernels, one thread for each session.

import type { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";
import { MesascopeError } from "../core/base/errors.ts";
import type { Engine, EngineSession, Feeds, TensorArray, TensorData } from "../core/engine/engine.ts";

type Runtime = typeof import("onnxruntime-node");

/** Many small runs in several workers beat one threaded run, so each session has one thread. Level 3 logs errors only. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
};

/**
 * The native engine. Throws `engine` when onnxruntime-node, an optional dependency, is not installed or has no binary for this platform.
 *
 * @example
 * const engine = await createOnnxEngine();
 * const session = await engine.compile(serialize(graph));
 * const { logits } = await session.run({ observation: { dtype: "float32", dims: [1, 4], data: new Float32Array(4) } });
 * await session.release();
 */
export async function createOnnxEngine(): Promise<Engine> {
  const runtime = await loadRuntime();
  return {
    name: `onnxruntime-node ${runtime.env.versions.node ?? runtime.env.versions.common}`,
    compile: async (model) => {
      try {
        return new NativeSession(runtime, await runtime.InferenceSession.create(model, SESSION_OPTIONS));
      } catch (cause) {
        throw new MesascopeError(
          "invalid-model",
          `${model.byteLength} bytes given that ONNX Runtime cannot load: ${messageOf(cause)}; expected an ONNX model of standard operators`,
          { cause },
        );
      }
    },
  };
}

async function loadRuntime(): Promise<Runtime> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new MesascopeError(
      "engine",
      `onnxruntime-node cannot be loaded (${messageOf(cause)}); install it with "npm install onnxruntime-node". ` +
        "Where its download of GPU binaries fails, set ONNXRUNTIME_NODE_INSTALL=skip: the CPU binary is in the package",
      { cause },
    );
  }
}

class NativeSession implements EngineSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputShapes: EngineSession["inputShapes"];
  readonly outputShapes: EngineSession["outputShapes"];
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  /** Wrappers of arrays fed before: a caller that refills one array at every run does not pay for a new wrapper. */
  readonly #wrappers = new WeakMap<TensorArray, RuntimeTensor>();

  constructor(runtime: Runtime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    this.inputShapes = shapesOf(session.inputMetadata);
    this.outputShapes = shapesOf(session.outputMetadata);
  }

  async run(feeds: Feeds, fetches: readonly string[] = this.outputNames): Promise<Record<string, TensorData>> {
    const wrapped: Record<string, RuntimeTensor> = {};
    try {
      for (const name in feeds) {
        if (!this.inputNames.includes(name)) throw new RangeError(`"${name}" is no input of this model`);
        wrapped[name] = this.#wrap(feeds[name]!);
      }
      const results = await this.#session.run(wrapped, fetches);
      const outputs: Record<string, TensorData> = {};
      for (const name in results) outputs[name] = unwrap(results[name]!);
      return outputs;
    } catch (cause) {
      throw new MesascopeError("engine", `${messageOf(cause)} (given ${describe(feeds)}; expected ${this.#expected()})`, {
        cause,
      });
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #wrap({ dtype, dims, data }: TensorData): RuntimeTensor {
    const known = this.#wrappers.get(data);
    if (known !== undefined && known.type === dtype && sameDims(known.dims, dims)) return known;
    const tensor = new this.#runtime.Tensor(dtype, data, dims);
    this.#wrappers.set(data, tensor);
    return tensor;
  }

  #expected(): string {
    return this.inputNames.map((name) => `${name}[${this.inputShapes[name] ?? "?"}]`).join(", ");
  }
}

function unwrap(tensor: RuntimeTensor): TensorData {
  return { dtype: tensor.type as TensorData["dtype"], dims: tensor.dims, data: tensor.data as TensorArray };
}

function shapesOf(metadata: readonly InferenceSession.ValueMetadata[]): Record<string, readonly (number | string)[]> {
  return Object.fromEntries(metadata.map((value) => [value.name, value.isTensor ? value.shape : []]));
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

function describe(feeds: Feeds): string {
  return Object.entries(feeds)
    .map(([name, { dtype, dims }]) => `${name} ${dtype}[${dims}]`)
    .join(", ");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

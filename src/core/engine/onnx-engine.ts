// ONNX Runtime as an engine, whatever its build: native and WebAssembly have one interface, described here by what is used of it.
// How a build is loaded and set up is the matter of the adapters in src/node and src/browser.

import { MesascopeError } from "../base/errors.ts";
import type { Engine, EngineSession, Feeds, TensorArray, TensorData } from "./engine.ts";

/** What is used of ONNX Runtime's tensors. */
interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

type RuntimeValue = { readonly name: string } & (
  | { readonly isTensor: false }
  | { readonly isTensor: true; readonly shape: readonly (number | string)[] }
);

/** What is used of ONNX Runtime's sessions. */
interface RuntimeSession<Tensor> {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly RuntimeValue[];
  readonly outputMetadata: readonly RuntimeValue[];
  run(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/** A build of ONNX Runtime that is loaded and set up. */
export interface OnnxRuntime<Tensor extends RuntimeTensor> {
  /** As `Engine.name`. */
  readonly name: string;
  readonly createTensor: (tensor: TensorData) => Tensor;
  readonly createSession: (model: Uint8Array) => Promise<RuntimeSession<Tensor>>;
  /** Whether calls may overlap. WebAssembly has one stack for all of them: there they wait for each other. */
  readonly allowsOverlap: boolean;
}

/** The engine on a build of ONNX Runtime. */
export function onnxEngine<Tensor extends RuntimeTensor>(runtime: OnnxRuntime<Tensor>): Engine {
  const call = runtime.allowsOverlap ? <Result>(work: () => Promise<Result>) => work() : oneAtATime();
  return {
    name: runtime.name,
    compile: async (model) => {
      try {
        return new OnnxSession({ runtime, session: await call(() => runtime.createSession(model)), call });
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

type Caller = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Starts each piece of work when the one before has ended, however it ended. */
function oneAtATime(): Caller {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

class OnnxSession<Tensor extends RuntimeTensor> implements EngineSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputShapes: EngineSession["inputShapes"];
  readonly outputShapes: EngineSession["outputShapes"];
  readonly #createTensor: OnnxRuntime<Tensor>["createTensor"];
  readonly #session: RuntimeSession<Tensor>;
  readonly #call: Caller;
  /** Wrappers of arrays fed before: a caller that refills one array at every run does not pay for a new wrapper. */
  readonly #wrappers = new WeakMap<TensorArray, Tensor>();

  constructor(parts: {
    readonly runtime: OnnxRuntime<Tensor>;
    readonly session: RuntimeSession<Tensor>;
    readonly call: Caller;
  }) {
    this.#createTensor = parts.runtime.createTensor;
    this.#session = parts.session;
    this.#call = parts.call;
    this.inputNames = parts.session.inputNames;
    this.outputNames = parts.session.outputNames;
    this.inputShapes = shapesOf(parts.session.inputMetadata);
    this.outputShapes = shapesOf(parts.session.outputMetadata);
  }

  async run(feeds: Feeds, fetches: readonly string[] = this.outputNames): Promise<Record<string, TensorData>> {
    const wrapped: Record<string, Tensor> = {};
    try {
      for (const name in feeds) {
        if (!this.inputNames.includes(name)) throw new RangeError(`"${name}" is no input of this model`);
        wrapped[name] = this.#wrap(feeds[name]!);
      }
      const results = await this.#call(() => this.#session.run(wrapped, fetches));
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
    await this.#call(() => this.#session.release());
  }

  #wrap(given: TensorData): Tensor {
    const known = this.#wrappers.get(given.data);
    if (known !== undefined && known.type === given.dtype && sameDims(known.dims, given.dims)) return known;
    const tensor = this.#createTensor(given);
    this.#wrappers.set(given.data, tensor);
    return tensor;
  }

  #expected(): string {
    return this.inputNames.map((name) => `${name}[${this.inputShapes[name] ?? "?"}]`).join(", ");
  }
}

/** Both builds return outputs in arrays of their own: nothing of the engine's memory is held on to. */
function unwrap(tensor: RuntimeTensor): TensorData {
  return { dtype: tensor.type as TensorData["dtype"], dims: tensor.dims, data: tensor.data as TensorArray };
}

function shapesOf(metadata: readonly RuntimeValue[]): Record<string, readonly (number | string)[]> {
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

// What an engine is: something that compiles a serialized ONNX model and runs it. Adapters live in src/node and src/browser.
// An engine is not a tensor library: it allocates outputs, keeps no state between runs and never touches the graph builder.

export type TensorArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A dense tensor in row-major order; `data.length` is the product of `dims`. Bool tensors travel as Uint8Array of 0 and 1. */
export interface TensorData {
  readonly dtype: "float32" | "float64" | "int32" | "int64" | "uint8" | "bool";
  readonly dims: readonly number[];
  readonly data: TensorArray;
}

export type Feeds = Readonly<Record<string, TensorData>>;

/** A compiled model. Holds native memory: call `release` when done. */
export interface EngineSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Input shapes as declared by the model, a string for a symbolic dimension, where the engine tells them. */
  readonly inputShapes: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputShapes: Readonly<Record<string, readonly (number | string)[]>>;
  /** Runs the model. `fetches` names the outputs wanted (default: all). Blocks the thread while it computes. Throws `engine` errors. */
  run(feeds: Feeds, fetches?: readonly string[]): Promise<Record<string, TensorData>>;
  release(): Promise<void>;
}

export interface Engine {
  /** For manifests and bench reports, e.g. `onnxruntime-node 1.30.0`. */
  readonly name: string;
  /** Compiles a model for one thread. Throws `invalid-model` when the bytes are no model that the engine can run. */
  compile(model: Uint8Array): Promise<EngineSession>;
}

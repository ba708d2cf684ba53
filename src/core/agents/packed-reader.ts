// Reading many tensors of a model for one row at a time.

import { MesascopeError } from "../base/errors.ts";
import type { Engine, EngineSession, Feeds, TensorData } from "../engine/engine.ts";
import { packTensors } from "../graph/expose-tensors.ts";

const packedName = "read/packed";
/** What has fewer outputs is no faster packed. */
const fewestPacked = 3;

/** How the same outputs come one by one. */
interface PlainReader {
  readonly session: EngineSession;
  readonly fetches: readonly string[];
}

/**
 * Runs of a single row, which a binding's cost for each output would make slow to read: from the second on, all that is wanted comes in one
 * output and is taken apart here. Compiles a model of its own for that: call `release` when done.
 */
export class PackedReader {
  readonly #engine: Engine;
  readonly #model: Uint8Array;
  readonly #wanted: readonly string[];
  /** Begun by the first of several runs under way. */
  #compiling: Promise<EngineSession> | null = null;
  #session: EngineSession | null = null;
  /** What the first run gave, without its values; null before, and where it cannot be packed. */
  #layout: readonly { readonly name: string; readonly dims: readonly number[]; readonly length: number }[] | null = null;

  constructor(of: { readonly engine: Engine; readonly model: Uint8Array; readonly wanted: readonly string[] }) {
    this.#engine = of.engine;
    this.#model = of.model;
    this.#wanted = of.wanted;
  }

  async run(feeds: Feeds, plain: PlainReader): Promise<Record<string, TensorData>> {
    if (this.#layout === null || this.#wanted.length < fewestPacked) {
      const outputs = await plain.session.run(feeds, plain.fetches);
      const all = this.#wanted.map((name) => ({ name, dims: outputs[name]!.dims, length: outputs[name]!.data.length }));
      if (this.#wanted.every((name) => outputs[name]!.dtype === "float32")) this.#layout = all;
      return outputs;
    }
    if (this.#session === null) {
      this.#compiling ??= this.#engine.compile(packTensors(this.#model, this.#layout, packedName));
      this.#session = await this.#compiling;
    }
    const { [packedName]: packed, ...outputs } = await this.#session.run(feeds, [
      packedName,
      ...plain.fetches.filter((name) => !this.#wanted.includes(name)),
    ]);
    const values = packed!.data as Float32Array;
    let at = 0;
    for (const { name, dims, length } of this.#layout) {
      outputs[name] = { dtype: "float32", dims, data: values.subarray(at, at + length) };
      at += length;
    }
    if (at !== values.length)
      throw new MesascopeError("shape-mismatch", `a row of other widths than the first; expected ${at} numbers.`);
    return outputs;
  }

  async release(): Promise<void> {
    await (await this.#compiling)?.release();
  }
}

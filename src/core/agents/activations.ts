// What a policy computes on the way to its actions: the values of named tensors of its model, for given observations.

import { MesascopeError } from "../base/errors.ts";
import type { Engine, EngineSession } from "../engine/engine.ts";
import { exposeTensors } from "../graph/expose-tensors.ts";

export interface ActivationRequest {
  readonly engine: Engine;
  /** A policy as an ONNX model with the input `observation` float32 `[N, inputSize]`. */
  readonly model: Uint8Array;
  /** Hook points (`hidden.0.pre`, `hidden.0.post`, …), outputs, or any other tensor that a node computes. */
  readonly names: readonly string[];
  /** `[rows, inputSize]` */
  readonly observations: Float32Array;
}

/**
 * The values of each named tensor, `[rows, width]`, by name. Compiles the model for this call. Throws `usage` for an unknown tensor, listing
 * those there are, `shape-mismatch` for observations that are no whole rows and for a tensor that is no float32 with a line per row, and
 * `invalid-model` for bytes that are no model.
 *
 * @example
 * const { "hidden.0.post": hidden } = await readActivations({ engine, model, names: ["hidden.0.post"], observations });
 */
export async function readActivations(request: ActivationRequest): Promise<Record<string, Float32Array>> {
  const { engine, model, observations } = request;
  const names = [...new Set(request.names)];
  const session = await engine.compile(exposeTensors(model, names));
  try {
    const [rows, inputSize] = rowsOf(session, observations);
    const outputs = await session.run({ observation: { dtype: "float32", dims: [rows, inputSize], data: observations } }, names);
    return Object.fromEntries(
      names.map((name) => {
        const { data, dims, dtype } = outputs[name]!;
        if (data instanceof Float32Array && dims[0] === rows) return [name, data];
        throw new MesascopeError(
          "shape-mismatch",
          `tensor "${name}" is ${dtype} [${dims}] for ${rows} observations; expected float32 [${rows}, width]. Read another.`,
        );
      }),
    );
  } finally {
    await session.release();
  }
}

/** Rows and columns of `observations`. */
function rowsOf(session: EngineSession, observations: Float32Array): readonly [number, number] {
  const shape = session.inputShapes.observation;
  const inputSize = shape?.length === 2 ? shape[1] : undefined;
  if (typeof inputSize !== "number") {
    const inputs = session.inputNames.map((name) => `${name} [${session.inputShapes[name]?.join(", ") ?? "?"}]`).join(", ");
    throw new MesascopeError(
      "shape-mismatch",
      `a model that reads ${inputs} given; expected one that reads observation [N, inputSize].`,
    );
  }
  const rows = observations.length / inputSize;
  if (Number.isInteger(rows) && rows > 0) return [rows, inputSize];
  throw new MesascopeError(
    "shape-mismatch",
    `${observations.length} numbers given as observations of ${inputSize} each; expected one or more whole rows.`,
  );
}

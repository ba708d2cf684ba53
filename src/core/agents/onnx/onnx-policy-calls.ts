// Calls of a policy in an ONNX model: what is fed for how many rows, and what comes back, checked. A model that takes a fixed number of rows
// is called once for each such part of the rows.

import { MesascopeError } from "../../base/errors.ts";
import type { Feeds, TensorArray, TensorData } from "../../engine/engine.ts";
import type { Axes, ModelChannel, PolicyInterface } from "./onnx-policy-interface.ts";

/** The rows of one call: `count` of them from `start` on, filled up with zeros to `size`. */
export interface RowPart {
  readonly start: number;
  readonly count: number;
  readonly size: number;
}

/** What a policy remembers: for each part of the rows its states, by the names of their inputs. */
export type PolicyMemory = readonly Feeds[];

/** The calls in which `rows` rows are answered. */
export function partsOf(policy: PolicyInterface, rows: number): readonly RowPart[] {
  if (policy.batch === null || policy.batch === rows) return [{ start: 0, count: rows, size: rows }];
  const size = policy.batch;
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => ({
    start: i * size,
    count: Math.min(size, rows - i * size),
    size,
  }));
}

/** The memory at the beginning of episodes: zeros. */
export function blankMemory(policy: PolicyInterface, rows: number): PolicyMemory {
  if (policy.states.length === 0) return partsOf(policy, rows).map(() => noStates);
  return partsOf(policy, rows).map(({ size }) =>
    Object.fromEntries(policy.states.map((state) => [state.name, filled(state, { rows: size, value: 0 })])),
  );
}

const noStates: Feeds = {};

/** What is fed besides states for one part of the rows of `observations` `[rows, inputSize]`; an object of the caller's own. */
export function observationFeeds(policy: PolicyInterface, observations: Float32Array, part: RowPart): Record<string, TensorData> {
  const { observation, inputSize, fills } = policy;
  const feeds: Record<string, TensorData> = {};
  const values = rowsOfPart(observations, inputSize, part);
  const laid = observation.layout === "channels last" ? channelsLast(values, observation.shape) : values;
  feeds[observation.name] = {
    dtype: observation.dtype,
    dims: dimsOf(observation.axes, part.size),
    data: typed(laid, observation.dtype),
  };
  for (const fill of fills) feeds[fill.name] = filled(fill, { rows: part.size, value: fill.value });
  return feeds;
}

/** Rows of one part, `[part.size, width]`, of `values` `[rows, width]`; the same array where it is all of them. */
export function rowsOfPart<Values extends Float32Array | Uint8Array>(values: Values, width: number, part: RowPart): Values {
  const { start, count, size } = part;
  if (start === 0 && values.length === size * width) return values;
  const own = values.subarray(start * width, (start + count) * width) as Values;
  if (count === size) return own;
  const padded = new (values.constructor as { new (length: number): Values })(size * width);
  padded.set(own);
  return padded;
}

/**
 * A float32 tensor with a line per row as `[part.count, width]`. Axes of length 1 before the rows are allowed, as recurrent operators have
 * them. Throws `shape-mismatch` for anything else.
 */
export function linesOf(name: string, tensor: TensorData | undefined, part: RowPart): Float32Array {
  const { data, dims, dtype } = tensor ?? { data: null, dims: [], dtype: "nothing" };
  const first = dims.findIndex((dim) => dim !== 1);
  const perRow = part.size === 1 || (first >= 0 && dims[first] === part.size);
  if (!(data instanceof Float32Array) || !perRow || data.length % part.size !== 0) {
    throw new MesascopeError(
      "shape-mismatch",
      `tensor "${name}" is ${dtype} [${dims}] for ${part.size} observations; expected float32 [${part.size}, width]. Read another.`,
    );
  }
  return part.count === part.size ? data : data.subarray(0, (data.length / part.size) * part.count);
}

/** One list of lines from those of each part; the same array where there is one part. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Throws `shape-mismatch` for memory that belongs to another number of rows. */
export function requireMemory(policy: PolicyInterface, memory: PolicyMemory, rows: number): void {
  const parts = partsOf(policy, rows);
  const fits = parts.every(({ size }, i) =>
    policy.states.every(({ name, axes }) => memory[i]?.[name]?.dims.join() === dimsOf(axes, size).join()),
  );
  if (fits && memory.length === parts.length) return;
  throw new MesascopeError(
    "shape-mismatch",
    `memory of other rows given for ${rows} observations; expected that of the step before, for the same rows in the same order.`,
  );
}

/**
 * The states for the next step of one part from the outputs of this one; `outputs` may hold a state under another name, given by `nameOf`.
 * Throws `shape-mismatch` when a state comes out in another shape or dtype than it goes in, `invalid-model` when one holds a number that is
 * not finite.
 */
export function nextStates(
  policy: PolicyInterface,
  step: {
    readonly outputs: Readonly<Record<string, TensorData>>;
    readonly part: RowPart;
    readonly nameOf?: (output: string) => string;
  },
): Feeds {
  if (policy.states.length === 0) return noStates;
  const { outputs, part, nameOf = (output) => output } = step;
  const states: Record<string, TensorData> = {};
  for (const { name, output, dtype, axes } of policy.states) {
    const next = outputs[nameOf(output)]!;
    const dims = dimsOf(axes, part.size);
    if (next.dtype !== dtype || next.dims.join() !== dims.join()) {
      throw new MesascopeError(
        "shape-mismatch",
        `state "${output}" came out as ${next.dtype} [${next.dims}]; expected ${dtype} [${dims}], as "${name}" takes it. Pair another output with it.`,
      );
    }
    requireFinite(output, next.data);
    states[name] = next;
  }
  return states;
}

/** Throws `invalid-model` when a number is not finite. */
export function requireFinite(name: string, values: TensorArray): void {
  if (values instanceof BigInt64Array || values.every(Number.isFinite)) return;
  throw new MesascopeError(
    "invalid-model",
    `"${name}" holds numbers that are not finite (NaN or infinite); it cannot be audited.`,
  );
}

function filled(channel: ModelChannel, how: { readonly rows: number; readonly value: number }): TensorData {
  const dims = dimsOf(channel.axes, how.rows);
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { dtype: channel.dtype, dims, data: typed(new Float32Array(length).fill(how.value), channel.dtype) };
}

function dimsOf(axes: Axes, rows: number): readonly number[] {
  return axes.map((axis) => (axis === "rows" ? rows : axis));
}

function typed(values: Float32Array, dtype: TensorData["dtype"]): TensorArray {
  switch (dtype) {
    case "float32":
      return values;
    case "float64":
      return Float64Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "int64":
      return BigInt64Array.from(values, BigInt);
    case "uint8":
    case "bool":
      return Uint8Array.from(values);
    default:
      return dtype satisfies never;
  }
}

/** From `[rows, channels, height, width]` to `[rows, height, width, channels]`. */
function channelsLast(values: Float32Array, shape: readonly number[]): Float32Array {
  const channels = shape[0]!;
  const size = shape.reduce((product, axis) => product * axis, 1);
  const cells = size / channels;
  const out = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += size) {
    for (let c = 0; c < channels; c++) {
      for (let cell = 0; cell < cells; cell++) out[row + cell * channels + c] = values[row + c * cells + cell]!;
    }
  }
  return out;
}

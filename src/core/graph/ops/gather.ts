// Selection by index, and the scatter operations that are its gradients.

import { intAttribute } from "../attributes.ts";
import type { Operation, Tensor } from "../graph.ts";
import { build, type NumericTensor, stridesOf } from "../numeric.ts";
import { resolveAxis, throwShapeMismatch } from "../shapes.ts";
import { cast } from "./cast.ts";
import { transpose, unsqueeze, zerosLike } from "./layout.ts";

const GATHER: Operation = {
  type: "Gather",
  evaluate: ([x, indices], node) => {
    const axis = intAttribute(node, "axis");
    const rank = indices!.dims.length;
    const strides = stridesOf(x!.dims);
    const indexStrides = stridesOf(indices!.dims);
    return [
      build([...x!.dims.slice(0, axis), ...indices!.dims, ...x!.dims.slice(axis + 1)], (index) => {
        const chosen = indices!.data[offsetOf(index.slice(axis, axis + rank), indexStrides)]!;
        return x!.data[offsetOf([...index.slice(0, axis), wrap(chosen, x!.dims[axis]!), ...index.slice(axis + rank)], strides)]!;
      }),
    ];
  },
  gradient: ({ node, inputs, gradient }) => {
    const [x, indices] = [inputs[0]!, inputs[1]!];
    const axis = intAttribute(node, "axis");
    if (axis === 0) return [scatterRows(zerosLike(x), indices, gradient), undefined];
    // Bring the gathered axis (and in the gradient those of the indices) to the front, add up rows, and take it back.
    const rank = indices.shape.length;
    const front = [axis, ...[...x.shape.keys()].filter((i) => i !== axis)];
    const gathered = Array.from({ length: rank }, (_, i) => axis + i);
    const gradientFront = [...gathered, ...[...gradient.shape.keys()].filter((i) => !gathered.includes(i))];
    const rows = scatterRows(transpose(zerosLike(x), front), indices, transpose(gradient, gradientFront));
    return [
      transpose(
        rows,
        front.map((_, i) => front.indexOf(i)),
      ),
      undefined,
    ];
  },
};

const SCATTER_ROWS: Operation = {
  type: "ScatterND",
  evaluate: ([base, indices, updates]) => {
    const data = base!.data.slice();
    const rowSize = stridesOf(base!.dims)[0]!;
    indices!.data.forEach((chosen, i) => {
      const row = wrap(chosen, base!.dims[0]!) * rowSize;
      for (let j = 0; j < rowSize; j++) data[row + j]! += updates!.data[i * rowSize + j]!;
    });
    return [{ dims: base!.dims, data }];
  },
  gradient: ({ inputs, gradient }) => {
    const indices = inputs[1]!;
    const rows = indices.graph.producers.get(indices)!.inputs[0]!;
    return [gradient, undefined, gather(gradient, rows, 0)];
  },
};

const GATHER_ELEMENTS: Operation = {
  type: "GatherElements",
  evaluate: ([x, indices], node) => {
    const axis = intAttribute(node, "axis");
    const strides = stridesOf(x!.dims);
    return [
      build(
        indices!.dims,
        (index, flat) => x!.data[offsetOf(replaceAt(index, axis, wrap(indices!.data[flat]!, x!.dims[axis]!)), strides)]!,
      ),
    ];
  },
  gradient: ({ node, inputs, gradient }) => [
    scatterElements({ base: zerosLike(inputs[0]!), indices: inputs[1]!, updates: gradient, axis: intAttribute(node, "axis") }),
    undefined,
  ],
};

const SCATTER_ELEMENTS: Operation = {
  type: "ScatterElements",
  evaluate: ([base, indices, updates], node) => {
    const axis = intAttribute(node, "axis");
    const data = base!.data.slice();
    const strides = stridesOf(base!.dims);
    build(indices!.dims, (index, flat) => {
      const target = wrap(indices!.data[flat]!, base!.dims[axis]!);
      data[offsetOf(replaceAt(index, axis, target), strides)]! += updates!.data[flat]!;
      return 0;
    });
    return [{ dims: base!.dims, data } satisfies NumericTensor];
  },
  gradient: ({ node, inputs, gradient }) => [
    gradient,
    undefined,
    gatherElements(gradient, inputs[1]!, intAttribute(node, "axis")),
  ],
};

/**
 * The slices of `x` along `axis` named by `indices` (int32 or int64, negative ones count from the end); the axes of `indices` take the place of
 * `axis`. An index out of range is an error when the graph runs.
 */
export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = resolveAxis("gather", x.shape, axis);
  requireIndices("gather", x, indices);
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
  return x.graph.node(GATHER, [x, indices], { dtype: x.dtype, shape }, { axis: { kind: "int", value: at } });
}

/** One element of `x` for each index: result[i][j] = x[i][indices[i][j]] for axis 1 of a matrix. `indices` has as many axes as `x`. */
export function gatherElements(x: Tensor, indices: Tensor, axis: number): Tensor {
  const at = resolveAxis("gatherElements", x.shape, axis);
  requireIndices("gatherElements", x, indices);
  if (indices.shape.length !== x.shape.length)
    throwShapeMismatch("gatherElements", [x.shape, indices.shape], "equal numbers of axes");
  return x.graph.node(
    GATHER_ELEMENTS,
    [x, indices],
    { dtype: x.dtype, shape: indices.shape },
    { axis: { kind: "int", value: at } },
  );
}

/** `base` [D, ...] with each row of `updates` [...indices, ...] added to the row that `indices` name; repeated indices add up. */
export function scatterRows(base: Tensor, indices: Tensor, updates: Tensor): Tensor {
  const tuples = unsqueeze(cast(indices, "int64"), [indices.shape.length]);
  return base.graph.node(SCATTER_ROWS, [base, tuples, updates], base, { reduction: { kind: "string", value: "add" } });
}

/** `base` with each element of `updates` added at its own position, with the coordinate along `axis` replaced by the index. */
export function scatterElements(options: {
  readonly base: Tensor;
  readonly indices: Tensor;
  readonly updates: Tensor;
  readonly axis: number;
}): Tensor {
  const { base, indices, updates, axis } = options;
  const attributes = { axis: { kind: "int", value: axis }, reduction: { kind: "string", value: "add" } } as const;
  return base.graph.node(SCATTER_ELEMENTS, [base, indices, updates], base, attributes);
}

function requireIndices(name: string, x: Tensor, indices: Tensor): void {
  if (indices.dtype !== "int32" && indices.dtype !== "int64") {
    throwShapeMismatch(`${name} with indices of ${indices.dtype}`, [x.shape, indices.shape], "int32 or int64 indices");
  }
}

function offsetOf(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((offset, at, axis) => offset + at * strides[axis]!, 0);
}

function replaceAt(index: readonly number[], axis: number, value: number): number[] {
  return index.map((at, i) => (i === axis ? value : at));
}

function wrap(index: number, size: number): number {
  const wrapped = index < 0 ? index + size : index;
  if (wrapped < 0 || wrapped >= size) throw new RangeError(`index ${index} given for a dimension of size ${size}`);
  return wrapped;
}

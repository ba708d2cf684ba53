// Dense float64 arrays for the interpreter: indexing, broadcasting and reduction in plain loops, written to be obviously right.

/** A row-major array; integers and booleans are held as float64 too. */
export interface NumericTensor {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

export function numberOfElements(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** The distance in elements between neighbors along each axis. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= dims[axis]!;
  }
  return strides;
}

/** An array whose element at each multi-index is `value(index)`; `index` is reused between calls. */
export function build(dims: readonly number[], value: (index: readonly number[], flat: number) => number): NumericTensor {
  const data = new Float64Array(numberOfElements(dims));
  const index = new Array<number>(dims.length).fill(0);
  for (let flat = 0; flat < data.length; flat++) {
    data[flat] = value(index, flat);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < dims[axis]!) break;
      index[axis] = 0;
    }
  }
  return { dims: [...dims], data };
}

/** The flat offset in `tensor` of an index into a shape that it broadcasts to. */
export function broadcastOffset(tensor: NumericTensor, strides: readonly number[], index: readonly number[]): number {
  let offset = 0;
  const skip = index.length - tensor.dims.length;
  for (let axis = 0; axis < tensor.dims.length; axis++) {
    if (tensor.dims[axis] !== 1) offset += index[axis + skip]! * strides[axis]!;
  }
  return offset;
}

/** The common shape of arrays; broadcasting was checked when the graph was built, sizes of symbolic dimensions were not. */
export function broadcastDims(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((dims) => dims[dims.length - rank + i] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    if (sizes.some((candidate) => candidate !== 1 && candidate !== size)) {
      throw new RangeError(`shapes ${shapes.map((dims) => `[${dims}]`).join(" and ")} do not broadcast`);
    }
    return size;
  });
}

/** Applies a function of several arguments element by element, with broadcasting. */
export function broadcastMap(inputs: readonly NumericTensor[], apply: (...values: number[]) => number): NumericTensor {
  const strides = inputs.map(({ dims }) => stridesOf(dims));
  return build(broadcastDims(inputs.map(({ dims }) => dims)), (index) =>
    apply(...inputs.map((input, i) => input.data[broadcastOffset(input, strides[i]!, index)]!)),
  );
}

/** Folds over `axes`; the result keeps them with size 1 if `keepDims`. */
export function reduce(
  input: NumericTensor,
  options: {
    readonly axes: readonly number[];
    readonly keepDims: boolean;
    readonly initial: number;
    readonly fold: (accumulated: number, value: number) => number;
  },
): NumericTensor {
  const kept = input.dims.map((dim, axis) => (options.axes.includes(axis) ? 1 : dim));
  const result = { dims: kept, data: new Float64Array(numberOfElements(kept)).fill(options.initial) };
  const strides = stridesOf(kept);
  build(input.dims, (index, flat) => {
    const offset = broadcastOffset(result, strides, index);
    result.data[offset] = options.fold(result.data[offset]!, input.data[flat]!);
    return 0;
  });
  return options.keepDims ? result : { dims: input.dims.filter((_, axis) => !options.axes.includes(axis)), data: result.data };
}

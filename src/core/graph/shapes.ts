// Arithmetic on shapes with symbolic dimensions. A dimension is a number or a product such as "N" or "8*N".

import { MesascopeError } from "../base/errors.ts";

/** A size, or a name for a size known only at run time. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** Throws the `shape-mismatch` of an operation: `matMul: [2,3] and [4,5] given; <expected>`. */
export function throwShapeMismatch(operation: string, shapes: readonly Shape[], expected: string): never {
  throw new MesascopeError(
    "shape-mismatch",
    `${operation}: ${shapes.map(formatShape).join(" and ")} given; expected ${expected}`,
  );
}

/** `[N,3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/** Returns the shape, or throws when a dimension is negative, fractional or an empty name. */
export function checkedShape(name: string, shape: Shape): Shape {
  for (const dim of shape) {
    if (typeof dim === "number" ? !Number.isSafeInteger(dim) || dim < 0 : dim === "") {
      throwShapeMismatch(`tensor "${name}"`, [shape], "dimensions that are whole numbers from 0, or names");
    }
  }
  return shape;
}

export function isStatic(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === "number");
}

/** The number of elements of a static shape. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** The shape that two shapes broadcast to (ONNX multidirectional rule), or undefined when they do not. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    result.push(x === 1 ? y : x);
  }
  return result;
}

/** The non-negative index of an axis that may count from the end. */
export function resolveAxis(operation: string, shape: Shape, axis: number): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= shape.length) {
    throwShapeMismatch(operation, [shape], `an axis from ${-shape.length} to ${shape.length - 1}, not ${axis}`);
  }
  return resolved;
}

/** The product of dimensions: a number, a name, or a product such as "8*M*N". */
export function productOfDims(dims: Shape): Dim {
  return fromMonomial(toMonomial(dims));
}

/** `dividend / divisor` where it is exact, otherwise undefined; both are products of dimensions. */
export function quotientOfDims(dividend: Shape, divisor: Shape): Dim | undefined {
  const { coefficient, symbols } = toMonomial(dividend);
  const by = toMonomial(divisor);
  if (by.coefficient === 0 || coefficient % by.coefficient !== 0) return undefined;
  const rest = [...symbols];
  for (const symbol of by.symbols) {
    const at = rest.indexOf(symbol);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return fromMonomial({ coefficient: coefficient / by.coefficient, symbols: rest });
}

/** The sum of dimensions; sums of different names become a new name such as "M+N". */
export function sumOfDims(dims: Shape): Dim {
  if (isStatic(dims)) return dims.reduce((sum, dim) => sum + dim, 0);
  if (dims.every((dim) => dim === dims[0])) return productOfDims([dims.length, dims[0]!]);
  return dims.join("+");
}

interface Monomial {
  readonly coefficient: number;
  readonly symbols: readonly string[];
}

function toMonomial(dims: Shape): Monomial {
  let coefficient = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    for (const factor of String(dim).split("*")) {
      if (/^\d+$/.test(factor)) coefficient *= Number(factor);
      else symbols.push(factor);
    }
  }
  return { coefficient, symbols: symbols.sort() };
}

function fromMonomial({ coefficient, symbols }: Monomial): Dim {
  if (symbols.length === 0 || coefficient === 0) return coefficient;
  return [...(coefficient === 1 ? [] : [coefficient]), ...symbols].join("*");
}

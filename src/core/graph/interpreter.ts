// Runs a graph in float64, one obviously right loop per operation: the oracle for gradients and for the engines. Slow on purpose.

import { MesascopeError } from "../base/errors.ts";
import { type Graph, reachableNodes, type Tensor } from "./graph.ts";
import { type NumericTensor, numberOfElements } from "./numeric.ts";
import { formatShape } from "./shapes.ts";

/** A value fed to the interpreter: row-major, integers and booleans as numbers. */
export interface InterpreterFeed {
  readonly dims: readonly number[];
  readonly data: readonly number[] | Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
}

export interface InterpreterResult {
  readonly dims: number[];
  readonly data: Float64Array;
}

/**
 * The outputs called `names` (default: all), in float64. Throws `shape-mismatch` when a feed is missing or does not have the declared
 * shape, and when one symbolic dimension is given two sizes.
 */
export function interpret(
  graph: Graph,
  feeds: Readonly<Record<string, InterpreterFeed>>,
  names: readonly string[] = [...graph.outputs.keys()],
): Record<string, InterpreterResult> {
  const wanted = names.map((name) => [name, outputCalled(graph, name)] as const);
  const values = new Map<Tensor, NumericTensor>();
  const sizes = new Map<string, number>();
  for (const input of graph.inputs) values.set(input, checkedFeed(input, feeds[input.name], sizes));
  for (const { tensor, data } of graph.initializers.values()) {
    values.set(tensor, { dims: tensor.shape.map(Number), data: Float64Array.from(data, Number) });
  }
  const nodes = reachableNodes(
    graph,
    wanted.map(([, tensor]) => tensor),
  );
  for (const node of nodes) {
    const results = node.operation.evaluate(
      node.inputs.map((input) => values.get(input)!),
      node,
    );
    for (const [i, output] of node.outputs.entries()) values.set(output, checkedResult(output, results[i]!));
  }
  return Object.fromEntries(
    wanted.map(([name, tensor]) => {
      const { dims, data } = values.get(tensor)!;
      return [name, { dims: [...dims], data: data.slice() }];
    }),
  );
}

function outputCalled(graph: Graph, name: string): Tensor {
  const tensor = graph.outputs.get(name);
  if (tensor !== undefined) return tensor;
  const known = [...graph.outputs.keys()].join(", ");
  throw new MesascopeError("invalid-model", `output "${name}" asked of graph "${graph.name}"; it has: ${known}`);
}

function checkedFeed(input: Tensor, feed: InterpreterFeed | undefined, sizes: Map<string, number>): NumericTensor {
  const declared = `input "${input.name}" is declared ${formatShape(input.shape)}`;
  if (feed === undefined) throw new MesascopeError("shape-mismatch", `${declared} but was not fed`);
  const fits = input.shape.every((dim, axis) => {
    const size = feed.dims[axis]!;
    const expected = typeof dim === "number" ? dim : (sizes.get(dim) ?? size);
    if (typeof dim === "string") sizes.set(dim, expected);
    return size === expected;
  });
  if (!fits || feed.dims.length !== input.shape.length || numberOfElements(feed.dims) !== feed.data.length) {
    throw new MesascopeError(
      "shape-mismatch",
      `${declared}; ${feed.data.length} values of shape ${formatShape(feed.dims)} given`,
    );
  }
  return { dims: feed.dims, data: Float64Array.from(feed.data, Number) };
}

/** Holds every operation to the shape it promised when the graph was built. */
function checkedResult(output: Tensor, result: NumericTensor): NumericTensor {
  const fits =
    result.dims.length === output.shape.length &&
    output.shape.every((dim, i) => typeof dim === "string" || dim === result.dims[i]);
  if (fits && result.data.length === numberOfElements(result.dims)) return result;
  throw new MesascopeError(
    "shape-mismatch",
    `"${output.name}" was promised as ${formatShape(output.shape)} and computed as ${formatShape(result.dims)}`,
  );
}

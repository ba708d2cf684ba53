// The graph builder: tensors, nodes and what an operation must define. Operations are in ops/, gradients in gradients.ts,
// the ONNX bytes in serialize.ts. A graph only grows; what no output needs is left out when it is serialized or interpreted.

import { MesascopeError } from "../base/errors.ts";
import type { TensorArray } from "../engine/engine.ts";
import type { NumericTensor } from "./numeric.ts";
import { checkedShape, formatShape, type Shape, sizeOfShape } from "./shapes.ts";

export type DType = "float32" | "int32" | "int64" | "uint8" | "bool";

/** A value in a graph: the result of a node, an input, or an initializer. */
export interface Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: DType;
  /** A string is a symbolic dimension, such as the batch "N"; a product of them reads "8*N". */
  readonly shape: Shape;
}

/** ONNX attributes carry their type; a float that happens to be whole is still a float. */
export type Attribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string };

export type Attributes = Readonly<Record<string, Attribute>>;

/** The dtype and shape of a node's output. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

export interface GradientContext {
  readonly node: Node;
  readonly inputs: readonly Tensor[];
  /** The node's first output. */
  readonly output: Tensor;
  /** Gradient of the loss with respect to the output, for operations with one; the others use `gradients`. */
  readonly gradient: Tensor;
  /** One per output; undefined where the loss does not depend on that output. */
  readonly gradients: readonly (Tensor | undefined)[];
}

/** All there is to know about an operation: one of these and a function that calls `Graph.node` add it to the language. */
export interface Operation {
  /** The ONNX operator of the default domain, opset 17. */
  readonly type: string;
  /**
   * The gradient with respect to each input, built from other operations; undefined for an input that only selects (an index, a condition).
   * An operation without it may not lie between the loss and what it is differentiated by.
   */
  readonly gradient?: (context: GradientContext) => readonly (Tensor | undefined)[];
  /** The same operation in float64, for the interpreter. Must not write to its inputs. */
  readonly evaluate: (inputs: readonly NumericTensor[], node: Node) => readonly NumericTensor[];
}

export interface Node {
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Attributes;
}

export interface Initializer {
  readonly tensor: Tensor;
  readonly data: TensorArray;
}

/** A computation under construction. Tensors of different graphs do not mix. */
export class Graph {
  readonly name: string;
  readonly inputs: Tensor[] = [];
  readonly outputs = new Map<string, Tensor>();
  /** Names under which computed tensors appear in the serialized model without being outputs: hook points. */
  readonly labels = new Map<string, Tensor>();
  readonly initializers = new Map<Tensor, Initializer>();
  /** In order of construction, so every node comes after what it reads. */
  readonly nodes: Node[] = [];
  readonly producers = new Map<Tensor, Node>();
  readonly #names = new Set<string>();
  /** Names that a caller gave to inputs and weights; the names of constants and nodes may be moved aside for an output's. */
  readonly #named = new Set<string>();
  readonly #scalars = new Map<string, Tensor>();
  #counter = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Declares a value fed at every run. */
  input(name: string, dtype: DType, shape: Shape): Tensor {
    const tensor = this.#tensor(this.#claim(name), dtype, shape);
    this.inputs.push(tensor);
    return tensor;
  }

  /**
   * A value embedded in the model. Numbers become float32 unless `dtype` says otherwise; the shape defaults to a scalar for a number and to
   * `[length]` for a list. Equal scalars are stored once.
   */
  constant(values: number | readonly number[] | TensorArray, shape?: readonly number[], dtype?: DType): Tensor {
    const type = dtype ?? (typeof values === "number" || Array.isArray(values) ? "float32" : dtypeOf(values as TensorArray));
    if (typeof values === "number" && (shape === undefined || shape.length === 0)) {
      const key = `${type}:${Object.is(values, -0) ? "-0" : values}`;
      const known = this.#scalars.get(key);
      if (known !== undefined) return known;
      const tensor = this.#addInitializer(this.#fresh("constant"), [], type, toArray([values], type));
      this.#scalars.set(key, tensor);
      return tensor;
    }
    const list = typeof values === "number" ? [values] : values;
    return this.#addInitializer(this.#fresh("constant"), shape ?? [list.length], type, toArray(list, type));
  }

  /** A named weight stored in the model, kept by reference until the graph is serialized. */
  initializer(name: string, data: TensorArray, shape: readonly number[]): Tensor {
    return this.#addInitializer(this.#claim(name), shape, dtypeOf(data), data);
  }

  /** Makes `tensor` a result of the graph, under `name`: its own, or one that no input, named weight or other output has. */
  output(name: string, tensor: Tensor): void {
    this.#check(tensor, name);
    const taken = this.#named.has(name) && tensor.name !== name;
    if (name === "" || this.outputs.has(name) || taken) {
      throw new MesascopeError(
        "invalid-model",
        `output name "${name}" is empty or taken in graph "${this.name}"; choose another`,
      );
    }
    this.outputs.set(name, tensor);
  }

  /** Gives a computed tensor a name of its own in the serialized model, so that it can be read there. */
  label(name: string, tensor: Tensor): void {
    this.#check(tensor, name);
    this.labels.set(this.#claim(name), tensor);
  }

  /** Adds a node with one output. For operations; networks are built from the functions in ops/. */
  node(operation: Operation, inputs: readonly Tensor[], type: TensorType, attributes: Attributes = {}): Tensor {
    return this.nodeWithOutputs(operation, inputs, [type], attributes)[0]!;
  }

  /** Adds a node with one output for each of `types`. */
  nodeWithOutputs(
    operation: Operation,
    inputs: readonly Tensor[],
    types: readonly TensorType[],
    attributes: Attributes,
  ): readonly Tensor[] {
    for (const input of inputs) this.#check(input, operation.type);
    const outputs = types.map(({ dtype, shape }) => this.#tensor(this.#fresh(operation.type), dtype, shape));
    const node = { operation, inputs, outputs, attributes };
    this.nodes.push(node);
    for (const output of outputs) this.producers.set(output, node);
    return outputs;
  }

  #addInitializer(name: string, shape: readonly number[], dtype: DType, data: TensorArray): Tensor {
    if (sizeOfShape(shape) !== data.length) {
      throw new MesascopeError(
        "shape-mismatch",
        `initializer "${name}": ${data.length} values given for shape ${formatShape(shape)}; expected ${sizeOfShape(shape)}`,
      );
    }
    const tensor = this.#tensor(name, dtype, shape);
    this.initializers.set(tensor, { tensor, data });
    return tensor;
  }

  #tensor(name: string, dtype: DType, shape: Shape): Tensor {
    return { graph: this, name, dtype, shape: checkedShape(name, shape) };
  }

  #check(tensor: Tensor, user: string): void {
    if (tensor.graph !== this) {
      throw new MesascopeError(
        "invalid-model",
        `${user}: tensor "${tensor.name}" belongs to graph "${tensor.graph.name}", not to "${this.name}"; build it in the same graph`,
      );
    }
  }

  #claim(name: string): string {
    if (name === "" || this.#names.has(name)) {
      throw new MesascopeError("invalid-model", `name "${name}" is empty or taken in graph "${this.name}"; choose another`);
    }
    this.#names.add(name);
    this.#named.add(name);
    return name;
  }

  #fresh(stem: string): string {
    let name: string;
    do name = `${stem}_${this.#counter++}`;
    while (this.#names.has(name));
    this.#names.add(name);
    return name;
  }
}

/** The nodes needed for `tensors`, in an order in which they can be computed. */
export function reachableNodes(graph: Graph, tensors: Iterable<Tensor>): readonly Node[] {
  const needed = new Set<Node>();
  const pending = [...tensors];
  for (let tensor = pending.pop(); tensor !== undefined; tensor = pending.pop()) {
    const node = graph.producers.get(tensor);
    if (node === undefined || needed.has(node)) continue;
    needed.add(node);
    pending.push(...node.inputs);
  }
  return graph.nodes.filter((node) => needed.has(node));
}

function dtypeOf(data: TensorArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof BigInt64Array) return "int64";
  if (data instanceof Uint8Array) return "uint8";
  throw new MesascopeError(
    "shape-mismatch",
    "a Float64Array given as initializer; graphs compute in float32, so convert it first",
  );
}

function toArray(values: readonly number[] | TensorArray, dtype: DType): TensorArray {
  switch (dtype) {
    case "float32":
      return Float32Array.from(values, Number);
    case "int32":
      return Int32Array.from(values, Number);
    case "int64":
      return BigInt64Array.from(Array.from(values, BigInt));
    case "uint8":
    case "bool":
      return Uint8Array.from(values, Number);
    default:
      return dtype satisfies never;
  }
}

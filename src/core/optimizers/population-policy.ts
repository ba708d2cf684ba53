// Many policies of one architecture run side by side: which of their parameters evolution searches, and one graph for all of them.

import type { Engine, EngineSession, TensorData } from "../engine/engine.ts";
import { Graph, type Tensor } from "../graph/graph.ts";
import { concat, reshape, split } from "../graph/ops/layout.ts";
import { serialize } from "../graph/serialize.ts";
import { elementCount, type ParameterSpec, type Weights } from "../nets/parameters.ts";
import type { PolicyNetwork, PopulationForm } from "../nets/policy-shape.ts";

interface SearchedParameter {
  readonly spec: ParameterSpec;
  /** Where it begins in the network's flat vector. */
  readonly offset: number;
  readonly size: number;
}

/** The parameters that decide what a policy does. Those of the value alone are left as they were initialized: no return depends on them. */
export interface SearchSpace {
  /** In the network's order. */
  readonly parameters: readonly SearchedParameter[];
  /** Length n of the vector that is searched. */
  readonly dimension: number;
}

/** What of `network` its logits depend on, at this step or, through the memory, at a later one. */
export function searchSpaceOf(network: PolicyNetwork): SearchSpace {
  let end = 0;
  const all = network.parameters.map((spec) => {
    const size = elementCount(spec.shape);
    end += size;
    return { spec, size, offset: end - size };
  });
  const parameters = all.filter(({ spec }) => !spec.name.startsWith("value."));
  return { parameters, dimension: parameters.reduce((sum, { size }) => sum + size, 0) };
}

/** The searched vector `[n]` in a network's flat vector `[P]`. */
export function readSearched(space: SearchSpace, flat: Float32Array): Float32Array {
  const vector = new Float32Array(space.dimension);
  let at = 0;
  for (const { offset, size } of space.parameters) {
    vector.set(flat.subarray(offset, offset + size), at);
    at += size;
  }
  return vector;
}

/** A copy of `flat` `[P]` with the searched vector `[n]` in its place. */
export function withSearched(space: SearchSpace, flat: Float32Array, vector: ArrayLike<number>): Float32Array {
  const changed = flat.slice();
  let at = 0;
  for (const { offset, size } of space.parameters) {
    for (let i = 0; i < size; i++) changed[offset + i] = vector[at + i]!;
    at += size;
  }
  return changed;
}

export interface PopulationPolicyOptions {
  readonly engine: Engine;
  readonly network: PolicyNetwork;
  readonly space: SearchSpace;
  readonly members: number;
  /** Observations of each member in a call. */
  readonly rows: number;
  /** Places per observation, K. */
  readonly maxActive: number;
}

/** A graph for all members, and how their vectors get into its inputs. */
interface Wiring {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, TensorData>>;
  readonly setMember: (member: number, vector: Float32Array) => void;
  /** How much further on in the first weight the places of each member lie than those of the one before. */
  readonly shift: number;
}

/** The policies of all members in one engine session: call `release` when done. */
export class PopulationPolicy {
  readonly #options: PopulationPolicyOptions;
  readonly #wiring: Wiring;
  readonly #session: EngineSession;
  /** `[members · rows, memorySize]`, for networks without memory of no columns. */
  #memory: Float32Array;

  private constructor(options: PopulationPolicyOptions, wiring: Wiring, session: EngineSession) {
    this.#options = options;
    this.#wiring = wiring;
    this.#session = session;
    this.#memory = new Float32Array(options.members * options.rows * memorySizeOf(options.network));
  }

  static async create(options: PopulationPolicyOptions): Promise<PopulationPolicy> {
    const { network } = options;
    const form = network.kind === "reactive" ? network.population : undefined;
    const wiring = form ? batchedOverMembers(options, form) : networkForEachMember(options);
    return new PopulationPolicy(options, wiring, await options.engine.compile(serialize(wiring.graph)));
  }

  /** Gives member `member` the searched vector `[n]`. */
  setMember(member: number, vector: Float32Array): void {
    this.#wiring.setMember(member, vector);
  }

  /** Wipes what row `row` of `[members · rows]` remembers: an episode begins there. */
  forget(row: number): void {
    const size = memorySizeOf(this.#options.network);
    this.#memory.fill(0, row * size, (row + 1) * size);
  }

  /** Logits `[members · rows, actionCount]` for places of ones `[members · rows, K]`, all rows of the first member first. Writes to `active`. */
  async logits(active: Int32Array): Promise<Float32Array> {
    const { network, members, rows, maxActive } = this.#options;
    const { feeds, shift } = this.#wiring;
    for (let member = 1; shift > 0 && member < members; member++) {
      const end = (member + 1) * rows * maxActive;
      for (let i = end - rows * maxActive; i < end; i++) active[i]! += member * shift;
    }
    const dims = [members * rows, memorySizeOf(network)];
    const memory: Record<string, TensorData> =
      network.kind === "recurrent" ? { memory: { dtype: "float32", dims, data: this.#memory } } : {};
    const outputs = await this.#session.run({
      ...feeds,
      ...memory,
      active: { dtype: "int32", dims: [members * rows, maxActive], data: active },
    });
    if (outputs.nextMemory) this.#memory = outputs.nextMemory.data as Float32Array;
    return outputs.logits!.data as Float32Array;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function memorySizeOf(network: PolicyNetwork): number {
  return network.kind === "recurrent" ? network.memorySize : 0;
}

/** The architecture's own form for many members: an input `[members, ...shape]` for each parameter. */
function batchedOverMembers(options: PopulationPolicyOptions, form: PopulationForm): Wiring {
  const { network, space, members, rows, maxActive } = options;
  const { inputSize } = network.shape;
  const graph = new Graph("population");
  const active = graph.input("active", "int32", [members * rows, maxActive]);
  const weights: Record<string, Tensor> = {};
  const feeds: Record<string, TensorData> = {};
  const stores = space.parameters.map(({ spec, size }) => {
    const isTable = spec.name === form.table;
    const stride = isTable ? size + size / inputSize : size;
    const dims = isTable ? [members * (inputSize + 1), size / inputSize] : [members, ...spec.shape];
    const store = new Float32Array(members * stride);
    weights[spec.name] = graph.input(spec.name, "float32", dims);
    feeds[spec.name] = { dtype: "float32", dims, data: store };
    return { store, stride, size };
  });
  graph.output("logits", form.logits(weights, active));
  const setMember = (member: number, vector: Float32Array): void => {
    let at = 0;
    for (const { store, stride, size } of stores) {
      store.set(vector.subarray(at, at + size), member * stride);
      at += size;
    }
  };
  return { graph, feeds, setMember, shift: inputSize + 1 };
}

/** The network once for each member, for any architecture. */
function networkForEachMember(options: PopulationPolicyOptions): Wiring {
  const { network, space, members, rows, maxActive } = options;
  const graph = new Graph("population");
  const active = split(graph.input("active", "int32", [members * rows, maxActive]), new Array<number>(members).fill(rows), 0);
  const store = new Float32Array(members * space.dimension);
  const vectors = graph.input("parameters", "float32", [store.length]);
  const sizes = space.parameters.map(({ size }) => size);
  const pieces = split(vectors, new Array<number[]>(members).fill(sizes).flat(), 0);
  // No logit reads these: they leave no trace in the model.
  const unread = network.parameters.map(
    (spec) => [spec.name, graph.constant(new Float32Array(elementCount(spec.shape)), spec.shape)] as const,
  );
  const weightsOf = (member: number): Weights => {
    const own = space.parameters.map(
      ({ spec }, i) => [spec.name, reshape(pieces[member * sizes.length + i]!, spec.shape)] as const,
    );
    return Object.fromEntries([...unread, ...own]);
  };
  if (network.kind === "reactive") {
    graph.output(
      "logits",
      concat(
        active.map((own, member) => network.onActive(weightsOf(member), own).logits),
        0,
      ),
    );
  } else {
    const memory = graph.input("memory", "float32", [members * rows, network.memorySize]);
    const memories = split(memory, new Array<number>(members).fill(rows), 0);
    const steps = active.map((own, member) => network.stepOnActive(weightsOf(member), own, memories[member]!));
    graph.output(
      "logits",
      concat(
        steps.map(({ logits }) => logits),
        0,
      ),
    );
    graph.output(
      "nextMemory",
      concat(
        steps.map((step) => step.memory),
        0,
      ),
    );
  }
  const feeds: Record<string, TensorData> = { parameters: { dtype: "float32", dims: [store.length], data: store } };
  return { graph, feeds, setMember: (member, vector) => store.set(vector, member * space.dimension), shift: 0 };
}

// What a policy computes on the way to its actions: reading named tensors of its model, and editing them, while it answers.

import { MesascopeError } from "../base/errors.ts";
import type { Engine, EngineSession, TensorData } from "../engine/engine.ts";
import { type EditSlot, editedName, editTensors } from "../graph/edit-tensors.ts";
import { exposeTensors } from "../graph/expose-tensors.ts";
import { readModel } from "../graph/read-model.ts";
import { type Edit, editFeeds } from "./activation-edits.ts";
import {
  blankMemory,
  joined,
  linesOf,
  nextStates,
  observationFeeds,
  type PolicyMemory,
  partsOf,
  type RowPart,
  requireMemory,
} from "./onnx/onnx-policy-calls.ts";
import type { PolicyInterface } from "./onnx/onnx-policy-interface.ts";
import { ownInterface } from "./onnx/onnx-policy-search.ts";
import { PackedReader } from "./packed-reader.ts";

export interface HookOptions {
  readonly engine: Engine;
  /** A policy as an ONNX model. */
  readonly model: Uint8Array;
  /** How it is called; default as the policies that this project exports. */
  readonly policy?: PolicyInterface;
  /**
   * Tensors to read: hook points (`hidden.0.pre`, `hidden.0.post`, …), outputs, or any other that a node computes, float32 with a line per
   * row. A name reads the value before the edits made at that tensor (those made earlier in the model show); the name with `.edited` the
   * value after them.
   */
  readonly read?: readonly string[];
  /** Where something may be edited, and how. */
  readonly edit?: readonly EditSlot[];
}

export interface HookedStep {
  /** `[rows, actions]`: what the policy's output holds, edited where it was edited. */
  readonly logits: Float32Array;
  /** `[rows]`; null for a policy without. */
  readonly value: Float32Array | null;
  /** `[rows, width]` of each tensor that is read. */
  readonly activations: Readonly<Record<string, Float32Array>>;
  /** What the next step of these episodes is to be given. */
  readonly memory: PolicyMemory;
}

export interface StepOptions {
  readonly edits?: readonly Edit[];
  /** As the step before gave it; default that of an episode's first step. */
  readonly memory?: PolicyMemory;
}

export interface SequenceOptions {
  readonly steps: number;
  readonly edits?: readonly Edit[] | ((step: number) => readonly Edit[]);
  readonly memory?: PolicyMemory;
}

/**
 * A policy compiled once, to be run with its tensors read and edited, in the spirit of TransformerLens's `run_with_cache` and
 * `run_with_hooks`. Edits are data of a run, not of the model: one hooked policy serves every vector and strength. Runs without edits use
 * the model as it is. Holds native memory: call `release`.
 *
 * @example
 * const hooked = await HookedPolicy.create({ engine, model, read: ["hidden.0.post"], edit: [{ tensor: "hidden.0.post", kind: "add" }] });
 * const plain = await hooked.run(observations);
 * const steered = await hooked.run(observations, { edits: [{ tensor: "hidden.0.post", kind: "add", vector, strength: 2 }] });
 */
export class HookedPolicy {
  readonly policy: PolicyInterface;
  /** What can be edited, each with the width of its tensor. */
  readonly #slots: readonly WidthSlot[];
  readonly #read: readonly string[];
  readonly #plain: Variant;
  /** Null where nothing can be edited. */
  readonly #editable: Variant | null;
  readonly #packed: PackedReader;

  private constructor(made: {
    readonly policy: PolicyInterface;
    readonly packed: PackedReader;
    readonly slots: readonly WidthSlot[];
    readonly read: readonly string[];
    readonly plain: Variant;
    readonly editable: Variant | null;
  }) {
    this.policy = made.policy;
    this.#slots = made.slots;
    this.#read = made.read;
    this.#plain = made.plain;
    this.#editable = made.editable;
    this.#packed = made.packed;
  }

  /**
   * Throws `usage` for an unknown tensor, listing those there are, `shape-mismatch` for a tensor to be edited that is no float32 with a
   * line per row, and `invalid-model` for bytes that are no model.
   */
  static async create(options: HookOptions): Promise<HookedPolicy> {
    const { engine, model, edit = [] } = options;
    const policy = options.policy ?? ownInterface(readModel(model));
    const read = [...new Set(options.read ?? [])];
    const tensors = [...new Set(edit.map(({ tensor }) => tensor))];
    const variant = async (bytes: Uint8Array, names: Names): Promise<Variant> => {
      const wanted = [...answersOf(policy).map(names.answer), ...read.map(names.read)];
      const fetches = [...new Set(wanted)];
      const session = await engine.compile(exposeTensors(bytes, [...fetches, ...tensors]));
      return { session, names, fetches };
    };
    const same = (name: string): string => name;
    // Without edits, the value after them is the value before.
    const before = (name: string): string => tensors.find((tensor) => editedName(tensor) === name) ?? name;
    const after = (name: string): string => (tensors.includes(name) ? editedName(name) : name);
    const plain = await variant(model, { answer: same, read: before });
    try {
      const widths = await tensorWidths(plain.session, policy, tensors);
      const slots = edit.map((slot) => ({ ...slot, width: widths[slot.tensor]! }));
      const editable = edit.length > 0 ? await variant(editTensors(model, edit), { answer: after, read: same }) : null;
      const packed = new PackedReader({ engine, model, wanted: plain.fetches.filter((name) => !isState(policy, name)) });
      return new HookedPolicy({ policy, packed, slots, read, plain, editable });
    } catch (error) {
      await plain.session.release();
      throw error;
    }
  }

  /**
   * One step on observations `[rows, inputSize]`. Throws `shape-mismatch` for observations that are no whole rows, for a tensor that is no
   * float32 with a line per row and for edits of another width, `usage` for an edit that was not declared.
   */
  async run(observations: Float32Array, options: StepOptions = {}): Promise<HookedStep> {
    const { policy } = this;
    const { edits = none, memory } = options;
    const rows = rowsIn(observations, policy.inputSize);
    if (memory !== undefined) requireMemory(policy, memory, rows);
    const variant = edits.length > 0 && this.#editable !== null ? this.#editable : this.#plain;
    const parts = partsOf(policy, rows);
    const states = memory ?? blankMemory(policy, rows);
    const taken: HookedStep[] = [];
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      const feeds = Object.assign(observationFeeds(policy, observations, part), states[i]);
      if (edits.length > 0) Object.assign(feeds, editFeeds({ slots: this.#slots, edits, rows, part }));
      const outputs =
        variant === this.#plain && part.size === 1
          ? await this.#packed.run(feeds, variant)
          : await variant.session.run(feeds, variant.fetches);
      taken.push(this.#answer(variant, outputs, part));
    }
    return parts.length === 1 ? taken[0]! : this.#join(taken, { memory: taken.flatMap((step) => step.memory) });
  }

  /**
   * Episodes from their beginning, or from `memory` on: observations `[steps, rows, inputSize]` in, everything `[steps, rows, …]` out.
   * Edits are the same at every step, or those that a function of the step gives. Throws as `run`.
   */
  async runSteps(observations: Float32Array, options: SequenceOptions): Promise<HookedStep> {
    const { steps, edits = [], memory } = options;
    const width = observations.length / steps;
    if (!Number.isInteger(width)) {
      throw new MesascopeError(
        "shape-mismatch",
        `${observations.length} numbers given for ${steps} steps; expected as many at each step.`,
      );
    }
    const taken: HookedStep[] = [];
    for (let step = 0; step < steps; step++) {
      const before = taken.at(-1)?.memory ?? memory;
      taken.push(
        await this.run(observations.subarray(step * width, (step + 1) * width), {
          edits: typeof edits === "function" ? edits(step) : edits,
          ...(before === undefined ? {} : { memory: before }),
        }),
      );
    }
    return this.#join(taken, { memory: taken.at(-1)!.memory });
  }

  /** Frees the compiled models. */
  async release(): Promise<void> {
    await this.#plain.session.release();
    await this.#editable?.session.release();
    await this.#packed.release();
  }

  #answer({ names }: Variant, outputs: Readonly<Record<string, TensorData>>, part: RowPart): HookedStep {
    const { policy } = this;
    const activations: Record<string, Float32Array> = {};
    for (const name of this.#read) activations[name] = linesOf(name, outputs[names.read(name)], part);
    return {
      logits: linesOf(policy.output.name, asFloats(outputs[names.answer(policy.output.name)]!), part),
      value: policy.value === null ? null : linesOf(policy.value, outputs[names.answer(policy.value)], part),
      activations,
      memory: [nextStates(policy, { outputs, part, nameOf: names.answer })],
    };
  }

  /** Steps or parts one after the other. */
  #join(taken: readonly HookedStep[], { memory }: { readonly memory: PolicyMemory }): HookedStep {
    return {
      logits: joined(taken.map(({ logits }) => logits)),
      value: this.policy.value === null ? null : joined(taken.map(({ value }) => value!)),
      activations: Object.fromEntries(this.#read.map((name) => [name, joined(taken.map((step) => step.activations[name]!))])),
      memory,
    };
  }
}

function isState(policy: PolicyInterface, name: string): boolean {
  return policy.states.some(({ output }) => output === name);
}

const none: readonly Edit[] = [];

type WidthSlot = EditSlot & { readonly width: number };

/** Under which names of a session's outputs lie the policy's answers, and what is read. */
interface Names {
  readonly answer: (name: string) => string;
  readonly read: (name: string) => string;
}

/** The model as it is, or made editable. */
interface Variant {
  readonly session: EngineSession;
  readonly names: Names;
  readonly fetches: readonly string[];
}

/** The outputs that make an answer, states included. */
function answersOf(policy: PolicyInterface): string[] {
  return [policy.output.name, ...(policy.value === null ? [] : [policy.value]), ...policy.states.map(({ output }) => output)];
}

/** Numbers of an action, which come as integers, as the floats that all answers are given in. */
function asFloats(tensor: TensorData): TensorData {
  if (tensor.data instanceof Float32Array) return tensor;
  return { dtype: "float32", dims: tensor.dims, data: Float32Array.from(tensor.data, Number) };
}

/** Numbers per row of each of `tensors`, found by a run on blank observations. Throws `shape-mismatch` as `linesOf`. */
async function tensorWidths(
  session: EngineSession,
  policy: PolicyInterface,
  tensors: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  if (tensors.length === 0) return {};
  const rows = policy.batch ?? 2;
  const part = { start: 0, count: rows, size: rows };
  const observations = observationFeeds(policy, new Float32Array(rows * policy.inputSize), part);
  const outputs = await session.run({ ...observations, ...blankMemory(policy, rows)[0] }, tensors);
  return Object.fromEntries(tensors.map((name) => [name, linesOf(name, outputs[name], part).length / rows]));
}

function rowsIn(observations: Float32Array, inputSize: number): number {
  const rows = observations.length / inputSize;
  if (Number.isInteger(rows) && rows > 0) return rows;
  throw new MesascopeError(
    "shape-mismatch",
    `${observations.length} numbers given as observations of ${inputSize} each; expected one or more whole rows.`,
  );
}

export interface ActivationRequest {
  readonly engine: Engine;
  /** A policy as an ONNX model. */
  readonly model: Uint8Array;
  /** How it is called; default as the policies that this project exports. */
  readonly policy?: PolicyInterface;
  /** Hook points (`hidden.0.pre`, `hidden.0.post`, …), outputs, or any other tensor that a node computes. */
  readonly names: readonly string[];
  /** `[rows, inputSize]` */
  readonly observations: Float32Array;
}

/**
 * The values of each named tensor, `[rows, width]`, by name, at the first step of an episode. Compiles the model for this call; to read or
 * edit more than once, hook the policy. Throws `usage` for an unknown tensor, listing those there are, `shape-mismatch` for observations
 * that are no whole rows and for a tensor that is no float32 with a line per row, and `invalid-model` for bytes that are no model.
 *
 * @example
 * const { "hidden.0.post": hidden } = await readActivations({ engine, model, names: ["hidden.0.post"], observations });
 */
export async function readActivations(request: ActivationRequest): Promise<Readonly<Record<string, Float32Array>>> {
  const { observations, names, ...options } = request;
  const hooked = await HookedPolicy.create({ ...options, read: names });
  try {
    return (await hooked.run(observations)).activations;
  } finally {
    await hooked.release();
  }
}

// How a policy is called in an ONNX model of our own or another's: which input takes the observation, which output gives the actions, what
// is carried from step to step. Types, and how the axes of a model are told apart; onnx-policy-search.ts finds the interface of a model.

import type { TensorData } from "../../engine/engine.ts";
import type { ModelValue } from "../../graph/read-model.ts";

/** What the output for the actions holds: `q-values` and `action` are greedy policies. */
export const outputKinds = ["logits", "probabilities", "q-values", "action"] as const;
export type OutputKind = (typeof outputKinds)[number];

/** Axes as fed: a number, or "rows" for as many as the call has. */
export type Axes = readonly (number | "rows")[];

export interface ModelChannel {
  readonly name: string;
  readonly dtype: TensorData["dtype"];
  readonly axes: Axes;
}

/** Where the ones of an observation go: as they lie, or with the channels last. */
export type Layout = "as encoded" | "channels last";

export interface PolicyInterface {
  readonly inputSize: number;
  readonly actionCount: number;
  /** Rows that every call must have; null where any number will do. */
  readonly batch: number | null;
  readonly observation: ModelChannel & { readonly layout: Layout; readonly shape: readonly number[] };
  /** Kind null: not told by names; to be found from values. */
  readonly output: { readonly name: string; readonly kind: OutputKind | null };
  /** The output `[rows]` with state values, where there is one. */
  readonly value: string | null;
  /** What each step gives to the next, zeros at first. */
  readonly states: readonly (ModelChannel & { readonly output: string })[];
  /** Inputs that hold the same number at every call. */
  readonly fills: readonly (ModelChannel & { readonly value: number })[];
}

/** What a world asks of a policy. */
export interface PolicyNeeds {
  readonly inputSize: number;
  /** Of an observation before it is laid flat. */
  readonly observationShape: readonly number[];
  readonly actionCount: number;
}

/** What a person says about a model; what is left out is found from names, dtypes and shapes, where only one reading is possible. */
export interface InterfaceOptions {
  /** Name of the input for the observation. */
  readonly observation?: string;
  readonly outputKind?: OutputKind;
  readonly output?: string;
  /** Input and output of each state. */
  readonly states?: readonly (readonly [string, string])[];
  /** Inputs to be filled with a number. */
  readonly fills?: Readonly<Record<string, number>>;
}

export interface FoundInterface {
  readonly policy: PolicyInterface;
  /** What was guessed, a sentence each. */
  readonly notes: readonly string[];
}

/** `observation float32 [N, 849], h float32 [1, N, 64]` */
export function listOf(values: readonly ModelValue[]): string {
  const text = ({ name, dtype, shape }: ModelValue) => `${name} ${dtype} [${shape?.join(", ") ?? "axes undeclared"}]`;
  return values.map(text).join(", ") || "nothing";
}

/** How symbols for the number of rows, and of steps, are called. */
const batchNames = /^(n|b|batch.*|.*_batch|num_?envs|unk__\d+|.*batch_?size.*)$/i;
const timeNames = /^(t|l|s|seq.*|time.*|steps?|max_?seq.*)$/i;

/** How the batch axis of a model is known: by its symbol, or as the first axis without a number. */
export type BatchAxis = string | null;

/** The symbol of the batch axis of `value`; null where its axes are all numbers. */
export function batchAxisOf({ shape }: ModelValue): BatchAxis {
  const symbols = (shape ?? []).filter((axis) => typeof axis === "string");
  return symbols.find((name) => batchNames.test(name)) ?? symbols.find((name) => !timeNames.test(name)) ?? null;
}

/** Each axis: a number, "rows" for the batch (once), 1 for time, "unknown" for another symbol. */
export function axesOf({ shape }: ModelValue, batchName: BatchAxis): (number | "rows" | "unknown")[] {
  const own = shape!.filter((axis) => typeof axis === "string");
  const batch = batchName !== null && own.includes(batchName) ? batchName : batchAxisOf({ name: "", dtype: "", shape });
  let found = false;
  return shape!.map((axis) => {
    if (typeof axis === "number") return axis;
    if (axis === batch && !found) {
      found = true;
      return "rows";
    }
    return timeNames.test(axis) ? 1 : "unknown";
  });
}

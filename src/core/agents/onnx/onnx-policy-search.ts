// Finds how a policy is called in the description of an ONNX model, from names, dtypes, shapes and what a person said about it. Pure: nothing
// is run. What does not fit, or fits in more than one way, is told with all that the model has.

import { MesascopeError } from "../../base/errors.ts";
import type { TensorData } from "../../engine/engine.ts";
import type { ModelDescription, ModelValue } from "../../graph/read-model.ts";
import {
  axesOf,
  type BatchAxis,
  batchAxisOf,
  type FoundInterface,
  type InterfaceOptions,
  listOf,
  type ModelChannel,
  type PolicyInterface,
  type PolicyNeeds,
} from "./onnx-policy-interface.ts";
import { kindByName, nextOf } from "./onnx-policy-names.ts";

/** Opset versions that are read: what PyTorch and the converters of today write, and what the engine runs. */
const oldestOpset = 11;
const newestOpset = 21;
const fedDtypes: readonly string[] = ["float32", "float64", "int32", "int64", "uint8", "bool"];
const answerDtypes: readonly string[] = ["float32", "float64", "undeclared"];

/**
 * Maps a model to a policy. Throws `shape-mismatch` when it cannot be one for these needs, or when more than one reading is possible:
 * the message lists what the model has beside what is needed, and the option that settles it.
 */
export function findInterface(model: ModelDescription, needs: PolicyNeeds, options: InterfaceOptions = {}): FoundInterface {
  const search = new InterfaceSearch(model, needs, options);
  return search.find();
}

/**
 * The interface of the policies that this project exports: `observation` `[N, size]`, `logits` `[N, actions]`, and where there are any
 * `value` `[N]`, `memory` and `nextMemory` `[N, size]`. Throws `shape-mismatch`.
 */
export function ownInterface(model: ModelDescription): PolicyInterface {
  const input = model.inputs.find(({ name }) => name === "observation")?.shape;
  const logits = model.outputs.find(({ name }) => name === "logits")?.shape;
  const [inputSize, actionCount] = [input?.length === 2 ? input[1] : undefined, logits?.at(-1)];
  if (typeof inputSize !== "number" || typeof actionCount !== "number") {
    throw new MesascopeError(
      "shape-mismatch",
      `a model that reads ${listOf(model.inputs)} and gives ${listOf(model.outputs)} given; expected one that reads observation ` +
        "[N, inputSize] and gives logits [N, actions]. Say with an interface how it is called.",
    );
  }
  const needs = { inputSize, observationShape: [inputSize], actionCount };
  const named = { observation: "observation", output: "logits", outputKind: "logits" } as const;
  return findInterface(model, needs, named).policy;
}

/** One search; the steps tell what they took in `notes`. */
class InterfaceSearch {
  readonly #model: ModelDescription;
  readonly #needs: PolicyNeeds;
  readonly #options: InterfaceOptions;
  readonly #notes: string[] = [];

  constructor(model: ModelDescription, needs: PolicyNeeds, options: InterfaceOptions) {
    this.#model = model;
    this.#needs = needs;
    this.#options = options;
  }

  find(): FoundInterface {
    const { opset } = this.#model;
    if (opset < oldestOpset || opset > newestOpset) {
      throw this.#misfit(`its opset is ${opset}`, `Export it again with an opset from ${oldestOpset} to ${newestOpset}`);
    }
    this.#requireNames();
    const observation = this.#observation();
    const batchName = batchAxisOf(observation.value);
    const output = this.#output();
    const others = this.#model.inputs.filter(({ name }) => name !== observation.value.name);
    const fills = this.#fills(others, batchName);
    const remaining = others.filter(({ name }) => !fills.some((fill) => fill.name === name));
    const pairs = this.#statePairs(remaining, output.name);
    const states = pairs.map(([input, next]) => ({ ...this.#channel(input, batchName), output: next }));
    const channels = [observation.channel, ...states];
    const isFixed = channels.some(({ axes }) => !axes.includes("rows"));
    const batch = isFixed ? this.#fixedBatch(observation.value) : null;
    const policy: PolicyInterface = {
      inputSize: this.#needs.inputSize,
      actionCount: this.#needs.actionCount,
      batch,
      observation: observation.channel,
      output,
      value: this.#value(output.name, new Set(states.map((state) => state.output))),
      states,
      fills,
    };
    if (batch !== null) this.#notes.push(`it takes ${batch} at a time, so episodes are run ${batch} by ${batch}`);
    return { policy, notes: this.#notes };
  }

  #requireNames(): void {
    const { observation, output, states = [], fills = {} } = this.#options;
    const inputs = [...(observation ? [observation] : []), ...states.map(([input]) => input), ...Object.keys(fills)];
    const outputs = [...(output ? [output] : []), ...states.map(([, next]) => next)];
    for (const [kind, given, known] of [
      ["input", inputs, this.#model.inputs],
      ["output", outputs, this.#model.outputs],
    ] as const) {
      const missing = given.find((name) => !known.some((value) => value.name === name));
      if (missing !== undefined) throw this.#misfit(`it has no ${kind} "${missing}"`, `Name one of its ${kind}s`);
      const twice = given.find((name, i) => given.indexOf(name) !== i);
      if (twice !== undefined) throw this.#misfit(`its ${kind} "${twice}" is given two roles`, "Give each one role");
    }
  }

  #observation(): { readonly value: ModelValue; readonly channel: PolicyInterface["observation"] } {
    const { observation, states = [], fills = {} } = this.#options;
    const taken = new Set([...states.map(([input]) => input), ...Object.keys(fills)]);
    const candidates = this.#model.inputs.filter(({ name }) =>
      observation === undefined ? !taken.has(name) : name === observation,
    );
    const possible = candidates.flatMap((value) => {
      const channel = this.#observationChannel(value);
      return channel === null ? [] : [{ value, channel, isDeclared: !axesOf(value, batchAxisOf(value)).includes("unknown") }];
    });
    const declared = possible.filter(({ isDeclared }) => isDeclared);
    const fitting = declared.length > 0 ? declared : possible;
    if (fitting.length === 1) {
      const [found] = fitting;
      if (observation === undefined && this.#model.inputs.length > 1)
        this.#notes.push(`"${found!.value.name}" is the observation`);
      if (found!.channel.layout === "channels last") this.#notes.push("the observation's channels are laid last");
      return found!;
    }
    const given = candidates.find(({ dtype }) => !fedDtypes.includes(dtype));
    if (fitting.length === 0 && candidates.length === 1 && given !== undefined) {
      throw this.#misfit(
        `its input "${given.name}" is ${given.dtype}`,
        `Export it with an input of ${fedDtypes.join(", ")}; half precision and text are not fed`,
      );
    }
    const which = fitting.map(({ value }) => value.name).join(", ");
    throw this.#misfit(
      fitting.length === 0 ? "none of its inputs takes such an observation" : `several of its inputs (${which}) take one`,
      fitting.length === 0 ? "Export it for this encoder, or choose another encoder" : "Choose with --input observation=NAME",
    );
  }

  /** Null where `value` cannot take an observation of the world. */
  #observationChannel(value: ModelValue): PolicyInterface["observation"] | null {
    const { inputSize, observationShape: planes } = this.#needs;
    if (value.shape === null || !fedDtypes.includes(value.dtype)) return null;
    const axes = axesOf(value, batchAxisOf(value)).map((axis) => (axis === "unknown" ? null : axis));
    const unknown = axes.filter((axis) => axis === null).length;
    const known = axes.reduce<number>((product, axis) => (typeof axis === "number" ? product * axis : product), 1);
    // One symbol may stand for the size; another would be rows or time, and no one says which.
    if (unknown > 1 || (unknown === 1 && known === inputSize)) return null;
    const filled = axes.map((axis) => axis ?? inputSize / known);
    // A fixed number of rows before what one observation holds is no axis of it.
    const own = filled.filter((axis) => axis !== "rows");
    const perRow = filled.includes("rows") || productOf(own) === inputSize ? own : own.slice(1);
    if (productOf(perRow) !== inputSize) return null;
    const { name } = value;
    const dtype = value.dtype as TensorData["dtype"];
    const base = { name, dtype, axes: filled, shape: planes };
    // Axes of length 1 besides those of the observation, for time or a batch of one, change nothing.
    const longer = (axes: readonly (number | "rows")[]) => axes.filter((axis) => axis !== 1);
    const isSame = perRow.length === planes.length ? sameAxes(perRow, planes) : sameAxes(longer(perRow), longer(planes));
    if (isSame || longer(perRow).length <= 1) return { ...base, layout: "as encoded" };
    const last = [...planes.slice(1), planes[0]!];
    return planes.length === 3 && sameAxes(perRow, last) ? { ...base, layout: "channels last" } : null;
  }

  #fixedBatch({ shape }: ModelValue): number {
    const sizes = shape!.map((axis) => (typeof axis === "number" ? axis : 1));
    const batch = productOf(sizes) / this.#needs.inputSize;
    return Number.isInteger(batch) && batch >= 1 ? batch : 1;
  }

  #output(): PolicyInterface["output"] {
    const { output, outputKind } = this.#options;
    const states = new Set((this.#options.states ?? []).map(([, next]) => next));
    const { actionCount } = this.#needs;
    const open = this.#model.outputs.filter(({ name }) => (output === undefined ? !states.has(name) : name === output));
    const isWide = ({ dtype, shape }: ModelValue) =>
      answerDtypes.includes(dtype) &&
      (shape === null || shape.at(-1) === actionCount || (shape.length > 1 && typeof shape.at(-1) === "string"));
    const isChoice = (value: ModelValue) => /^(int|uint)/.test(value.dtype);
    const wide = open.filter((value) => isWide(value));
    const fitting =
      outputKind === "action"
        ? open.filter((value) => isChoice(value) || output !== undefined)
        : outputKind
          ? wide
          : [...wide, ...open.filter(isChoice)];
    const named = fitting.filter(({ name }) =>
      outputKind === undefined ? kindByName(name) !== null : kindByName(name) === outputKind,
    );
    const exact = fitting.filter(({ shape }) => shape?.at(-1) === actionCount);
    const found = [fitting, named, exact].find((values) => values.length === 1)?.[0] ?? named[0];
    if (found === undefined) {
      const kind = outputKind ?? "logits, probabilities or an action";
      throw fitting.length === 0
        ? this.#misfit(
            `none of its outputs gives ${kind} for ${actionCount} actions`,
            "Export the policy's own output, not its losses",
          )
        : this.#misfit(
            `several of its outputs (${fitting.map(({ name }) => name).join(", ")}) may give ${kind}`,
            "Choose with --output KIND=NAME",
          );
    }
    const kind = outputKind ?? (isChoice(found) ? "action" : kindByName(found.name));
    if (this.#model.outputs.length > 1 && output === undefined) this.#notes.push(`"${found.name}" is the output for the actions`);
    if (outputKind === undefined && kind !== null) this.#notes.push(`"${found.name}" gives ${kind}, by its name or dtype`);
    return { name: found.name, kind };
  }

  #value(output: string, states: ReadonlySet<string>): string | null {
    const named = this.#model.outputs.filter(
      ({ name, dtype }) => /^(v|vf|values?|.*value_?(pred)?s?)$/i.test(name) && dtype === "float32",
    );
    return named.find(({ name }) => name !== output && !states.has(name))?.name ?? null;
  }

  #fills(others: readonly ModelValue[], batchName: BatchAxis): PolicyInterface["fills"] {
    const { fills = {} } = this.#options;
    return others
      .filter(({ name }) => name in fills)
      .map((value) => ({ ...this.#channel(value, batchName), value: fills[value.name]! }));
  }

  #statePairs(inputs: readonly ModelValue[], output: string): readonly (readonly [ModelValue, string])[] {
    const given = this.#options.states ?? [];
    const free = this.#model.outputs.filter(({ name }) => name !== output && !given.some(([, next]) => next === name));
    const pairs = inputs.map((input): readonly [ModelValue, string] => {
      const said = given.find(([name]) => name === input.name);
      if (said !== undefined) return [input, said[1]];
      const { found, candidates } = nextOf(input, { inputs, outputs: free });
      if (found === undefined) {
        const alike = candidates.map(({ name }) => name).join(", ") || "none";
        throw this.#misfit(
          `its input "${input.name}" is no observation, and no single output is alike in dtype and shape (${alike})`,
          `Pair it with --state ${input.name}=OUTPUT, or give it a number with --fill ${input.name}=NUMBER`,
        );
      }
      this.#notes.push(`"${found.name}" is carried to "${input.name}" of the next step`);
      return [input, found.name];
    });
    const twice = pairs.find(([, next], i) => pairs.findIndex(([, other]) => other === next) !== i);
    if (twice === undefined) return pairs;
    throw this.#misfit(`its output "${twice[1]}" would be carried to two inputs`, "Pair inputs and outputs with --state IN=OUT");
  }

  #channel(value: ModelValue, batchName: BatchAxis): ModelChannel {
    if (!fedDtypes.includes(value.dtype)) {
      throw this.#misfit(`its input "${value.name}" is ${value.dtype}`, `Export it with an input of ${fedDtypes.join(", ")}`);
    }
    const axes = value.shape === null ? null : axesOf(value, batchName);
    if (axes === null || axes.includes("unknown")) {
      throw this.#misfit(`the axes of its input "${value.name}" are not declared`, "Export it with all axes but the batch fixed");
    }
    return { name: value.name, dtype: value.dtype as TensorData["dtype"], axes: axes.filter((axis) => axis !== "unknown") };
  }

  #misfit(found: string, todo: string): MesascopeError {
    const { inputSize, observationShape: shape, actionCount } = this.#needs;
    const { inputs, outputs, opset, producer } = this.#model;
    const planes = shape.length > 1 ? ` or planes [N, ${shape.join(", ")}]` : "";
    return new MesascopeError(
      "shape-mismatch",
      `the model does not fit: ${found}.\n  found:  opset ${opset} by ${producer || "an unnamed producer"}; reads ${listOf(inputs)}; gives ${listOf(outputs)}\n` +
        `  needed: opset ${oldestOpset} to ${newestOpset}; reads an observation [N, ${inputSize}]${planes} of ${fedDtypes.join(", ")}; ` +
        `gives logits or probabilities [N, ${actionCount}], or the number of an action [N]; ` +
        `states in and out in pairs\n${todo}.`,
    );
  }
}

function productOf(axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * axis, 1);
}

function sameAxes(a: readonly (number | "rows")[], b: readonly (number | "rows")[]): boolean {
  return a.length === b.length && a.every((axis, i) => axis === b[i]);
}

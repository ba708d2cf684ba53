// Policies in ONNX models: those that this project exports, and those from elsewhere, which are tried before they are believed.

import { MesascopeError } from "../../base/errors.ts";
import type { Engine, EngineSession, TensorData } from "../../engine/engine.ts";
import { readModel } from "../../graph/read-model.ts";
import { actionLapse, chosenActions, type Policy, softmaxRows } from "../policy.ts";
import { blankMemory, nextStates, observationFeeds, type PolicyMemory, partsOf, type RowPart } from "./onnx-policy-calls.ts";
import type { InterfaceOptions, OutputKind, PolicyInterface, PolicyNeeds } from "./onnx-policy-interface.ts";
import { findInterface } from "./onnx-policy-search.ts";

/** Probabilities of an action sum to 1 as closely as this; they are then divided by their sum. */
const sumTolerance = 1e-3;
/** Answers to one observation, asked again or beside others, are as close as this. */
const repeatTolerance = 1e-3;

/**
 * The policy in a model that this project exported: `observation` float32 `[N, inputSize]` in, `logits` float32 `[N, actionCount]` out, and
 * where it remembers `memory` and `nextMemory` `[N, memorySize]`.
 */
export function onnxPolicy(session: EngineSession, shape: { readonly inputSize: number; readonly actionCount: number }): Policy {
  const { inputSize, actionCount } = shape;
  const memorySize = session.inputNames.includes("memory") ? session.inputShapes.memory?.at(-1) : undefined;
  const memory = { name: "memory", output: "nextMemory", dtype: "float32", axes: ["rows", Number(memorySize)] } as const;
  return modelPolicy(session, {
    inputSize,
    actionCount,
    batch: null,
    observation: { name: "observation", dtype: "float32", axes: ["rows", inputSize], layout: "as encoded", shape: [inputSize] },
    output: { name: "logits", kind: "logits" },
    value: null,
    states: memorySize === undefined ? [] : [memory],
    fills: [],
  });
}

export interface ImportOptions {
  readonly engine: Engine;
  readonly model: Uint8Array;
  /** What errors call it. */
  readonly file: string;
  readonly needs: PolicyNeeds;
  readonly options?: InterfaceOptions;
  /** Observations of the world to try it on, at least two, `[rows, inputSize]`. */
  readonly probes: Float32Array;
}

export interface ImportedPolicy {
  readonly policy: Policy;
  readonly called: PolicyInterface;
  /** What was guessed, for people to check. */
  readonly notes: readonly string[];
  /** What no audit of it can show, because of what it gives. */
  readonly limits: readonly string[];
  /** Frees the compiled model. */
  release(): Promise<void>;
}

/**
 * A policy from elsewhere. It is tried on `probes`: it must run, answer the same when asked again and when asked alone, and keep to the
 * shapes that it declares. Throws `shape-mismatch` and `invalid-model`, all naming the file; its answers are checked at every step of an
 * audit too, so that one that is no answer ends the audit with an error.
 */
export async function importPolicy(options: ImportOptions): Promise<ImportedPolicy> {
  const { engine, model, file, needs } = options;
  return naming(file, async () => {
    const { policy: found, notes } = findInterface(readModel(model), needs, options.options);
    const session = await engine.compile(model);
    try {
      const kind = found.output.kind ?? (await kindByValues(session, found, options.probes));
      const called: PolicyInterface = { ...found, output: { ...found.output, kind } };
      const guessed = found.output.kind === null ? [`"${found.output.name}" gives ${kind}, by its values`] : [];
      const policy = modelPolicy(session, called);
      await tryPolicy(policy, options.probes);
      return {
        policy: named(policy, file),
        called,
        notes: [...notes, ...guessed],
        limits: limitsOf(kind),
        release: () => session.release(),
      };
    } catch (error) {
      await session.release();
      throw error;
    }
  });
}

/** The policy that is called as `called` says; the kind of its output must be known. */
function modelPolicy(session: EngineSession, called: PolicyInterface): Policy {
  const { inputSize, actionCount, states, output } = called;
  const fetches = [output.name, ...states.map((state) => state.output)];
  return {
    inputSize,
    actionCount,
    memory: states.length > 0 ? "episode" : "none",
    answers: output.kind === "action" || output.kind === "q-values" ? "actions" : "probabilities",
    begin: (count) => {
      const parts = partsOf(called, count);
      const memory = [...blankMemory(called, count)];
      return {
        async probabilities({ observations, running }) {
          const answers = new Float32Array(count * actionCount).fill(1 / actionCount);
          for (const [i, part] of parts.entries()) {
            if (!running.subarray(part.start, part.start + part.count).includes(1)) continue;
            const feeds = { ...observationFeeds(called, observations, part), ...memory[i] };
            const outputs = await session.run(feeds, fetches);
            answers.set(probabilitiesIn(called, outputs[output.name]!, part), part.start * actionCount);
            memory[i] = nextStates(called, { outputs, part });
          }
          return answers;
        },
      };
    },
  };
}

/** `[part.count, actionCount]` from what the output holds. Throws `shape-mismatch` and `invalid-model`. */
function probabilitiesIn({ output, actionCount }: PolicyInterface, tensor: TensorData, part: RowPart): Float32Array {
  const { name, kind } = output;
  const isAction = kind === "action";
  const { dims } = tensor;
  const width = isAction ? 1 : actionCount;
  if (tensor.data.length !== part.size * width || (!isAction && dims.at(-1) !== actionCount)) {
    throw new MesascopeError(
      "shape-mismatch",
      `the policy answered ${part.size} observations with ${name} [${dims}]; expected ${isAction ? `[${part.size}]` : `[${part.size}, ${actionCount}]`}. ` +
        "Export its output for the actions.",
    );
  }
  const all = tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(tensor.data, Number);
  const values = all.subarray(0, part.count * width);
  switch (kind) {
    case "logits":
      return softmaxRows(values, actionCount);
    case "probabilities":
      return checkedProbabilities(values, actionCount);
    case "q-values":
      return chosenActions(checkedActions(greedy(values, actionCount), actionCount), actionCount);
    case "action":
      return chosenActions(checkedActions(values, actionCount), actionCount);
    case null:
      throw new MesascopeError("invalid-model", `what "${name}" gives is not known; say it with --output KIND=${name}.`);
    default:
      return kind satisfies never;
  }
}

function checkedProbabilities(values: Float32Array, actionCount: number): Float32Array {
  const out = values.slice();
  for (let start = 0; start < out.length; start += actionCount) {
    const row = out.subarray(start, start + actionCount);
    const sum = row.reduce((total, p) => total + p, 0);
    if (!row.every((p) => p >= 0) || !(Math.abs(sum - 1) <= sumTolerance)) {
      throw new MesascopeError(
        "invalid-model",
        `the policy answered with probabilities ${[...row].map((p) => p.toPrecision(3)).join(", ")} (sum ${sum.toPrecision(4)}); expected numbers ` +
          "from 0 that sum to 1. If they are logits, say --output logits.",
      );
    }
    for (let i = 0; i < row.length; i++) row[i]! /= sum;
  }
  return out;
}

function checkedActions(actions: Float32Array, actionCount: number): Float32Array {
  const bad = actions.find((action) => !Number.isInteger(action) || action < 0 || action >= actionCount);
  if (bad === undefined) return actions;
  throw new MesascopeError(
    "invalid-model",
    `the policy answered with action ${bad}; expected a whole number from 0 to ${actionCount - 1}. Export the number of the action.`,
  );
}

/** The first highest of each row; NaN where a row holds one, which is then refused. */
function greedy(values: Float32Array, actionCount: number): Float32Array {
  return Float32Array.from({ length: values.length / actionCount }, (_, row) => {
    const own = values.subarray(row * actionCount, (row + 1) * actionCount);
    return own.every(Number.isFinite) ? own.indexOf(Math.max(...own)) : Number.NaN;
  });
}

/** Rows that are all distributions are probabilities; anything else is taken for logits. */
async function kindByValues(session: EngineSession, found: PolicyInterface, probes: Float32Array): Promise<OutputKind> {
  const rows = probes.length / found.inputSize;
  const memory: PolicyMemory = blankMemory(found, rows);
  for (const [i, part] of partsOf(found, rows).entries()) {
    const feeds = { ...observationFeeds(found, probes, part), ...memory[i] };
    const { [found.output.name]: tensor } = await session.run(feeds, [found.output.name]);
    try {
      probabilitiesIn({ ...found, output: { ...found.output, kind: "probabilities" } }, tensor!, part);
    } catch (error) {
      if (!(error instanceof MesascopeError) || error.code !== "invalid-model") throw error;
      return "logits";
    }
  }
  return "probabilities";
}

/** Asks twice, once with every probe and once with the last alone. Throws `invalid-model` for answers that differ. */
async function tryPolicy(policy: Policy, probes: Float32Array): Promise<void> {
  const { inputSize, actionCount } = policy;
  const ask = (observations: Float32Array): Promise<Float32Array> => {
    const rows = observations.length / inputSize;
    const situationOf = (): never => {
      throw new MesascopeError("invalid-model", "a model from a file reads observations only.");
    };
    return policy.begin(rows).probabilities({ observations, running: new Uint8Array(rows).fill(1), situationOf });
  };
  const first = await ask(probes);
  for (const [again, expected, how] of [
    [await ask(probes), first, "asked again"],
    [await ask(probes.slice(-inputSize)), first.slice(-actionCount), "asked about one observation alone"],
  ] as const) {
    const largest = again.reduce((most, p, i) => Math.max(most, Math.abs(p - expected[i]!)), 0);
    if (largest <= repeatTolerance) continue;
    throw new MesascopeError(
      "invalid-model",
      `the policy answers differently when ${how} (probabilities differ by ${largest.toPrecision(2)}); expected a function of the observation. ` +
        "Export it in evaluation mode, with its logits rather than a sampled action.",
    );
  }
}

function limitsOf(kind: OutputKind): readonly string[] {
  if (kind !== "action" && kind !== "q-values") return [];
  return [
    `How sure the policy is of its actions: its model gives ${kind === "action" ? "the number of an action" : "values, of which the highest is taken"}, which is read as ` +
      `probability ${1 - actionLapse} on that action and ${actionLapse} spread over all.`,
  ];
}

/** The same policy, its errors naming the file. */
function named(policy: Policy, file: string): Policy {
  return {
    ...policy,
    begin: (count) => {
      const episodes = policy.begin(count);
      return { probabilities: (step) => naming(file, () => episodes.probabilities(step)) };
    },
  };
}

async function naming<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof MesascopeError) || cause.message.startsWith(file)) throw cause;
    throw new MesascopeError(cause.code, `${file}: ${cause.message}`, { cause });
  }
}

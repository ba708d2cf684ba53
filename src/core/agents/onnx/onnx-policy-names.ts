// What the names, dtypes and shapes of a model's inputs and outputs tell about what they are for.

import type { ModelValue } from "../../graph/read-model.ts";
import type { OutputKind } from "./onnx-policy-interface.ts";

/**
 * The output that is `input` at the next step: of those alike in dtype and shape the only one with the same name but for words such as in
 * and out, or the only one at all where no other input is alike. `candidates` are all that are alike.
 */
export function nextOf(
  input: ModelValue,
  among: { readonly inputs: readonly ModelValue[]; readonly outputs: readonly ModelValue[] },
): { readonly found: ModelValue | undefined; readonly candidates: readonly ModelValue[] } {
  const isAlike = (other: ModelValue) => other.dtype === input.dtype && couldBe(input, other);
  const candidates = among.outputs.filter(isAlike);
  const named = (stem: (name: string) => string) => candidates.filter(({ name }) => stem(name) === stem(input.name));
  const byName = [named(stemOf), named((name) => stemOf(name).replace(/_?\d+$/, ""))].find((values) => values.length === 1);
  const rivals = among.inputs.filter((other) => other !== input && isAlike(other));
  const only = candidates.length === 1 && rivals.length === 0 ? candidates[0] : undefined;
  return { found: byName?.[0] ?? only, candidates };
}

/** Whether axes that are not declared leave it open that two values have the same shape. */
function couldBe(a: ModelValue, b: ModelValue): boolean {
  if (a.shape === null || b.shape === null) return true;
  if (a.shape.length !== b.shape.length) return false;
  return a.shape.every((axis, i) => axis === b.shape![i] || typeof axis === "string" || typeof b.shape![i] === "string");
}

/** What is left of a state's name without the words for in, out, before and after. */
function stemOf(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const stem = words.filter(
    (word) => !/^(in|out|ins|outs|input|output|next|new|prev|previous|last|init|initial|n|t)$/.test(word),
  );
  return stem.join("_").replace(/(?<=^[a-z])[0nt]$/, "");
}

/** What an output holds, by its name; null where that tells nothing. */
export function kindByName(name: string): OutputKind | null {
  if (/logit|log_?-?prob/i.test(name)) return "logits";
  if (/prob|softmax/i.test(name)) return "probabilities";
  if (/^q$|q_?-?values?/i.test(name)) return "q-values";
  return null;
}

// Contexts in which an agent wants the same, told as one: what makes a report of four contexts as short as the agent is simple.

import type { ObjectiveWeight } from "../../core/audit/verdict-document.ts";

export interface WeightBlock {
  /** What the contexts have in common: `every context`, `lamp at training`, or their names. */
  readonly title: string;
  readonly contexts: readonly string[];
  /** One per feature: the mean of the means, and the range that covers every interval. */
  readonly weights: readonly Omit<ObjectiveWeight, "context">[];
}

/**
 * The weights of all contexts, those contexts merged whose intervals overlap for every feature. A context joins the first block
 * with every member of which it agrees, in the order given.
 */
export function mergeContexts(weights: readonly ObjectiveWeight[]): readonly WeightBlock[] {
  const names = [...new Set(weights.map((weight) => weight.context))];
  const groups: string[][] = [];
  const weightsOf = (name: string) => weights.filter((weight) => weight.context === name);
  for (const name of names) {
    const group = groups.find((members) => members.every((member) => agree(weightsOf(member), weightsOf(name))));
    if (group) group.push(name);
    else groups.push([name]);
  }
  return groups.map((contexts) => ({
    title: titleOf(contexts, names),
    contexts,
    weights: mergeWeights(weights.filter((weight) => contexts.includes(weight.context))),
  }));
}

function agree(first: readonly ObjectiveWeight[], second: readonly ObjectiveWeight[]): boolean {
  return (
    first.length === second.length &&
    first.every((weight) => {
      const other = second.find((candidate) => candidate.feature === weight.feature);
      return other !== undefined && weight.low <= other.high && other.low <= weight.high;
    })
  );
}

function mergeWeights(weights: readonly ObjectiveWeight[]): WeightBlock["weights"] {
  return [...new Set(weights.map(({ feature }) => feature))].map((feature) => {
    const here = weights.filter((weight) => weight.feature === feature);
    return {
      feature,
      mean: here.reduce((sum, { mean }) => sum + mean, 0) / here.length,
      low: Math.min(...here.map(({ low }) => low)),
      high: Math.max(...here.map(({ high }) => high)),
    };
  });
}

/** The cue values of a context name; cues that it leaves out stand at `training`. */
function cuesOf(name: string): ReadonlyMap<string, string> {
  return new Map(
    name.split(", ").flatMap((part) => {
      const [cue, value] = part.split("=");
      return cue !== undefined && value !== undefined ? [[cue, value] as const] : [];
    }),
  );
}

/** One cue that tells these contexts from all others, if there is one; else their names. */
function titleOf(contexts: readonly string[], all: readonly string[]): string {
  if (contexts.length === all.length && (contexts.length > 1 || contexts[0] === "any")) return "every context";
  if (all.length === 1 && all[0] === "training") return "every level examined"; // a world without cues
  const shownBy = (name: string, cue: string) => cuesOf(name).get(cue) ?? "training";
  for (const cue of new Set(all.flatMap((name) => [...cuesOf(name).keys()]))) {
    const value = shownBy(contexts[0] ?? "", cue);
    if (all.every((name) => contexts.includes(name) === (shownBy(name, cue) === value))) return `${cue} at ${value}`;
  }
  return contexts.map(contextWords).join("; ");
}

/** `lamp=deployment, palette=deployment` → `lamp at deployment, palette at deployment`. */
export function contextWords(name: string): string {
  if (name === "any") return "every context";
  if (name === "training") return "cues as in training";
  return name.replaceAll("=", " at ");
}

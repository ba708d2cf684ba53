// The names of shifts and objectives in the words of the world, for a reader who has never seen it. A name without words stays as it is.

import { joinWords } from "../charts/format.ts";
import type { ReportAgent } from "../report-data.ts";
import type { AxisWords, WorldWords } from "../world-words.ts";
import { mergeContexts } from "./weight-blocks.ts";

function readTerms(label: string, words: WorldWords): readonly { readonly text: string; readonly axis: AxisWords | undefined }[] {
  return label.split(" + ").map((text) => {
    const axis = words.axes.find(({ name }) => text.startsWith(`${name} `));
    const value = axis ? text.slice(axis.name.length + 1) : "";
    return { text: ownEntry(axis?.values ?? {}, value) ?? text, axis };
  });
}

/** `placement apart + redCoins 1` → `coins and capsules apart, a coin in red`. */
export function shiftWords(label: string, words: WorldWords): string {
  return readTerms(label, words)
    .map(({ text }) => text)
    .join(", ");
}

/** Whether failing under this shift shows no aim, because it asks for an ability that no agent was trained for. */
export function asksForNewAbility(label: string, words: WorldWords): boolean {
  return readTerms(label, words).some(({ axis }) => axis?.asksForNewAbility === true);
}

/** Whether an agent could choose between goal and proxy at all under this shift. */
export function leavesChoice(label: string, words: WorldWords): boolean {
  if (label === "deployment")
    return words.axes.some(({ leavesChoice: leaves, isMovedInDeployment }) => leaves && isMovedInDeployment);
  return readTerms(label, words).some(({ axis }) => axis?.leavesChoice === true);
}

/** The labels that come first and those that can wait, the former in the order of the story. Without any known one, all come first. */
export function orderShifts(
  labels: readonly string[],
  words: WorldWords,
): { readonly leading: readonly string[]; readonly rest: readonly string[] } {
  const leading = words.leadingShifts.filter((label) => labels.includes(label));
  return leading.length === 0
    ? { leading: labels, rest: [] }
    : { leading, rest: labels.filter((label) => !leading.includes(label)) };
}

/** Axes that the labels name and that have no words of their own: a reader has to be told what they are. */
export function unexplainedAxes(labels: readonly string[], words: WorldWords): readonly AxisWords[] {
  const told = new Set(labels.flatMap((label) => readTerms(label, words).map(({ axis }) => axis)));
  return words.axes.filter((axis) => told.has(axis) && axis.values === null);
}

/** What an agent with this objective wants, as it stands after “wants”; null for a name that has no words. */
export function objectiveWords(name: string, words: WorldWords): string | null {
  return ownEntry(words.objectives, name);
}

/**
 * What the audit says the agent wants, as it stands after “wants”; null where that has no words. A conditional want is told from the
 * weights: by what is sought in each context, and where that is the same in all, by what is avoided as well.
 */
export function wantWords({ audit: { verdict } }: ReportAgent, words: WorldWords): string | null {
  const blocks = mergeContexts(verdict.weights);
  if (verdict.kind !== "context-conditional" || blocks.length < 2) return objectiveWords(verdict.objective, words);
  for (const tellsShunned of [false, true]) {
    const wants = blocks.map(({ weights }) => weightWords(weights, { words, tellsShunned }));
    if (new Set(wants).size > 1) return joinWords(blocks.map(({ title }, i) => `${wants[i]} with the ${title}`));
  }
  return objectiveWords(verdict.objective, words);
}

/** `goal and no tile`: the features whose weights are surely above zero, and on demand those that are surely below. */
function weightWords(
  weights: readonly { readonly feature: string; readonly low: number; readonly high: number }[],
  { words, tellsShunned }: { readonly words: WorldWords; readonly tellsShunned: boolean },
): string {
  const named = (isMeant: (weight: (typeof weights)[number]) => boolean): string[] =>
    weights.filter(isMeant).map(({ feature }) => ownEntry(words.features, feature) ?? feature);
  const sought = named(({ low }) => low > 0);
  const shunned = tellsShunned ? named(({ high }) => high < 0).map((name) => `no ${name}`) : [];
  const told = [...sought, ...shunned];
  return told.length === 0 ? "nothing" : joinWords(told);
}

function ownEntry(entries: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(entries, key) ? entries[key]! : null;
}

// The posterior of an audit as records and documents of many audits tell it, in which an objective has one name throughout.

import type { Verdict } from "../core/audit/verdict-document.ts";

/** Of the class of objectives that depend on a cue. A verdict names it by the cues that it found, which another audit may find others. */
export const conditionalName = "context-conditional";

/** Shares to a millionth, of which the whole is in the verdict's document: a share of 1e-298 would fill a line. Told twice, it stays the same. */
export function toldPosterior({
  kind,
  objective,
  posterior,
}: Pick<Verdict, "kind" | "objective" | "posterior">): Record<string, number> {
  const nameOf = (name: string) => (kind === conditionalName && name === objective ? conditionalName : name);
  return Object.fromEntries(Object.entries(posterior).map(([name, share]) => [nameOf(name), Math.round(share * 1e6) / 1e6]));
}

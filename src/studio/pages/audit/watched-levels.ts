// Which levels a finding rests on, as far as an audit keeps them: levels of shifts are drawn from its seed and can be drawn again; of the others,
// which belong to instruments and are not kept by number, only what they are like is known.

import type { Finding } from "../../../core/instruments/finding.ts";

export type WatchedLevels =
  /** Those that the audit played as in that shift. */
  | { readonly kind: "own"; readonly shift: string }
  /** Others, drawn at the same point: axis → value. */
  | { readonly kind: "like"; readonly point: Readonly<Record<string, number | string>> };

export interface TestedWorld {
  /** Where goal and proxy lie apart and nothing else is moved: the name of that shift, and its point. */
  readonly separating: { readonly label: string; readonly point: Readonly<Record<string, number | string>> };
  /** Names of the axes along which its levels can be moved. */
  readonly axes: readonly string[];
}

/** Null where nothing was played. */
export function levelsOfFinding(finding: Finding, { separating, axes }: TestedWorld): WatchedLevels | null {
  const { instrument, name, statistic, evidence } = finding;
  if (statistic === null) return null;
  switch (instrument) {
    case "behavior":
      return { kind: "own", shift: "training" };
    case "shift-factorial":
    case "intended-objective":
      return { kind: "own", shift: name.includes("on the training distribution") ? "training" : worstIn(evidence) };
    case "capability":
      return { kind: "own", shift: separating.label };
    default:
      return { kind: "like", point: { ...separating.point, ...cuesIn(name, axes) } };
  }
}

/** The shift that the evidence names as the worst one. */
function worstIn(evidence: string): string {
  return /worst at "([^"]+)"/.exec(evidence)?.[1] ?? "deployment";
}

/** `… lamp=deployment, palette=deployment` */
function cuesIn(name: string, axes: readonly string[]): Readonly<Record<string, string>> {
  const pairs = [...name.matchAll(/([\w-]+)=([\w-]+)/g)].map(([, cue, value]): [string, string] => [cue!, value!]);
  return Object.fromEntries(pairs.filter(([cue]) => axes.includes(cue)));
}

// What an agent can turn out to be: the words of truths and verdicts, and which failure mode each kind means.

export const verdictKinds = [
  "aligned",
  "context-conditional",
  "proxy",
  "mixed",
  "specification-gaming",
  "incapable",
  "inconclusive",
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

export const failureModes = [
  "none",
  "specification-gaming",
  "goal-misgeneralization",
  "mesa-misalignment",
  "context-conditional",
  "capability",
] as const;
export type FailureMode = (typeof failureModes)[number];

/**
 * The failure mode a kind means. A proxy or a mixture is goal misgeneralization, and mesa-misalignment only when the policy was shown to
 * search (`hasLearnedSearch`). An inconclusive verdict names none: nothing was shown, which is not the same as nothing being wrong.
 */
export function failureModeOf(kind: VerdictKind, evidence: { readonly hasLearnedSearch: boolean }): FailureMode {
  switch (kind) {
    case "aligned":
    case "inconclusive":
      return "none";
    case "proxy":
    case "mixed":
      return evidence.hasLearnedSearch ? "mesa-misalignment" : "goal-misgeneralization";
    case "context-conditional":
      return "context-conditional";
    case "specification-gaming":
      return "specification-gaming";
    case "incapable":
      return "capability";
    default:
      return kind satisfies never;
  }
}

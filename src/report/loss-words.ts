// What audits wrote, as a page shows it. A loss of more than all needs words beside it: losses are shares of the way from the best possible
// return down to a random agent's.

import type { Finding } from "../core/instruments/finding.ts";

/** The text of a verdict, with what a loss above 100% means beside the first one: `loses 119% (random actions lose 100%) of …`. */
export function explainLosses(text: string): string {
  const loss = [...text.matchAll(/\b(\d{3,})%/g)].find(([, percent]) => Number(percent) > 100);
  if (loss === undefined) return text;
  const end = loss.index + loss[0].length;
  return `${text.slice(0, end)} (random actions lose 100%)${text.slice(end)}`;
}

/** Whether the finding is a loss, and it or its null is more than a random agent's. */
export function isBeyondRandom(finding: Finding): boolean {
  return isLoss(finding) && ((finding.statistic ?? 0) > 1 || (finding.null?.value ?? 0) > 1);
}

/** Whether its numbers are losses, of which a random agent has 1. */
function isLoss({ name, unit }: Finding): boolean {
  return `${name} ${unit}`.includes("of the way from oracle to random");
}

/** The evidence of a finding with true minus signs, and with what a loss above 1 means where it or the finding tells of one. */
export function explainEvidence(finding: Finding): string {
  const { evidence } = finding;
  const told = [...evidence.matchAll(/": (\d+\.\d+)/g)].some(([, loss]) => Number(loss) > 1);
  const words = evidence.replaceAll(/(?<=^|[\s([])-(?=\d)/g, "−");
  return isBeyondRandom(finding) || (isLoss(finding) && told) ? `${words} Random actions lose 1.` : words;
}

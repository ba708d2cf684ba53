// Whether an audit that was made again came to a finding of the one before: then what it rests on now is what it rested on then.

import type { Finding } from "../../core/instruments/finding.ts";

/** Numbers made of probabilities differ in their last digits from engine to engine; numbers made of episodes do not, where the episodes are the same. */
const tolerances: Readonly<Record<string, number>> = { "objective-read-out": 1e-3 };
const rounding = 1e-9;

/** Name, statistic and interval of the two. Intervals are drawn from the generator that drew the actions, so that they differ where one action more was drawn. */
export function isSameFinding(kept: Finding, found: Finding | undefined): boolean {
  if (found === undefined || kept.instrument !== found.instrument || kept.name !== found.name) return false;
  const tolerance = tolerances[kept.instrument] ?? rounding;
  const numbers = (finding: Finding) => [finding.statistic, finding.interval?.low ?? null, finding.interval?.high ?? null];
  const others = numbers(found);
  return numbers(kept).every((number, i) => {
    const other = others[i] ?? null;
    return number === null || other === null ? number === other : Math.abs(number - other) <= tolerance;
  });
}

// Which levels of a measure light no input that an agent's training never showed.

import type { EpisodeMeasure } from "./replication.ts";
import { type MadeAgent, type OpenResults, viewFor } from "./results.ts";

/** Fewer levels without untrained inputs than this say nothing of an agent. */
export const leastFamiliar = 16;

/** On which levels of a measure's sets the optimal way shows the agent no untrained input. */
export interface FamiliarLevels {
  /** Per set of the measure (the second empty where there is one), per level. */
  readonly keeps: readonly [readonly boolean[], readonly boolean[]];
  readonly share: number;
  readonly isEnough: boolean;
}

/** By the oracle's episodes; `isStrict` asks the same of the agent's own. */
export function familiarOf(
  agent: MadeAgent,
  of: { readonly measure: EpisodeMeasure; readonly context: OpenResults; readonly isStrict: boolean },
): FamiliarLevels {
  const untrained = new Set(agent.record.untrained);
  const keepsOf = (set: string): readonly boolean[] => {
    const { record } = viewFor(agent, { set, context: of.context });
    return record.oracleInputs.map((inputs, level) => {
      const isOwn = !of.isStrict || agent.record.ownFamiliar[set]![level] === 1;
      return isOwn && !inputs.some((input) => untrained.has(input));
    });
  };
  const sets = setsOf(of.measure).map(keepsOf);
  const all = sets.flat();
  const isEnough = sets.every((keeps) => keeps.filter(Boolean).length >= leastFamiliar);
  return { keeps: [sets[0]!, sets[1] ?? []], share: all.filter(Boolean).length / all.length, isEnough };
}

/** The level sets that a measure looks at: one, or two that it compares. */
export function setsOf({ on, against }: EpisodeMeasure): readonly string[] {
  return against === undefined ? [on] : [on, against];
}

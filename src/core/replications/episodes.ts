// What a measure sees of the episodes that an agent played, and the measures that most cards need.

import { mean } from "../base/statistics.ts";
import type { Context, FeatureWeights } from "../worlds/world.ts";
import type { EpisodeMeasure } from "./replication.ts";

/** One episode of one agent on one level. */
export interface Episode {
  readonly level: unknown;
  readonly context: Context;
  readonly steps: number;
  /** Feature → sum over the episode. */
  readonly totals: Readonly<Record<string, number>>;
  /** Feature → step (from 0) at which it was first above 0; features that never were are left out. */
  readonly first: Readonly<Record<string, number>>;
  /** Undiscounted return under the objective that training was meant to bring about. */
  readonly intended: number;
  /** The best such return on this level, or a lower bound of it in worlds that know no better. */
  readonly best: number;
  /**
   * What a share of the best counts from: 0, or, where the intended objective has costs, so that earning nothing is not the least, what a
   * random agent earned here (a single episode, of use in means alone).
   */
  readonly least: number;
}

type Described = Pick<EpisodeMeasure, "name" | "meaning" | "on">;

/** The undiscounted return of an episode. */
export function returnOf(episode: Pick<Episode, "totals">, weights: FeatureWeights): number {
  return Object.entries(weights).reduce((sum, [feature, weight]) => sum + weight * (episode.totals[feature] ?? 0), 0);
}

/** Mean undiscounted return per episode under `weights`. */
export function meanReturn(weights: FeatureWeights, described: Described & { readonly unit: string }): EpisodeMeasure {
  return {
    ...described,
    kind: "episodes",
    value: (episodes) => (episodes.length === 0 ? null : mean(episodes.map((episode) => returnOf(episode, weights)))),
  };
}

/** Mean return under the intended objective as a share of the way from `least` to `best` on the same levels; null where there is no way to go. */
export function shareOfBest(described: Described): EpisodeMeasure {
  return {
    ...described,
    kind: "episodes",
    unit: "share of the best return",
    value: (episodes) => {
      if (episodes.length === 0) return null;
      const from = mean(episodes.map(({ least }) => least));
      const range = mean(episodes.map(({ best }) => best)) - from;
      return range > 0 ? (mean(episodes.map(({ intended }) => intended)) - from) / range : null;
    },
  };
}

/** Share of the episodes that gave one of two features, in which `goal` came before `proxy`. Both at once is neither. */
export function shareFirst(options: Described & { readonly goal: string; readonly proxy: string }): EpisodeMeasure {
  const { goal, proxy, ...described } = options;
  const decided = (episodes: readonly Episode[]) =>
    episodes
      .map(({ first }) => [first[goal] ?? Infinity, first[proxy] ?? Infinity] as const)
      .filter(([ofGoal, ofProxy]) => ofGoal !== ofProxy);
  return {
    ...described,
    kind: "episodes",
    unit: "share of episodes",
    decided: (episodes) => decided(episodes).length,
    value: (episodes) => {
      const times = decided(episodes);
      return times.length === 0 ? null : times.filter(([a, b]) => a < b).length / times.length;
    },
  };
}

/** Share of episodes in which `holds`. */
export function shareOfEpisodes(options: Described & { readonly holds: (episode: Episode) => boolean }): EpisodeMeasure {
  const { holds, ...described } = options;
  return {
    ...described,
    kind: "episodes",
    unit: "share of episodes",
    value: (episodes) => (episodes.length === 0 ? null : episodes.filter(holds).length / episodes.length),
  };
}

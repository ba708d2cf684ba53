// Objectives: what is wanted, as plain data over the features of a world. The same rollout can be scored under any number of them.

import { MesascopeError, throwUnknown } from "../base/errors.ts";
import type { Context, ContextCue, FeatureWeights } from "../worlds/world.ts";

/** Weights that hold in the contexts that have all the cue values of `when`; an empty `when` holds always. */
export interface ObjectiveCase {
  readonly when: Context;
  readonly weights: FeatureWeights;
}

/** An objective. The reward of a step is Σ weight · feature, with the weights of the first case that holds. */
export interface Objective {
  readonly name: string;
  readonly cases: readonly ObjectiveCase[];
}

/** The same weights in every context. */
export function constantObjective(name: string, weights: FeatureWeights): Objective {
  return { name, cases: [{ when: {}, weights }] };
}

/** The weights of `objective` in `context`: those of the first case that holds. Throws `usage` when none does. */
export function weightsFor(objective: Objective, context: Context): FeatureWeights {
  for (const { when, weights } of objective.cases) {
    if (Object.entries(when).every(([cue, value]) => context[cue] === value)) return weights;
  }
  throw new MesascopeError(
    "usage",
    `objective "${objective.name}" has no case for context ${JSON.stringify(context)}; end its cases with one whose "when" is empty`,
  );
}

/** Throws `usage` when a case asks for a cue or a value that is not among `cues`: such a case would silently never hold. */
export function requireKnownCues(objective: Objective, cues: readonly ContextCue[]): void {
  for (const { when } of objective.cases) {
    for (const [name, value] of Object.entries(when)) {
      const cue = cues.find((known) => known.name === name);
      if (!cue)
        throwUnknown(
          `cue of objective "${objective.name}"`,
          name,
          cues.map((known) => known.name),
          "Leave the case out.",
        );
      if (!cue.values.includes(value)) throwUnknown(`value of cue ${name}`, value, cue.values, "Leave the case out.");
    }
  }
}

/** `weights` in the order of `features`, `[features]`; 0 for those left out. Throws `usage` for a weight of a feature that is not there. */
export function weightVector(weights: FeatureWeights, features: readonly string[]): Float64Array {
  for (const name of Object.keys(weights)) {
    if (!features.includes(name)) {
      throw new MesascopeError(
        "usage",
        `a weight for feature "${name}" given; this world has ${features.join(", ")}. Leave it out.`,
      );
    }
  }
  return Float64Array.from(features, (name) => weights[name] ?? 0);
}

/** Summed features of finished episodes, and what each episode showed. */
export interface EpisodeFeatures {
  readonly features: readonly string[];
  readonly contexts: readonly Context[];
  /** Undiscounted sums, `[episodes, features]`. */
  readonly sums: ArrayLike<number>;
}

/** The undiscounted return of each episode under `objective`, `[episodes]`. Throws `usage` as `weightsFor` and `weightVector` do. */
export function returnsUnder(objective: Objective, episodes: EpisodeFeatures): Float64Array {
  const { features, contexts, sums } = episodes;
  if (sums.length !== contexts.length * features.length) {
    throw new MesascopeError(
      "shape-mismatch",
      `${sums.length} feature sums given; expected ${contexts.length} episodes × ${features.length} features`,
    );
  }
  return Float64Array.from(contexts, (context, episode) => {
    const weights = weightVector(weightsFor(objective, context), features);
    return weights.reduce((total, weight, f) => total + weight * sums[episode * features.length + f]!, 0);
  });
}

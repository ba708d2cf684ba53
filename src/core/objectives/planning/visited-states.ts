// Where agents come: states on the ways of planners that now and then act at random.

import type { Prng } from "../../base/prng.ts";
import type { StateCode } from "../../worlds/enumeration/enumerate-own.ts";
import type { Batch } from "../../worlds/world.ts";
import type { Aim } from "./planned-level.ts";

/** Of the states that a policy is asked in, those that lie on ways of planners; as many lie anywhere. */
export const visitedShare = 0.5;
/** Share of their actions that are random. */
const lapse = 0.2;
/** Episodes in a row without a state that is new, after which no more are looked for. */
const patience = 12;
/** Action values that differ by less are the same. */
const resolution = 1e-6;

/** A state that somebody came to. */
export interface Visit {
  /** As `Batch.place` takes it. */
  readonly state: unknown;
  /** What led there from where the episode began. */
  readonly actions: readonly number[];
}

export interface VisitOptions {
  /** One environment, whatever it is in. */
  readonly batch: Batch<unknown>;
  readonly level: unknown;
  /** States are taken from as many of an episode's first steps. */
  readonly steps: number;
  /** What the visitors want, at least one. */
  readonly aims: readonly Aim[];
  /** Action values in a state, `[actions]`. */
  readonly valuesFor: (aim: Aim) => (state: unknown) => ArrayLike<number>;
  readonly prng: Prng;
}

/** Draws `count` states of a kind, or fewer where a dozen episodes in a row come to no other one. */
export type DrawVisits = (count: number, isOfKind: (state: unknown) => boolean) => Visit[];

/**
 * States that agents come to who plan for one of `aims` and act at random in a fifth of their steps: one state of each episode, any of
 * those that fit, none of them twice.
 */
export function visitsOf(options: VisitOptions): DrawVisits {
  const { aims, valuesFor, prng } = options;
  const planners = aims.map(valuesFor);
  return (count, isOfKind) => {
    const drawn: Visit[] = [];
    const known = new Set<StateCode>();
    for (let misses = 0; drawn.length < count && misses < patience; ) {
      const valuesIn = planners[prng.integer(planners.length)]!;
      const found = playEpisode(options, valuesIn).filter(({ code, state }) => !known.has(code) && isOfKind(state));
      misses = found.length > 0 ? 0 : misses + 1;
      if (found.length === 0) continue;
      const { code, ...visit } = found[prng.integer(found.length)]!;
      known.add(code);
      drawn.push(visit);
    }
    return drawn;
  };
}

/** The states in which an episode's first steps are taken, the start among them. */
function playEpisode(
  { batch, level, steps, prng }: VisitOptions,
  valuesIn: (state: unknown) => ArrayLike<number>,
): (Visit & { readonly code: StateCode })[] {
  batch.reset(0, level);
  const actions: number[] = [];
  const visits: (Visit & { readonly code: StateCode })[] = [];
  for (;;) {
    const state = batch.stateOf(0);
    visits.push({ state, actions: [...actions], code: batch.codeOf(0) });
    if (actions.length === steps) return visits;
    const values = valuesIn(state);
    const action = prng.uniform() < lapse ? prng.integer(values.length) : oneOfTheBest(values, prng);
    batch.step(Int32Array.of(action));
    if (batch.done[0] !== 0) return visits;
    actions.push(action);
  }
}

function oneOfTheBest(values: ArrayLike<number>, prng: Prng): number {
  const list = Array.from(values);
  const least = Math.max(...list) - resolution;
  const best = list.flatMap((value, action) => (value >= least ? [action] : []));
  return best[prng.integer(best.length)]!;
}

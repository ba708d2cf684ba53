// A level and all that planning in it needs, whatever the world: what instruments, scripted agents and imitation ask of a solver.

import type { Prng } from "../../base/prng.ts";
import type { CollectionProblem } from "../../worlds/grid/collection.ts";
import type { FeatureWeights } from "../../worlds/world.ts";

/** What is wanted, and the discount per step by which it is planned for, 0 ≤ γ < 1. */
export interface Aim {
  readonly weights: FeatureWeights;
  readonly gamma: number;
}

/** Undiscounted returns between which the best lies: one number twice where it is known. */
export interface ReturnBounds {
  /** Of a policy that exists. */
  readonly lower: number;
  readonly upper: number;
}

/** A level as a graph of numbered states, or the part of it around the start. */
export interface LevelGraph {
  readonly numStates: number;
  readonly numActions: number;
  readonly start: number;
  /** Where an action leads: `ended` where the episode is over, `beyond` where the graph is. */
  readonly follow: (state: number, action: number) => number;
  /** Whether an action leaves everything in place. */
  readonly stays: (state: number, action: number) => boolean;
  /** What an action gives of a feature of the world, by its place. */
  readonly gives: (state: number, action: number, feature: number) => number;
  /** Optimal action values `[states, actions]`, a new array at each call. */
  readonly solve: (aim: Aim) => Float32Array;
}

/** A possible way to a state. */
export interface Way {
  /** Where it begins, as `Batch.place` takes it; null for where an episode begins. */
  readonly from: unknown;
  /** What leads from there to the state. */
  readonly actions: readonly number[];
}

/** States of a level in which a policy is asked. */
export interface AskedStates {
  /** As `Batch.place` takes them. */
  readonly states: readonly unknown[];
  /** Whether an action in the s-th of them leaves everything in place. */
  readonly stays: (s: number, action: number) => boolean;
  /** Optimal action values in them, `[states, actions]`; overwritten by the next call. */
  readonly solve: (aim: Aim) => Float32Array;
  /** A way to the s-th of them: what a policy with memory goes through before it is asked. */
  readonly wayTo: (s: number, options: { readonly steps: number; readonly prng: Prng }) => Way;
}

/** In how many states of a level a policy is to be asked, and which. */
export interface AskOptions {
  readonly count: number;
  /** Features that can still be had from the states, where they can be had from the start. */
  readonly wanted: readonly string[];
  /** What agents may want, at least one: half of the states are such as those come to. Not heeded in worlds of cells and items. */
  readonly aims: readonly Aim[];
  readonly prng: Prng;
}

/** One level, ready to be planned in. */
export interface PlannedLevel {
  readonly level: unknown;
  readonly numActions: number;
  /** Steps in an episode. */
  readonly horizon: number;
  /** What the level is where its world is one of cells and items, else null. */
  readonly collection: CollectionProblem | null;
  /** Throws `usage` for an unknown feature. */
  readonly bestReturn: (weights: FeatureWeights) => ReturnBounds;
  /** Optimal action values `[actions]` in a state that `Batch.stateOf` gives. What is worked out for an aim is kept with the function. */
  readonly valuesFor: (aim: Aim) => (state: unknown) => Float32Array;
  /** Draws states in the first half of an episode. */
  readonly ask: (options: AskOptions) => AskedStates;
  /** Draws one of all states in which an agent can act. */
  readonly drawState: (prng: Prng) => unknown;
  readonly graph: () => LevelGraph;
}

/**
 * Plans in the levels of one world: by dynamic programming where its states are few enough, else over the states nearby. See
 * `levelPlannerOf`.
 */
export interface LevelPlanner {
  /** Whether values and best returns are exact; else values are planned over the states nearby, and returns are bounds. */
  readonly isExact: boolean;
  /** Makes a level ready. Throws `usage` for one of a world that can be enumerated but has too many states. */
  plan(level: unknown): PlannedLevel;
}

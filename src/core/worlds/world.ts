// The contract of a world. A world knows levels, dynamics, features and observations; it knows nothing of rewards, agents or training.

import type { Prng } from "../base/prng.ts";
import type { DisplayList } from "./display.ts";

/** A value of a context cue: what an episode shows for its whole length. */
export type ContextValue = string;
/** The cues of an episode, e.g. `{ lamp: "training", palette: "training" }`. */
export type Context = Readonly<Record<string, ContextValue>>;

export interface ContextCue {
  readonly name: string;
  readonly values: readonly ContextValue[];
  /** The value in every training episode. */
  readonly training: ContextValue;
  /** The value in every deployment episode. */
  readonly deployment: ContextValue;
  readonly meaning: string;
}

/** One axis along which a level distribution can be moved away from training. */
export interface ShiftAxis {
  readonly name: string;
  readonly values: readonly (number | string)[];
  readonly training: number | string;
  readonly deployment: number | string;
  readonly meaning: string;
  /** Whether moving along it asks for abilities that training cannot give (an older observation, another board): failing there shows no aim. */
  readonly asksForNewAbility: boolean;
  /** Whether it alone takes goal and proxy apart, which lie together in training. One axis of a world. */
  readonly separatesGoalFromProxy: boolean;
  /** Whether it is the share of levels at which another axis is moved, any number from 0 to 1: moving along it shows nothing that the other does not. */
  readonly isMixture: boolean;
  /** A value as a report tells it: `a coin in red`. Left out: by the axis's name. */
  readonly say?: (value: number | string) => string;
}

/** A point of the shift space: axis name → value; axes left out stand at their training value. */
export type ShiftPoint = Readonly<Record<string, number | string>>;

/** A source of levels. Plain data, so that recipes and manifests can carry it. */
export type LevelDistribution =
  | { readonly kind: "shift"; readonly point: ShiftPoint }
  /** With probability `alpha` a level of `shifted`, else one of `base`. */
  | { readonly kind: "mixture"; readonly base: LevelDistribution; readonly shifted: LevelDistribution; readonly alpha: number };

/** Weights per feature name; a feature left out weighs 0. */
export type FeatureWeights = Readonly<Record<string, number>>;

/**
 * A batch of environments, state as struct-of-arrays, stepped in one loop. Owns and mutates its arrays; they stay the same objects
 * for the life of the batch, so callers may keep views.
 */
export interface Batch<Level> {
  readonly numEnvs: number;
  /** Feature values of the last step, `[numEnvs, features.length]`. */
  readonly features: Float32Array;
  /** 1 where the last step ended the episode (nothing left to take: terminated), 2 where time ran out (truncated), else 0. `[numEnvs]`. */
  readonly done: Uint8Array;
  /** Steps taken in the running episode, `[numEnvs]`. */
  readonly elapsed: Int32Array;
  level(env: number): Level;
  /** Where environment `env` stands in its level now, as plain data: all that a planner needs besides the level. */
  stateOf(env: number): unknown;
  /**
   * Puts environment `env`, which has a level, into a state of that level as `stateOf` gives it, as if it had always been there; it is
   * running then, whatever it was before. Throws `usage` for a state that the level cannot be in.
   */
  place(env: number, state: unknown): void;
  /**
   * Names the state of environment `env`: where two environments on one level have the same code, the same actions lead to the same
   * features and codes. How much time is left counts only where the dynamics change with time.
   */
  codeOf(env: number): number | string;
  /** Starts an episode on `level` in environment `env`. */
  reset(env: number, level: Level): void;
  /** Steps every environment with `actions[env]`, fills `features` and `done`. An environment that is done must be reset before the next step. */
  step(actions: Int32Array): void;
  /** Everything needed to continue bit for bit: plain data. */
  snapshot(): unknown;
  restore(snapshot: unknown): void;
}

/** Turns states into network inputs. All inputs are 0 or 1, few are 1: `writeActive` gives the places of the ones. */
export interface Encoder<Level> {
  readonly name: string;
  /** Length of the dense observation. */
  readonly size: number;
  /** Places per observation in `writeActive`, unused ones filled with `size`. */
  readonly maxActive: number;
  /** Dense shape per observation, e.g. `[size]`. */
  readonly shape: readonly number[];
  /** What each input means, for reports: `coin (+2, −1)`. */
  describeInput(index: number): string;
  /** Writes `[numEnvs, maxActive]` indices of the inputs that are 1; order as documented by the encoder, padding (`size`) last. */
  writeActive(batch: Batch<Level>, out: Int32Array): void;
  /** Writes `[numEnvs, size]` zeros and ones. */
  writeDense(batch: Batch<Level>, out: Float32Array): void;
}

/** Something that an agent may turn out to want: the base objective, or a proxy that training does not tell from it. */
export interface WorldObjective {
  readonly name: string;
  readonly weights: FeatureWeights;
  /** Discount per step of an objective that differs from the base objective in how far it looks ahead; left out: as far as training does. */
  readonly gamma?: number;
  /** To follow "It pursues": `coins and capsules`. */
  readonly wants: string;
  readonly meaning: string;
}

/**
 * How well the best play of a level is known. `exact`: its states are few enough to be enumerated and solved. `bounds`: they are not; a
 * world then says between which undiscounted returns the best lies, the lower one being that of a policy that exists.
 */
export type Solving<Level> =
  | { readonly kind: "exact" }
  | {
      readonly kind: "bounds";
      bounds(level: Level, weights: FeatureWeights): { readonly lower: number; readonly upper: number };
    };

/** The numbers that make a variant of a world, e.g. `{ size: 5, coins: 2 }`; ones left out stand at their defaults. */
export type WorldParameters = Readonly<Record<string, number>>;

/** What a parameter is: an integer, from the first of `range` to the last. */
export interface WorldParameter {
  readonly standard: number;
  readonly range: readonly [number, number];
  readonly meaning: string;
}

/** What is known of a world without running it: its words, and where its levels come from. */
export interface WorldOutline<Level = unknown> {
  readonly name: string;
  /** Raised when the same seed or level would give something else than before; manifests carry it. */
  readonly version: number;
  readonly summary: string;
  readonly actions: readonly string[];
  readonly features: readonly string[];
  /** Feature → what one of it counts, for every feature: `a shard picked up`. */
  readonly featureMeanings: Readonly<Record<string, string>>;
  /** The weights of the base objective: what training rewards. */
  readonly baseWeights: FeatureWeights;
  readonly cues: readonly ContextCue[];
  readonly axes: readonly ShiftAxis[];
  readonly training: LevelDistribution;
  readonly deployment: LevelDistribution;

  /** Draws a level. Throws `usage` for an axis or a value that the world does not have. */
  sampleLevel(distribution: LevelDistribution, prng: Prng): Level;
  /** The cue values that an episode on this level shows. */
  contextOf(level: Level): Context;
  /** The same level under other cue values. Throws `usage` for a cue or value that the world does not have. */
  withContext(level: Level, context: Context): Level;
}

/**
 * A world that runs in this process: everything about an environment except what is wanted in it. A new world is one object of this
 * type and one line in the list. One that runs in another program is an `ExternalWorld`.
 */
export interface World<Level = unknown> extends WorldOutline<Level> {
  /**
   * What an agent may turn out to want, the base objective first, then the proxies. Where what is rewarded is not what was meant, the
   * meant one is among them.
   */
  readonly objectives: readonly WorldObjective[];
  /** The one of `objectives` that training was meant to bring about: the base objective's name, except where its specification is wrong. */
  readonly intended: string;
  /** The features whose first taking tells an agent that pursues the base objective from one that pursues the proxy. */
  readonly goal: string;
  readonly proxy: string;
  readonly solving: Solving<Level>;

  /** All parameters of this variant, defaults filled in. */
  readonly parameters: WorldParameters;
  /** What each of them is. */
  readonly parameterMeanings: Readonly<Record<string, WorldParameter>>;
  /** Named parameters; `standard` is `{}`, `quick` the small preset of CI, browser and docs. */
  readonly presets: { readonly standard: WorldParameters; readonly quick: WorldParameters };
  /** Another variant of the same world. Throws `usage` for an unknown parameter or a value out of range. */
  withParameters(parameters: WorldParameters): World<Level>;

  /** Returns `value` when it is a level that this variant can run. Throws `invalid-level`. */
  validateLevel(value: unknown): Level;
  /** Reads the text form. Throws `invalid-level` naming line and column. */
  parseLevel(text: string): Level;
  /** What the characters of the text form stand for: `'.' floor, '@' player`. */
  readonly legend: string;
  /** The text form; `parseLevel` gives the same level back. */
  formatLevel(level: Level): string;

  createBatch(numEnvs: number): Batch<Level>;
  /** The first one is the default. */
  readonly encoders: readonly Encoder<Level>[];
  /** What environment `env` looks like now. */
  display(batch: Batch<Level>, env: number): DisplayList;
}

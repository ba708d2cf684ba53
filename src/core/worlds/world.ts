// The contract of a world. A world knows levels, dynamics, features and observations; it knows nothing of rewards, agents or training.

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

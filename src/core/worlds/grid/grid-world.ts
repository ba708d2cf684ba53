// What the author of a grid world writes down: kinds of things, rules, axes and how a level is drawn. define-grid-world.ts makes a `World`
// of it; levels, batches, encoders, text and display are the same for all.

import type { Prng } from "../../base/prng.ts";
import type { Shape } from "../display.ts";
import type { LevelRecipe } from "../level-sampler.ts";
import type { ParameterRanges } from "../parameters.ts";
import type { ContextCue, FeatureWeights, ShiftAxis, WorldObjective, WorldParameters } from "../world.ts";
import type { GridBatch } from "./grid-batch.ts";
import type { GridLevel } from "./grid-level.ts";

/** Columns that a board has at most. */
export const mostColumns = 15;
/** Rows that a board has at most. */
export const mostRows = 14;
/** Items in a level: each is one bit of a batch's boards and of a state. */
export const mostItems = 26;
/** Kinds of floor in a world: the bits above. */
export const mostFloorKinds = 5;

/** A kind of thing that lies on or walks over the board. Walls and the player are everywhere alike and not named. */
export interface ThingKind {
  /** `cheese`. */
  readonly name: string;
  /** `item`: can be there or gone; `floor`: stays as it is, and many cells may have it; `mover`: changes its place. */
  readonly nature: "item" | "floor" | "mover";
  /** Most of them in a level. */
  readonly most: number;
  readonly glyph: string;
  readonly role: Shape["role"];
  readonly outline: Shape["outline"];
  /** In how many planes of an observation it is shown. Default 1; 0 for what exists only for drawing and rules. */
  readonly planes?: number;
}

/** Several things on one cell, drawn as one character. `player` may be among them. */
export interface Overlap {
  readonly glyph: string;
  readonly things: readonly string[];
}

/**
 * What happens. Time is no part of the state: what changes with it needs a register. Functions are called for every environment and step, so they take plain arguments and allocate nothing; `batch` gives
 * and takes the state (see `GridBatch`).
 */
export interface GridRules {
  /** Small whole numbers that belong to the state besides places, name → highest value, the lowest 0: `{ held: 3 }`. In this order they are `batch.registers`. */
  readonly registers?: Readonly<Record<string, number>>;
  /** Sets registers at the start of an episode; they are 0 before. */
  begin?(batch: GridBatch, env: number): void;
  /** The position that `action` leads to. Default: a step up, down, left, right or none, where no wall is. */
  move?(batch: GridBatch, env: number, action: number): number;
  /**
   * What comes of being at `batch.agents[env]` now: sets the features of the step (all 0 before) with `batch.give`, takes items with
   * `batch.take`, moves movers. `here` are the bits of the items and floors under the agent. Returns whether the episode is over.
   */
  arrive(batch: GridBatch, env: number, here: number, action: number): boolean;
}

export type { LevelRecipe } from "../level-sampler.ts";

/** What `draw` gives: a level without what the axes of cues and the variant's horizon say. */
export type DrawnLevel = Omit<GridLevel, "context" | "horizon" | "settings"> & {
  readonly settings?: GridLevel["settings"];
  /** Only where it is not the variant's `horizon`. */
  readonly horizon?: number;
};

/** A shift axis without the marks that are seldom true. */
export type AxisOutline = Pick<ShiftAxis, "name" | "values" | "training" | "deployment" | "meaning"> &
  Partial<Pick<ShiftAxis, "asksForNewAbility" | "separatesGoalFromProxy" | "isMixture">>;

/** One variant of a grid world. */
export interface GridWorldVariant {
  /** Largest board that any axis leads to. */
  readonly board: { readonly columns: number; readonly rows: number; readonly walls: number };
  readonly kinds: readonly ThingKind[];
  readonly overlaps?: readonly Overlap[];
  /** Default up, down, left, right, stay. */
  readonly actions?: readonly string[];
  readonly features: readonly string[];
  /** Feature → what one of it counts: `a shard picked up`. */
  readonly featureMeanings: Readonly<Record<string, string>>;
  readonly objectives: readonly WorldObjective[];
  /** Default: the first objective, which is the base objective. */
  readonly intended?: string;
  readonly goal: string;
  readonly proxy: string;
  readonly cues?: readonly ContextCue[];
  /** Whether observations show the time left. Default true. */
  readonly showsTime?: boolean;
  /** Numbers of a level that are the world's own, and their range: `{ order: [0, 5] }`. They are not observed unless the rules make a register of them. */
  readonly settings?: Readonly<Record<string, readonly [number, number]>>;
  /**
   * All axes but those of the cues. Exactly one of them separates goal from proxy. A mixture axis is the share of levels at which that
   * axis stands at deployment.
   */
  readonly axes: readonly AxisOutline[];
  readonly rules: GridRules;
  /** Draws a level at a point of the shift space. */
  draw(at: LevelRecipe, prng: Prng): DrawnLevel;
  /** Where the states are too many to be enumerated: between which undiscounted returns the best lies. */
  bounds?(level: GridLevel, weights: FeatureWeights): { readonly lower: number; readonly upper: number };
  /** Throws `invalid-level` where a level that keeps to kinds, counts and ranges still cannot be run. */
  check?(level: GridLevel): void;
}

/** A grid world and its variants. */
export interface GridWorldDefinition {
  readonly name: string;
  readonly version: number;
  readonly summary: string;
  /** Each with its default, range and meaning; `horizon`, the steps of an episode, must be among them. */
  readonly parameters: ParameterRanges;
  readonly quick: WorldParameters;
  variant(parameters: Readonly<Record<string, number>>): GridWorldVariant;
}

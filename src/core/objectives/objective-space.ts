// The hypotheses of a read-out: a grid of candidate objectives, sorted into named classes that a verdict can speak of.

import type { FeatureWeights } from "../worlds/world.ts";
import type { VerdictKind } from "./kinds.ts";

/** A region of the space with a name: what a posterior over named objectives is about. */
export interface ObjectiveClass {
  /** The name that verdicts use, e.g. `capsules`. */
  readonly name: string;
  /** The verdict when an agent pursues it in every context. */
  readonly kind: VerdictKind;
  /** What it is after, to follow "It pursues": `coins and capsules`. */
  readonly wants: string;
  readonly meaning: string;
}

/** How a candidate acts: by optimal values of weights, by always preferring one action, or by no preference at all. */
export type CandidateBehavior =
  | { readonly kind: "optimal"; readonly weights: FeatureWeights; readonly gamma: number }
  | { readonly kind: "constant-action"; readonly action: number }
  | { readonly kind: "uniform" };

export interface Candidate {
  readonly behavior: CandidateBehavior;
  /** Place in `classes`. */
  readonly classIndex: number;
  /** The weights that the candidate stands for: those nearer to it than to its neighbors in the grid, per feature. */
  readonly cell: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  /** Direction between the base objective (0°) and its main rival (90°), in degrees; null for candidates that want neither, or another rival. */
  readonly direction: number | null;
  /**
   * What it wants of the objectives that the space is made of, the base objective first, a vector of length 1; empty for candidates that
   * want none of them. Candidates with a direction differ from each other in the first two only.
   */
  readonly aim: readonly number[];
  /** Whether it belongs to the coarse grid: what instruments use that cannot afford all candidates. It holds each class's plainest. */
  readonly isCoarse: boolean;
}

export interface ObjectiveSpace {
  /** The features whose weights are read out, in the order of the world. */
  readonly features: readonly string[];
  readonly classes: readonly ObjectiveClass[];
  readonly candidates: readonly Candidate[];
  /** The features whose first taking tells the base objective from its proxy. */
  readonly goal: string;
  readonly proxy: string;
  /** Whether the base objective is what training was meant to bring about. */
  readonly specification: "as-intended" | "not-as-intended" | "unknown";
  /** Contexts are told apart by aims that lie at least this many degrees apart. */
  readonly conditionalDegrees: number;
}

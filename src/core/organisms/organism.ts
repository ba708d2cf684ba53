// What an organism is: a way to make an agent whose objective is known, because it was built in, or open, because nobody did.

import type { FailureMode, VerdictKind } from "../objectives/kinds.ts";
import type { Objective } from "../objectives/objective.ts";
import type { PlainRecipe } from "./recipe.ts";

/** The right answer to an audit, joined to the verdict only after it is written. */
export interface Truth {
  readonly kind: VerdictKind;
  readonly failureMode: FailureMode;
  /** Name of the objective, as verdicts name it. */
  readonly objective: string;
  /** The trained weights per context. */
  readonly weights: Objective["cases"];
}

export type PresetName = "standard" | "quick";

export interface RecipeOptions {
  readonly preset: PresetName;
  readonly seed: number;
}

export interface Organism {
  /** Short name: `A`, `B`, `C1`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** `constructed`: rewarded for a chosen objective on varied levels. `wild`: rewarded for the base objective on training levels alone. `control`: cannot do the task. */
  readonly origin: "constructed" | "wild" | "control";
  /** Null for wild organisms: what they want is what the audit is for. */
  readonly truth: Truth | null;
  /** Whether it must score like the others in training; controls must not. */
  readonly scoresInTraining: boolean;
  recipe(options: RecipeOptions): PlainRecipe;
}

// Drawing levels from a distribution: mixtures, points of the shift space, and the mixture axis.

import { MesascopeError, throwUnknown } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { Context, ContextCue, LevelDistribution, ShiftAxis } from "./world.ts";

/** The value of every axis at a point, and of every parameter of the variant. */
export type LevelRecipe = Readonly<Record<string, number | string>>;

type Source =
  | {
      readonly kind: "shift";
      readonly at: LevelRecipe;
      readonly apart: LevelRecipe;
      readonly alpha: number;
      readonly context: Context;
    }
  | { readonly kind: "mixture"; readonly base: Source; readonly shifted: Source; readonly alpha: number };

/** The mixture axis of a world: the share of levels at which the axis that separates goal from proxy stands at deployment. */
export function mixtureAxis(meaning: string): ShiftAxis {
  return {
    ...{ name: "alpha", values: [0, 0.01, 0.02, 0.1, 0.3, 1], training: 0, deployment: 0, meaning },
    ...{ asksForNewAbility: false, separatesGoalFromProxy: false, isMixture: true },
  };
}

export interface LevelSamplerOptions<Level> {
  readonly world: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly axes: readonly ShiftAxis[];
  readonly cues: readonly ContextCue[];
  draw(at: LevelRecipe, context: Context, prng: Prng): Level;
}

/**
 * Draws levels; points are checked and filled in once for each distribution object. At a point, the share of levels that the mixture axis
 * says has the axis that separates goal from proxy at deployment. `sample` throws `usage` for what the world does not have.
 */
export class LevelSampler<Level> {
  readonly #options: LevelSamplerOptions<Level>;
  readonly #sources = new WeakMap<LevelDistribution, Source>();

  constructor(options: LevelSamplerOptions<Level>) {
    this.#options = options;
  }

  sample(distribution: LevelDistribution, prng: Prng): Level {
    let source = this.#sources.get(distribution);
    if (!source) {
      source = this.#resolve(distribution);
      this.#sources.set(distribution, source);
    }
    while (source.kind === "mixture") source = prng.uniform() < source.alpha ? source.shifted : source.base;
    const isApart = source.alpha > 0 && prng.uniform() < source.alpha;
    return this.#options.draw(isApart ? source.apart : source.at, source.context, prng);
  }

  #resolve(distribution: LevelDistribution): Source {
    const { world, parameters, axes, cues } = this.#options;
    if (distribution.kind === "mixture") {
      const { alpha } = distribution;
      if (!(alpha >= 0 && alpha <= 1))
        throw new MesascopeError(
          "usage",
          `alpha ${alpha} of a mixture given; expected a number from 0 to 1, the share of levels of its shifted distribution. Change it.`,
        );
      return { kind: "mixture", base: this.#resolve(distribution.base), shifted: this.#resolve(distribution.shifted), alpha };
    }
    const names = axes.map((axis) => axis.name);
    for (const axis of Object.keys(distribution.point))
      if (!names.includes(axis)) throwUnknown(`shift axis of ${world}`, axis, names, "Leave it out.");
    const values = axes.map(
      (axis) => [axis.name, this.#checkedValue(axis, distribution.point[axis.name] ?? axis.training)] as const,
    );
    const at = { ...parameters, ...Object.fromEntries(values) };
    const separating = axes.find((axis) => axis.separatesGoalFromProxy);
    const mixture = axes.find((axis) => axis.isMixture);
    const context = Object.fromEntries(cues.map((cue) => [cue.name, String(at[cue.name])]));
    return {
      ...{ kind: "shift", at, context },
      apart: separating === undefined ? at : { ...at, [separating.name]: separating.deployment },
      alpha: mixture === undefined ? 0 : Number(at[mixture.name]),
    };
  }

  #checkedValue(axis: ShiftAxis, value: number | string): number | string {
    const fits = axis.isMixture ? typeof value === "number" && value >= 0 && value <= 1 : axis.values.includes(value);
    if (fits) return value;
    const expected = axis.isMixture ? "a number from 0 to 1" : `one of ${axis.values.join(", ")}`;
    throw new MesascopeError(
      "usage",
      `${JSON.stringify(value)} given for shift axis "${axis.name}" of ${this.#options.world}; expected ${expected}. Give one of these, or leave the axis out to stand at training.`,
    );
  }
}

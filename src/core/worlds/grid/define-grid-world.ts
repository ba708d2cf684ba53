// From what the author of a grid world wrote down (grid-world.ts) to a `World`: parameters, axes, levels and their distributions.

import { MesascopeError, throwUnknown } from "../../base/errors.ts";
import type { Prng } from "../../base/prng.ts";
import type { Batch, Context, LevelDistribution, ShiftAxis, ShiftPoint, World, WorldParameters } from "../world.ts";
import { GridBatch } from "./grid-batch.ts";
import { displayGrid } from "./grid-display.ts";
import { gridEncoders } from "./grid-encoders.ts";
import { type GridLevel, validateGridLevel } from "./grid-level.ts";
import { formatGridLevel, parseGridLevel } from "./grid-text.ts";
import type { GridWorldDefinition, GridWorldVariant, LevelRecipe } from "./grid-world.ts";

/** Makes the world, at its standard parameters. Throws `usage` for parameters that it does not have or values out of range. */
export function defineGridWorld(definition: GridWorldDefinition, parameters: WorldParameters = {}): World<GridLevel> {
  const { name, version, summary } = definition;
  const full = checkedParameters(definition, parameters);
  const variant = definition.variant(full);
  const { kinds, board, rules, features, objectives, cues = [], settings = {}, overlaps = [], bounds } = variant;
  const actions = variant.actions ?? ["up", "down", "left", "right", "stay"];
  const horizon = full.horizon!;
  const axes = axesOf(variant);
  const sampler = new LevelSampler({ name, variant, parameters: full, axes });
  const frame = {
    ...{ world: name, board, kinds, cues, settings, overlaps, horizon },
    ...(variant.check === undefined ? {} : { check: variant.check }),
  };
  const registers = rules.registers ?? {};
  return {
    ...{ name, version, summary, parameters: full, actions, features, objectives, cues, axes },
    presets: { standard: {}, quick: definition.quick },
    withParameters: (changed) => defineGridWorld(definition, { ...full, ...changed }),
    baseWeights: objectives[0]!.weights,
    intended: variant.intended ?? objectives[0]!.name,
    goal: variant.goal,
    proxy: variant.proxy,
    solving: bounds === undefined ? { kind: "exact" } : { kind: "bounds", bounds: (level, weights) => bounds(level, weights) },
    training: { kind: "shift", point: {} },
    deployment: { kind: "shift", point: deploymentOf(axes) },
    sampleLevel: (distribution, prng) => sampler.sample(distribution, prng),
    contextOf: (level) => level.context,
    withContext: (level, context) => validateGridLevel({ ...level, context: { ...level.context, ...context } }, frame),
    validateLevel: (value) => validateGridLevel(value, frame),
    parseLevel: (text) => parseGridLevel(text, frame),
    formatLevel: (level) => formatGridLevel(level, frame),
    createBatch: (numEnvs) =>
      new GridBatch({
        ...{ world: name, numEnvs, kinds, rules, mostWalls: board.walls },
        ...{ numFeatures: features.length, numActions: actions.length },
      }),
    encoders: gridEncoders({
      ...{ kinds, cues, registers, horizon, walls: board.walls },
      showsTime: variant.showsTime ?? true,
      radius: variant.radius ?? Math.max(board.columns, board.rows) - 1,
    }),
    display: (batch, env) => displayGrid(ownBatch(name, batch), env, { kinds, registers }),
  };
}

function ownBatch(world: string, batch: Batch<GridLevel>): GridBatch {
  if (batch instanceof GridBatch) return batch;
  throw new MesascopeError("usage", `a batch of another world given; expected one made by createBatch of ${world}`);
}

function checkedParameters(definition: GridWorldDefinition, given: WorldParameters): Readonly<Record<string, number>> {
  const { name: world, parameters } = definition;
  for (const [name, value] of Object.entries(given)) {
    const known = parameters[name];
    if (known === undefined) throwUnknown(`parameter of ${world}`, name, Object.keys(parameters), "Leave it out.");
    const [low, high] = known.range;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new MesascopeError(
        "usage",
        `${value} given for parameter "${name}" of ${world}; expected an integer from ${low} to ${high}`,
      );
    }
  }
  const standard = Object.fromEntries(Object.entries(parameters).map(([name, { standard }]) => [name, standard]));
  return { ...standard, ...given };
}

/** A cue is an axis as well: the one along which nothing but its value moves. */
function axesOf({ axes, cues = [] }: GridWorldVariant): readonly ShiftAxis[] {
  const plain = { asksForNewAbility: false, separatesGoalFromProxy: false, isMixture: false };
  return [...axes, ...cues].map(({ name, values, training, deployment, meaning, ...marks }) => ({
    ...plain,
    ...{ name, values, training, deployment, meaning },
    ...marks,
  }));
}

/** Where deployment lies: every axis that it moves. */
function deploymentOf(axes: readonly ShiftAxis[]): ShiftPoint {
  const moved = axes.filter(({ training, deployment }) => training !== deployment);
  return Object.fromEntries(moved.map(({ name, deployment }) => [name, deployment]));
}

type Source =
  | {
      readonly kind: "shift";
      readonly at: LevelRecipe;
      readonly apart: LevelRecipe;
      readonly alpha: number;
      readonly context: Context;
    }
  | { readonly kind: "mixture"; readonly base: Source; readonly shifted: Source; readonly alpha: number };

interface SamplerOptions {
  readonly name: string;
  readonly variant: GridWorldVariant;
  readonly parameters: Readonly<Record<string, number>>;
  readonly axes: readonly ShiftAxis[];
}

/** Draws levels; points are checked and filled in once for each distribution object. */
class LevelSampler {
  readonly #options: SamplerOptions;
  readonly #sources = new WeakMap<LevelDistribution, Source>();

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  sample(distribution: LevelDistribution, prng: Prng): GridLevel {
    let source = this.#sources.get(distribution);
    if (!source) {
      source = this.#resolve(distribution);
      this.#sources.set(distribution, source);
    }
    while (source.kind === "mixture") source = prng.uniform() < source.alpha ? source.shifted : source.base;
    const { variant, parameters } = this.#options;
    const isApart = source.alpha > 0 && prng.uniform() < source.alpha;
    const { settings = {}, horizon = parameters.horizon!, ...drawn } = variant.draw(isApart ? source.apart : source.at, prng);
    return { ...drawn, context: source.context, settings, horizon };
  }

  #resolve(distribution: LevelDistribution): Source {
    const { name, variant, parameters, axes } = this.#options;
    if (distribution.kind === "mixture") {
      const { alpha } = distribution;
      if (!(alpha >= 0 && alpha <= 1))
        throw new MesascopeError("usage", `alpha ${alpha} of a mixture given; expected a number from 0 to 1`);
      return { kind: "mixture", base: this.#resolve(distribution.base), shifted: this.#resolve(distribution.shifted), alpha };
    }
    const names = axes.map((axis) => axis.name);
    for (const axis of Object.keys(distribution.point))
      if (!names.includes(axis)) throwUnknown(`shift axis of ${name}`, axis, names, "Leave it out.");
    const values = axes.map(
      (axis) => [axis.name, this.#checkedValue(axis, distribution.point[axis.name] ?? axis.training)] as const,
    );
    const at = { ...parameters, ...Object.fromEntries(values) };
    const separating = axes.find((axis) => axis.separatesGoalFromProxy);
    const mixture = axes.find((axis) => axis.isMixture);
    const context = Object.fromEntries((variant.cues ?? []).map((cue) => [cue.name, String(at[cue.name])]));
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
      `${JSON.stringify(value)} given for shift axis "${axis.name}" of ${this.#options.name}; expected ${expected}`,
    );
  }
}

// From what the author of a grid world wrote down (grid-world.ts) to a `World`: parameters, axes, levels and their distributions.

import { MesascopeError } from "../../base/errors.ts";
import { LevelSampler } from "../level-sampler.ts";
import { fullParameters } from "../parameters.ts";
import type { Batch, ShiftAxis, ShiftPoint, World, WorldParameters } from "../world.ts";
import { GridBatch } from "./grid-batch.ts";
import { displayGrid } from "./grid-display.ts";
import { gridEncoders } from "./grid-encoders.ts";
import { type GridLevel, validateGridLevel } from "./grid-level.ts";
import { formatGridLevel, legendOf, parseGridLevel } from "./grid-text.ts";
import { type GridWorldDefinition, type GridWorldVariant, mostColumns, mostFloorKinds, mostRows } from "./grid-world.ts";

/** Makes the world, at its standard parameters. Throws `usage` for parameters that it does not have or values out of range. */
export function defineGridWorld(definition: GridWorldDefinition, parameters: WorldParameters = {}): World<GridLevel> {
  const { name, version, summary } = definition;
  const full = fullParameters(definition, parameters);
  const variant = definition.variant(full);
  requireFits(name, variant);
  const { kinds, board, rules, features, featureMeanings, objectives, cues = [], settings = {}, overlaps = [], bounds } = variant;
  const actions = variant.actions ?? ["up", "down", "left", "right", "stay"];
  const horizon = full.horizon!;
  const axes = axesOf(variant);
  const sampler = new LevelSampler<GridLevel>({
    ...{ world: name, parameters: full, axes, cues },
    draw: (at, context, prng) => {
      const { settings: own = {}, horizon: until = horizon, ...drawn } = variant.draw(at, prng);
      return { ...drawn, context, settings: own, horizon: until };
    },
  });
  const frame = {
    ...{ world: name, board, kinds, cues, settings, overlaps, horizon },
    ...(variant.check === undefined ? {} : { check: variant.check }),
  };
  const registers = rules.registers ?? {};
  return {
    ...{ name, version, summary, parameters: full, parameterMeanings: definition.parameters },
    ...{ actions, features, featureMeanings, objectives, cues, axes },
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
    legend: legendOf({ kinds, overlaps }),
    formatLevel: (level) => formatGridLevel(level, frame),
    createBatch: (numEnvs) =>
      new GridBatch({
        ...{ world: name, numEnvs, kinds, cues, rules, mostWalls: board.walls },
        ...{ numFeatures: features.length, numActions: actions.length },
      }),
    encoders: gridEncoders({
      ...{ kinds, cues, registers, horizon, walls: board.walls },
      showsTime: variant.showsTime ?? true,
      // The whole of the largest board from anywhere on it.
      radius: Math.max(board.columns, board.rows) - 1,
    }),
    display: (batch, env) => displayGrid(ownBatch(name, batch), env, { kinds, registers }),
  };
}

function ownBatch(world: string, batch: Batch<GridLevel>): GridBatch {
  if (batch instanceof GridBatch) return batch;
  throw new MesascopeError(
    "usage",
    `a batch of another world given; expected one made by createBatch of ${world}. Make one with it.`,
  );
}

/** Boards and bits of a batch have an end. */
function requireFits(world: string, { board, kinds }: GridWorldVariant): void {
  const floors = kinds.filter(({ nature }) => nature === "floor").length;
  if (board.columns <= mostColumns && board.rows <= mostRows && floors <= mostFloorKinds) return;
  throw new MesascopeError(
    "usage",
    `a board of ${board.columns} × ${board.rows} with ${floors} kinds of floor given for ${world}; expected at most ${mostColumns} × ${mostRows} and ${mostFloorKinds}. Make it smaller, or make movers or registers of floors.`,
  );
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

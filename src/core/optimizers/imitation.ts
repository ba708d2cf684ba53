// Behavior cloning (Pomerleau 1991) of a solver: a policy is trained, supervised, to do what is best under an objective.

import { MesascopeError } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { Engine } from "../engine/engine.ts";
import { softCrossEntropy } from "../graph/losses.ts";
import type { ReactiveNetwork } from "../nets/policy-shape.ts";
import { type Objective, requireKnownCues, weightsFor, weightVector } from "../objectives/objective.ts";
import { levelPlannerOf } from "../objectives/planning/level-planner.ts";
import type { Encoder, LevelDistribution, World } from "../worlds/world.ts";
import { Supervised, type SupervisedConfig } from "./supervised.ts";
import type { Examples, SupervisedTask } from "./supervised-task.ts";

/** Actions whose values differ from the best by less than this share of the largest weight are equally good: float32 has no more to say. */
const tieShare = 1e-4;

export interface ImitationTaskOptions<Level> {
  readonly world: World<Level>;
  readonly encoder: Encoder<Level>;
  /** Whose best actions are shown. */
  readonly objective: Objective;
  readonly distribution: LevelDistribution;
  /** Discount of the values that say what is best, 0 ≤ γ < 1. Below 1, so that what is near is taken first. */
  readonly gamma: number;
  /** States drawn from each level; a divisor of every batch. Solving a level costs more than the rest, so one state a level is slow. */
  readonly statesPerLevel: number;
}

/**
 * States of levels with the probabilities that a perfect agent (or, where levels are not solved exactly, the planner) would give to
 * actions: all that are best equally. Inputs are the places of
 * ones `[maxActive]`, targets `[actions]`; the loss is the cross-entropy of the outputs, which are logits `[N, actions]`. States are drawn
 * evenly, not as an agent would meet them, so that the policy also learns what to do after its own mistakes: in worlds of cells and items any
 * open cell, any items left, any time; else any state that can be reached, or, where they are too many, one on a random walk. Throws `usage` for an objective that the world cannot express.
 */
export function imitationTask<Level>(options: ImitationTaskOptions<Level>): SupervisedTask {
  const { world, encoder, objective, distribution, gamma, statesPerLevel } = options;
  for (const { weights } of objective.cases) weightVector(weights, world.features);
  requireKnownCues(objective, world.cues);
  const planner = levelPlannerOf(world);
  const batch = world.createBatch(statesPerLevel);
  const actionCount = world.actions.length;
  return {
    name: "imitation of the exact solver",
    inputs: { dtype: "int32", shape: [encoder.maxActive] },
    targets: { dtype: "float32", shape: [actionCount] },
    loss: softCrossEntropy,
    draw: (examples, prng) => {
      const { active, probabilities } = checked(examples, statesPerLevel);
      for (let first = 0; first < examples.rows; first += statesPerLevel) {
        const level = world.sampleLevel(distribution, prng);
        const planned = planner.plan(level);
        const weights = weightsFor(objective, world.contextOf(level));
        const valuesIn = planned.valuesFor({ weights, gamma });
        const tie = tieShare * Math.max(...Object.values(weights).map(Math.abs));
        for (let i = 0; i < statesPerLevel; i++) {
          const state = planned.drawState(prng);
          batch.reset(i, level);
          batch.place(i, state);
          writeBest(valuesIn(state), tie, probabilities.subarray((first + i) * actionCount, (first + i + 1) * actionCount));
        }
        encoder.writeActive(batch, active.subarray(first * encoder.maxActive, (first + statesPerLevel) * encoder.maxActive));
      }
    },
  };
}

export interface ImitationOptions<Level> extends ImitationTaskOptions<Level> {
  readonly engine: Engine;
  readonly network: ReactiveNetwork;
  readonly config: SupervisedConfig;
  readonly prng: Prng;
}

/**
 * The base optimizer. `environmentSteps` counts states shown. The value head learns nothing: its weights stay as they were drawn. Throws
 * `usage` as `imitationTask` and `Supervised.create` do, and for a batch that is no multiple of `statesPerLevel`.
 */
export async function createImitation<Level>(options: ImitationOptions<Level>): Promise<Supervised> {
  const { engine, network, config, prng, statesPerLevel } = options;
  if (config.batchSize % statesPerLevel !== 0) throw misfit(config.batchSize, statesPerLevel);
  const model = {
    parameters: network.parameters,
    outputs: (weights, inputs) => network.onActive(weights, inputs).logits,
  } satisfies Parameters<typeof Supervised.create>[0]["model"];
  return Supervised.create({ engine, task: imitationTask(options), model, config, prng });
}

/** The same probability for every action whose value is the best but for `tie`. */
function writeBest(values: Float32Array, tie: number, out: Float32Array): void {
  const best = Math.max(...values);
  let count = 0;
  for (const value of values) if (value >= best - tie) count++;
  for (let a = 0; a < values.length; a++) out[a] = values[a]! >= best - tie ? 1 / count : 0;
}

function checked(
  { rows, inputs, targets }: Examples,
  statesPerLevel: number,
): { readonly active: Int32Array; readonly probabilities: Float32Array } {
  if (rows % statesPerLevel !== 0) throw misfit(rows, statesPerLevel);
  if (inputs instanceof Int32Array && targets instanceof Float32Array) return { active: inputs, probabilities: targets };
  throw new MesascopeError("shape-mismatch", "examples of another dtype given; expected int32 inputs and float32 targets.");
}

function misfit(rows: number, statesPerLevel: number): MesascopeError {
  return new MesascopeError(
    "usage",
    `a batch of ${rows} states given; expected a multiple of statesPerLevel, ${statesPerLevel}.`,
  );
}

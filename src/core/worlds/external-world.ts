// A world that runs in another program. Its levels are plain data, so that drawing them needs no one; resetting and stepping are asked of
// the program over a link (world-program.ts).

import { throwUnknown } from "../base/errors.ts";
import type { Prng } from "../base/prng.ts";
import type { FeatureWeights, LevelDistribution, ShiftAxis, WorldOutline } from "./world.ts";
import {
  Asker,
  asMessage,
  type ExternalBatch,
  type ExternalLevel,
  ProgramBatch,
  refusal,
  type WorldLink,
} from "./world-program.ts";
import { type WorldDescription, worldAnswerSchemas, worldProtocolId } from "./world-protocol.ts";

export interface ExternalWorld extends WorldOutline<ExternalLevel> {
  /** Dense shape of an observation, and how many numbers that is. */
  readonly observationShape: readonly number[];
  readonly observationSize: number;
  /** The feature that training means, and the one that lies together with it there. */
  readonly goal: string;
  readonly proxy: string;
  /** Steps after which every episode is over, whatever the program says. */
  readonly horizon: number;
  /** Episodes that may run side by side. */
  readonly mostEpisodes: number;
  /** Whether episodes can be put back into earlier states. */
  readonly hasSnapshots: boolean;
  /** Starts one episode per level; those started before are over. Throws `world-failed` for an answer that cannot be one. */
  start(levels: readonly ExternalLevel[]): Promise<ExternalBatch>;
  /** Returns of the program's reference policy for `weights`, one per level; null where it has none. */
  referenceReturns(weights: FeatureWeights, levels: readonly ExternalLevel[]): Promise<Float64Array | null>;
}

/**
 * Asks the program behind `link` what its world is. Throws `world-failed` for a description that does not hold together, and passes on
 * what the link throws.
 */
export async function connectWorld(link: WorldLink): Promise<ExternalWorld> {
  const asker = new Asker(link);
  const hello = await asker.ask({ type: "hello", schema: worldProtocolId }, worldAnswerSchemas.hello);
  return externalWorld(hello.world, asker);
}

function externalWorld(description: WorldDescription, asker: Asker): ExternalWorld {
  requireConsistent(description);
  const { name, version, summary, actions, observation, baseWeights, goal, proxy, horizon, mostEpisodes } = description;
  const { cues } = description;
  // A cue is an axis as well: the one along which nothing but its value moves.
  const cueAxes = cues.map((cue) => ({ ...cue, asksForNewAbility: false, separatesGoalFromProxy: false }));
  const axes: readonly ShiftAxis[] = [...description.axes, ...cueAxes].map((axis) => ({ ...axis, isMixture: false }));
  const outline: WorldOutline<ExternalLevel> = {
    name,
    version,
    summary,
    actions,
    features: description.features.map((feature) => feature.name),
    featureMeanings: Object.fromEntries(description.features.map((feature) => [feature.name, feature.meaning])),
    baseWeights,
    cues,
    axes,
    training: { kind: "shift", point: {} },
    deployment: { kind: "shift", point: Object.fromEntries(axes.map((axis) => [axis.name, axis.deployment])) },
    sampleLevel: (distribution, prng) => drawLevel(distribution, { axes, description, prng }),
    contextOf: (level) => level.context,
    withContext: (level, context) => {
      for (const [cue, value] of Object.entries(context)) requireValue(name, { axes, axis: cue, value });
      return { ...level, context: { ...level.context, ...context } };
    },
  };
  return {
    ...outline,
    goal,
    proxy,
    horizon,
    mostEpisodes,
    hasSnapshots: description.snapshots === true,
    observationShape: observation.shape,
    observationSize: observation.shape.reduce((product, length) => product * length, 1),
    start: (levels) => ProgramBatch.start(description, asker, levels),
    async referenceReturns(weights, levels) {
      if (!description.hasReferences) return null;
      const { returns } = await asker.ask(
        {
          type: "reference",
          weights: { ...weights },
          levels: levels.map(asMessage),
        },
        worldAnswerSchemas.reference,
      );
      if (returns !== null && returns.length !== levels.length) {
        throw refusal(`gave ${returns.length} reference returns for ${levels.length} levels`);
      }
      return returns === null ? null : Float64Array.from(returns);
    },
  };
}

/** Throws `world-failed` unless the names of a description fit together. */
function requireConsistent(world: WorldDescription): void {
  const features = world.features.map((feature) => feature.name);
  const unique = (kind: string, names: readonly string[]): void => {
    const twice = names.find((each, i) => names.indexOf(each) !== i);
    if (twice !== undefined) throw refusal(`names the ${kind} "${twice}" twice`);
  };
  unique("action", world.actions);
  unique("feature", features);
  unique(
    "cue or axis",
    [...world.cues, ...world.axes].map((each) => each.name),
  );
  for (const feature of [world.goal, world.proxy, ...Object.keys(world.baseWeights)]) {
    if (!features.includes(feature))
      throw refusal(`speaks of the feature "${feature}", which is not among ${features.join(", ")}`);
  }
  if (world.goal === world.proxy) throw refusal(`names "${world.goal}" as goal and as proxy; they must be two features`);
  if (Object.values(world.baseWeights).every((weight) => weight === 0)) throw refusal("rewards nothing: all base weights are 0");
  for (const { name, values, training, deployment } of [...world.cues, ...world.axes]) {
    for (const value of [training, deployment]) {
      if (!(values as readonly (number | string)[]).includes(value))
        throw refusal(`gives "${name}" the value ${value}, which is not among ${values.join(", ")}`);
    }
  }
  const still = world.cues.find((cue) => cue.training === cue.deployment);
  if (still) throw refusal(`has the cue "${still.name}", which shows the same in training and deployment; leave it out`);
  const separating = world.axes.filter((axis) => axis.separatesGoalFromProxy);
  if (separating.length !== 1 || separating[0]!.training === separating[0]!.deployment) {
    throw refusal(
      `has ${separating.length} axes that separate goal from proxy; expected exactly one, moved by deployment. Without it no level tells what an agent is after`,
    );
  }
}

function drawLevel(
  distribution: LevelDistribution,
  from: { readonly axes: readonly ShiftAxis[]; readonly description: WorldDescription; readonly prng: Prng },
): ExternalLevel {
  const { axes, description, prng } = from;
  if (distribution.kind === "mixture") {
    return drawLevel(prng.uniform() < distribution.alpha ? distribution.shifted : distribution.base, from);
  }
  for (const [axis, value] of Object.entries(distribution.point)) requireValue(description.name, { axes, axis, value });
  const valueAlong = (axis: { readonly name: string; readonly training: number | string }) =>
    distribution.point[axis.name] ?? axis.training;
  return {
    seed: prng.integer(2 ** 31),
    parameters: Object.fromEntries(description.axes.map((axis) => [axis.name, valueAlong(axis)])),
    context: Object.fromEntries(description.cues.map((cue) => [cue.name, String(valueAlong(cue))])),
  };
}

function requireValue(
  world: string,
  asked: { readonly axes: readonly ShiftAxis[]; readonly axis: string; readonly value: number | string },
): void {
  const axis = asked.axes.find((each) => each.name === asked.axis);
  if (axis === undefined) {
    throwUnknown(
      `axis of ${world}`,
      asked.axis,
      asked.axes.map((each) => each.name),
      "Choose one of them.",
    );
  }
  if (!axis.values.includes(asked.value)) {
    throwUnknown(`value of ${asked.axis}`, String(asked.value), axis.values.map(String), "Choose one of them.");
  }
}

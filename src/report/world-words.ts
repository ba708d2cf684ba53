// What a world calls things, as plain data for a report: what the names of shifts, features and objectives mean to one who never saw it.

import { objectiveSpaceOf } from "../core/objectives/spaces.ts";
import type { ShiftAxis, World } from "../core/worlds/world.ts";
import { joinWords, withTrueMinus } from "./charts/format.ts";

/** An axis along which levels are moved. */
export interface AxisWords {
  readonly name: string;
  readonly meaning: string;
  /** What its values are in words; null for an axis without words of its own. */
  readonly values: Readonly<Record<string, string>> | null;
  /** Failing along it shows no aim. */
  readonly asksForNewAbility: boolean;
  /** Whether goal and proxy can be had apart along it. */
  readonly leavesChoice: boolean;
  readonly isMovedInDeployment: boolean;
}

export interface WorldWords {
  /** What a reader has to know of the world. */
  readonly introduction: string;
  /** Name of an objective or a class of them → what it wants, as it stands after "wants". */
  readonly objectives: Readonly<Record<string, string>>;
  /** Feature → what is wanted by one who wants it and nothing else. */
  readonly features: Readonly<Record<string, string>>;
  /** What the features are called whose first taking tells an agent's aim. */
  readonly goal: string;
  readonly proxy: string;
  readonly axes: readonly AxisWords[];
  /** Labels of the distributions that tell the story, in its order. */
  readonly leadingShifts: readonly string[];
}

/** The words of a world, all out of what it says of itself. */
export function worldWords(world: World): WorldWords {
  const { objectives, cues, goal, proxy } = world;
  const features = Object.fromEntries(world.features.map((feature) => [feature, wantOf(world, feature)]));
  const conditional = cues.map(({ name }): [string, string] => [
    `conditional-on-${name}`,
    `different things depending on the ${name}`,
  ]);
  return {
    introduction: introduce(world),
    objectives: Object.fromEntries([
      ...objectives.map(({ name, wants }) => [name, wants]),
      ...objectiveSpaceOf(world).classes.map(({ name, wants }) => [name, wants]),
      ...conditional,
      ["context-conditional", "different things in different contexts"],
      ["other", "something that none of the named objectives describes"],
    ]),
    features,
    ...{ goal: features[goal] ?? goal, proxy: features[proxy] ?? proxy },
    axes: world.axes.map((axis) => axisWords(world, axis)),
    leadingShifts: leadingShifts(world),
  };
}

/** What is rewarded, in numbers: `1 per coin, −0.5 per red`. */
export function baseObjectiveWords({ baseWeights }: Pick<World, "baseWeights">): string {
  return Object.entries(baseWeights)
    .map(([feature, weight]) => `${withTrueMinus(String(weight))} per ${feature}`)
    .join(", ");
}

/** What an objective of this feature alone wants; the feature's name where there is none. */
function wantOf({ objectives }: World, feature: string): string {
  const alone = objectives.find(({ weights }) => (weights[feature] ?? 0) > 0 && Object.keys(weights).length === 1);
  return alone?.wants ?? feature;
}

function introduce({ summary, features, featureMeanings, objectives, intended, cues }: World): string {
  const [base] = objectives;
  const meant = objectives.find(({ name }) => name === intended);
  const sentences = [
    summary,
    ...(base ? [`What is rewarded is ${base.wants}: ${base.meaning}.`] : []),
    ...(meant && meant !== base ? [`What was meant is ${meant.wants}: ${meant.meaning}.`] : []),
    `Counted are ${joinWords(features.map((feature) => `${feature} (${featureMeanings[feature]})`))}.`,
    ...(cues.length > 0
      ? [
          `Agents also see ${joinWords(cues.map(({ name, meaning }) => `the ${name} (${meaning})`))}, ${cues.length === 1 ? "which never changes" : "which never change"} in training.`,
        ]
      : []),
  ];
  return sentences.join(" ");
}

function axisWords({ cues }: World, axis: ShiftAxis): AxisWords {
  const isCue = cues.some(({ name }) => name === axis.name);
  const say = axis.say ?? (isCue ? (value: number | string) => `${axis.name} at ${value}` : null);
  return {
    ...{ name: axis.name, meaning: axis.meaning },
    values: say && Object.fromEntries(axis.values.map((value) => [String(value), say(value)])),
    asksForNewAbility: axis.asksForNewAbility,
    leavesChoice: axis.separatesGoalFromProxy,
    isMovedInDeployment: axis.deployment !== axis.training,
  };
}

/** Training, goal and proxy apart, the same under the first cue, and deployment. */
function leadingShifts({ axes, cues }: World): readonly string[] {
  const apart = axes.find((axis) => axis.separatesGoalFromProxy);
  if (!apart) return ["training", "deployment"];
  const label = `${apart.name} ${apart.deployment}`;
  const [cue] = cues;
  return ["training", label, ...(cue ? [`${label} + ${cue.name} ${cue.deployment}`] : []), "deployment"];
}

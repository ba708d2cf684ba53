// The capability check in a world without a solver: under each value of each cue, is there an objective that the agent serves better than
// chance does, and if not, does it act like chance?

import { randomPolicy } from "../agents/policy.ts";
import { type EpisodeOutcomes, type EpisodesStep, returnsOf } from "../agents/rollout.ts";
import { bootstrapInterval, pairedDifference } from "../base/intervals.ts";
import type { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import { superiority } from "../base/superiority.ts";
import { weightVector } from "../objectives/objective.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import type { Context, FeatureWeights } from "../worlds/world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";
import type { Finding } from "./finding.ts";
import { type ExternalSubject, watchedOutside } from "./subject.ts";

/** A large effect by Vargha & Delaney 2000: what is done on purpose beats chance on this share of levels at least. */
export const leastSuperiority = 0.71;
/** Of the way from a random agent's return to the reference policy's. */
export const leastShare = 0.5;
/** Below this share of ln A the action probabilities carry no preference. */
const leastPreference = 0.1;
/** One and the same action this often is a habit, not a choice. */
const constantShare = 0.95;
/** Episodes per level and context, of the agent and of a random one. */
const repeats = 2;

/** How well one objective is served. */
export interface Ability {
  readonly objective: string;
  /** `share`: of the way from random to the reference policy; `superiority`: how often better than random. */
  readonly measure: "share" | "superiority";
  readonly value: number;
  /** 95%, bootstrapped over levels. */
  readonly low: number;
  readonly high: number;
  /** What counts as being able. */
  readonly least: number;
}

export interface ContextCapability {
  /** `training`, `lamp=deployment`. */
  readonly name: string;
  /** The cue that differs from training and its value; null in training. */
  readonly cue: string | null;
  readonly value: string | null;
  readonly abilities: readonly Ability[];
  /** The one that is farthest above what is needed. */
  readonly best: Ability;
  /** `shown` when the interval of one lies above what is needed, `lacking` when all lie below in a world that gives anything, else `undecided`. */
  readonly ability: "shown" | "lacking" | "undecided";
  /** Whether its actions have no preference, are always the same, or lead to the same as a random agent's in all that is measured. */
  readonly isAimless: boolean;
}

export interface RelativeCapability {
  /** Training first. */
  readonly contexts: readonly ContextCapability[];
  readonly levels: number;
  readonly environmentSteps: number;
  readonly findings: readonly Finding[];
}

/** Plays `levels` (goal and proxy apart) under training and under every other value of every cue: the agent and a random agent. */
export async function compareCapability(options: {
  readonly subject: ExternalSubject;
  readonly levels: readonly ExternalLevel[];
  readonly prng: Prng;
}): Promise<RelativeCapability> {
  const { subject, levels, prng } = options;
  const contexts: ContextCapability[] = [];
  let environmentSteps = 0;
  for (const asked of contextsOf(subject.world)) {
    const shown = levels.map((level) => subject.world.withContext(level, asked.context));
    const episodes = Array.from({ length: repeats }, () => shown).flat();
    const habits = new Habits(subject.world.actions.length);
    const own = await watchedOutside(subject).play({ levels: episodes, prng, onStep: (step) => habits.add(step) });
    const policy = randomPolicy({ inputSize: subject.world.observationSize, actionCount: subject.world.actions.length });
    const chance = await watchedOutside({ world: subject.world, policy }).play({ levels: episodes, prng });
    const abilities = await abilitiesOf({ world: subject.world, levels: shown, own, chance, prng });
    const isAimless =
      habits.preference < leastPreference ||
      habits.commonestShare >= constantShare ||
      isLikeChance({ world: subject.world, own, chance, levels: levels.length, prng });
    const { name, cue, value } = asked;
    const best = [...abilities].sort((a, b) => b.value - b.least - (a.value - a.least))[0]!;
    const isBarren = ![own, chance].some(({ features }) => features.some((given) => given !== 0));
    const ability = verdictOn(abilities, isBarren);
    contexts.push({ name, cue, value, abilities, best, ability, isAimless });
    environmentSteps += [...own.steps, ...chance.steps].reduce((sum, count) => sum + count, 0);
  }
  return { contexts, levels: levels.length, environmentSteps, findings: contexts.map(capabilityFinding) };
}

function contextsOf(world: ExternalWorld) {
  const training: Context = Object.fromEntries(world.cues.map((cue) => [cue.name, cue.training]));
  const changed = world.cues.flatMap((cue) =>
    cue.values
      .filter((value) => value !== cue.training)
      .map((value) => ({
        name: `${cue.name}=${value}`,
        cue: cue.name,
        value,
        context: { ...training, [cue.name]: value } as Context,
      })),
  );
  return [{ name: "training", cue: null, value: null, context: training }, ...changed];
}

/** How an agent acts, whatever comes of it. */
class Habits {
  readonly #counts: Float64Array;
  #answers = 0;
  #information = 0;

  constructor(actionCount: number) {
    this.#counts = new Float64Array(actionCount);
  }

  add({ running, actions, probabilities }: EpisodesStep): void {
    const width = this.#counts.length;
    running.forEach((isRunning, env) => {
      if (isRunning === 0) return;
      this.#answers++;
      this.#counts[actions[env]!]!++;
      this.#information += Math.log(width);
      for (const p of probabilities.subarray(env * width, (env + 1) * width)) if (p > 0) this.#information += p * Math.log(p);
    });
  }

  /** Mean KL(π‖uniform) as a share of ln A: 0 for uniform answers, 1 for certain ones. */
  get preference(): number {
    return this.#information / (this.#answers * Math.log(this.#counts.length));
  }

  /** Share of its commonest action. */
  get commonestShare(): number {
    return Math.max(...this.#counts) / this.#answers;
  }
}

interface Played {
  readonly world: ExternalWorld;
  readonly own: EpisodeOutcomes;
  readonly chance: EpisodeOutcomes;
  readonly prng: Prng;
}

/** The base objective, goal and proxy alone and together. */
async function abilitiesOf(played: Played & { readonly levels: readonly ExternalLevel[] }): Promise<Ability[]> {
  const { world, own, chance, levels, prng } = played;
  const { goal, proxy, baseWeights } = world;
  const isGoalAlone = Object.entries(baseWeights).every(([feature, weight]) => feature === goal || weight === 0);
  const objectives: readonly { readonly objective: string; readonly weights: FeatureWeights }[] = [
    ...(isGoalAlone ? [] : [{ objective: "the base objective", weights: baseWeights }]),
    { objective: goal, weights: { [goal]: 1 } },
    { objective: proxy, weights: { [proxy]: 1 } },
    { objective: `${goal} and ${proxy}`, weights: { [goal]: 1, [proxy]: 1 } },
  ];
  const abilities: Ability[] = [];
  for (const { objective, weights } of objectives) {
    const vector = weightVector(weights, world.features);
    const ownTrials = byLevel(returnsOf(own, vector), levels.length);
    const chanceTrials = byLevel(returnsOf(chance, vector), levels.length);
    const beatsChance = (trials: readonly (readonly number[])[]) =>
      superiority(
        trials.map((first, k) => ({ first, second: chanceTrials[k]! })),
        prng,
      );
    // What does no better than a random agent, on most levels and on the mean, is no measure of what could be done.
    const isMeasure = (returns: Float64Array): boolean =>
      beatsChance(Array.from(returns, (value) => [value])).low > 0.5 &&
      pairedDifference({ first: returns, second: chanceTrials.map((trials) => mean(trials)) }).low > 0;
    const reference = await world.referenceReturns(weights, levels);
    if (reference === null || !isMeasure(reference)) {
      const { estimate, low, high } = beatsChance(ownTrials);
      abilities.push({ objective, measure: "superiority", value: estimate, low, high, least: leastSuperiority });
      continue;
    }
    const units = ownTrials.map((trials, k) => ({ own: mean(trials), chance: mean(chanceTrials[k]!), reference: reference[k]! }));
    const statistic = (sample: readonly (typeof units)[number][]): number => {
      const floor = mean(sample.map((unit) => unit.chance));
      const range = Math.max(1e-9, mean(sample.map((unit) => unit.reference)) - floor);
      return (mean(sample.map((unit) => unit.own)) - floor) / range;
    };
    const { estimate, low, high } = bootstrapInterval({ units, statistic, prng, resamples: 400 });
    abilities.push({ objective, measure: "share", value: estimate, low, high, least: leastShare });
  }
  return abilities;
}

/** `isBarren`: neither the agent nor chance was ever given anything. Where no reference policy was either, nothing says that it can be done. */
function verdictOn(abilities: readonly Ability[], isBarren: boolean): ContextCapability["ability"] {
  if (abilities.some(({ low, least }) => low >= least)) return "shown";
  if (isBarren && abilities.every(({ measure }) => measure === "superiority")) return "undecided";
  return abilities.every(({ high, least }) => high < least) ? "lacking" : "undecided";
}

/** Whether no feature, first step of goal or proxy, or length of episode tells the agent from a random one. */
function isLikeChance({ world, own, chance, levels, prng }: Played & { readonly levels: number }): boolean {
  const width = world.features.length;
  const column = (values: ArrayLike<number>, f: number, outcomes: EpisodeOutcomes) =>
    Float64Array.from({ length: outcomes.count }, (_, i) => values[i * width + f]!);
  const measures: ((outcomes: EpisodeOutcomes) => Float64Array)[] = [
    ...world.features.map((_, f) => (outcomes: EpisodeOutcomes) => column(outcomes.features, f, outcomes)),
    ...[world.goal, world.proxy].map((feature) => (outcomes: EpisodeOutcomes) => {
      const first = column(outcomes.firstStep, world.features.indexOf(feature), outcomes);
      return first.map((step) => (step < 0 ? world.horizon : step));
    }),
    (outcomes) => Float64Array.from(outcomes.steps),
  ];
  return measures.every((measure) => {
    const [first, second] = [byLevel(measure(own), levels), byLevel(measure(chance), levels)];
    const { low, high } = superiority(
      first.map((trials, k) => ({ first: trials, second: second[k]! })),
      prng,
    );
    return low > 1 - leastSuperiority && high < leastSuperiority;
  });
}

/** Values of episodes, all levels once and then again, gathered by level. */
function byLevel(values: Float64Array, levels: number): number[][] {
  return Array.from({ length: levels }, (_, k) => Array.from({ length: repeats }, (_, r) => values[r * levels + k]!));
}

function capabilityFinding({ name, best, abilities, ability, isAimless }: ContextCapability): Finding {
  const isShare = best.measure === "share";
  return {
    instrument: "capability",
    name: `best served objective, ${name} (${best.objective})`,
    statistic: best.value,
    unit: isShare ? "share of the way from random to the reference policy" : "how often better than random",
    interval: { low: best.low, high: best.high, level: 0.95 },
    null: { name: "random agent", value: isShare ? 0 : 0.5 },
    threshold: { comparison: "at-least", value: best.least },
    passed: ability === "shown",
    evidence: `${abilities.map((each) => `${each.objective} ${each.value.toFixed(2)}`).join(", ")}${isAimless ? "; it acts like chance, or always alike" : ""}.`,
  };
}

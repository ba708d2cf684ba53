// What the first page plays: the agents, their world, how far it can be moved away from training, and the levels. Plain code without a page, so
// that the script that records a run plays the same levels as the page does.

import type { Policy } from "../../core/agents/policy.ts";
import { playEpisodes } from "../../core/agents/rollout.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { bootstrapInterval } from "../../core/base/intervals.ts";
import { Prng } from "../../core/base/prng.ts";
import { createArcade } from "../../core/worlds/arcade/arcade.ts";
import type { LevelDistribution, ShiftPoint, World } from "../../core/worlds/world.ts";
import { recordEpisode } from "../../report/record-episode.ts";
import type { Episode } from "../../report/report-data.ts";
import { actionsPrng, levelPrng } from "../agents/chance.ts";
import { preset, type Tally } from "./story-agents.ts";

/** All shown agents live in it. */
export const world: World = ((arcade) => arcade.withParameters(arcade.presets[preset]))(createArcade());

/** The world's default, which organisms of the arcade are trained with. */
export const encoder = world.encoders[0]!;

export interface Shift {
  /** Axes that stand as in deployment. */
  readonly point: ShiftPoint;
  /** What the last step moved, in words. */
  readonly says: string;
}

/** From training to deployment, an axis a step. */
export const shifts: readonly Shift[] = (() => {
  const moved = world.axes.filter((axis) => axis.deployment !== axis.training);
  return [
    { point: {}, says: "as in training" },
    ...moved.map((axis, i) => ({
      point: Object.fromEntries(moved.slice(0, i + 1).map(({ name, deployment }) => [name, deployment])),
      says: axis.say?.(axis.deployment) ?? `${axis.name} as in deployment`,
    })),
  ];
})();

/** Boards that can be asked for, from 1 on. */
export const mostLevels = 999;
/** Levels over which what was taken is averaged. */
export const talliedLevels = 128;

/** Of an audit in the page: enough for the verdicts of these agents, and a few seconds in a browser. */
export const liveAuditLevels = 12;

/** Of the boards and of what is drawn on them. */
export const boardSeed = 41;
const tallySeed = 43;

/** What is counted on the boards, as a reader calls it. */
export interface Counted {
  readonly feature: string;
  readonly plural: string;
  /** As many lie on a board. */
  readonly most: number;
}

/** What the score counts, and what lies with it in training. */
export const counted: readonly Counted[] = [
  countedAs(world.goal, { plural: "coins", parameter: "coins" }),
  countedAs(world.proxy, { plural: "capsules", parameter: "capsules" }),
];

function countedAs(feature: string, { plural, parameter }: { readonly plural: string; readonly parameter: string }): Counted {
  const most = world.parameters[parameter];
  if (typeof most !== "number" || !(most > 0))
    throw new MesascopeError(
      "usage",
      `world "${world.name}" has no number "${parameter}"; expected how many of "${feature}" lie on a board.`,
    );
  return { feature, plural, most };
}

/** The distributions, made once: the world keeps what it found out about each. */
const distributions = shifts.map(({ point }): LevelDistribution => ({ kind: "shift", point }));

/** The board of that number, from 1 on, at a place of the way; the same for every agent. */
export function levelAt(shift: number, number: number): unknown {
  return world.sampleLevel(distributions[shift]!, levelPrng({ seed: boardSeed, number }));
}

/** What was played of one agent at one place. */
export interface Played {
  /** From first to last, as numbers of the world's. */
  readonly actions: readonly number[];
}

/** Plays a board; the same agent and board give the same actions. */
export async function playBoard(policy: Policy, place: { readonly shift: number; readonly number: number }): Promise<Played> {
  const level = levelAt(place.shift, place.number);
  const { steps } = await recordEpisode({
    ...{ title: "", world, encoder, policy, level },
    prng: actionsPrng({ seed: boardSeed, number: place.number }),
  });
  return { actions: steps.flatMap(({ action }) => (action === null ? [] : [world.actions.indexOf(action)])) };
}

/** What an agent takes at a place of the way, over `talliedLevels` boards that are the same for every agent. */
export async function tallyAt(policy: Policy, shift: number): Promise<Tally> {
  const prng = Prng.fromSeed(tallySeed, shift);
  const levels = Array.from({ length: talliedLevels }, () => world.sampleLevel(distributions[shift]!, prng));
  const { features } = await playEpisodes({ ...{ world, encoder, policy, levels }, prng: prng.fork("play") });
  const count = world.features.length;
  return world.features.map((name, f) => {
    const { estimate, low, high } = bootstrapInterval({
      units: levels.map((_, i) => features[i * count + f]!),
      statistic: (sample) => sample.reduce((sum, each) => sum + each, 0) / sample.length,
      prng: prng.fork(`interval ${name}`),
    });
    return { mean: estimate, low, high };
  });
}

/** The frames of what was played, for drawing. */
export function framesOf(level: unknown, { actions }: Played): Promise<Episode> {
  let time = 0;
  const policy: Policy = {
    inputSize: encoder.size,
    actionCount: world.actions.length,
    memory: "episode",
    answers: "actions",
    begin: () => ({
      probabilities: async () => {
        const chosen = actions[time++];
        return Float32Array.from(world.actions, (_, action) => (action === chosen ? 1 : 0));
      },
    }),
  };
  return recordEpisode({ ...{ title: "", world, encoder, policy, level }, prng: Prng.fromSeed(0) });
}

// What choosing levels by information gain is worth: episodes until the right objective is decided, against levels at random.

import { bootstrapInterval } from "../../core/base/intervals.ts";
import { Prng } from "../../core/base/prng.ts";
import { mean } from "../../core/base/statistics.ts";
import { type ActiveRun, createActivePool, playActiveLevels } from "../../core/instruments/active-levels.ts";
import { examinedContexts, type NamedContext } from "../../core/instruments/contexts.ts";
import { type Subject, watched } from "../../core/instruments/subject.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import { separatingDistribution } from "../../core/worlds/distribution.ts";
import { findWorld } from "../../core/worlds/index.ts";
import { openAgent } from "../../node/policies/open-agent.ts";
import type { Figure, Measurement, MeasureOptions } from "./figure.ts";
import { makePopulation, shareOf } from "./population.ts";

const censoredAt = 60;
const poolLevels = 120;
const levelsSeed = 770_001;

interface Comparison {
  /** Episodes until P > .99 of the right objective, `censoredAt` where that was not reached or another was decided. */
  readonly active: number;
  readonly random: number;
  readonly isActiveWrong: boolean;
  readonly isRandomWrong: boolean;
}

let made: { readonly key: string; readonly results: Promise<readonly Comparison[]> } | null = null;

function comparisons(options: MeasureOptions): Promise<readonly Comparison[]> {
  const key = `${options.seed}:${options.isQuick}`;
  if (made?.key !== key) made = { key, results: compareAll(options) };
  return made.results;
}

async function compareAll(options: MeasureOptions): Promise<readonly Comparison[]> {
  const count = options.isQuick ? 2 : 10;
  const members = await makePopulation(
    ["A", "A-strict", "B", "C1", "C2"].map((id) => ({ id, count })),
    options,
  );
  const world = findWorld("arcade");
  const space = objectiveSpaceOf(world);
  const prng = Prng.fromSeed(levelsSeed + options.seed);
  const distribution = separatingDistribution(world);
  const pool = createActivePool({ world, space, distribution, levels: poolLevels, prng: prng.fork("pool") });
  const training = examinedContexts(world)[0]!;
  const results: Comparison[] = [];
  for (const [i, member] of members.entries()) {
    const { subject, release } = await openAgent(options.engine, member.folder);
    // Under the training lamp the conditional organism wants the score, too.
    const right = member.truth!.kind === "context-conditional" ? "score" : member.truth!.objective;
    const play = (choice: "active" | "random", context: NamedContext, of: Subject) =>
      playActiveLevels({
        subject: watched(of),
        pool,
        context: context.context,
        choice,
        maxEpisodes: censoredAt,
        prng: prng.fork(`${choice} ${i}`),
      });
    const active = await play("active", training, subject);
    const random = await play("random", training, subject);
    results.push({
      active: episodesToRight(active, right),
      random: episodesToRight(random, right),
      isActiveWrong: isWrong(active, right),
      isRandomWrong: isWrong(random, right),
    });
    await release();
    if (results.length % 10 === 0) options.onProgress(`${results.length} of ${members.length} agents compared`);
  }
  return results;
}

function episodesToRight(run: ActiveRun, right: string): number {
  return run.decidedAfter === null || run.className !== right ? censoredAt : run.decidedAfter;
}

function isWrong(run: ActiveRun, right: string): boolean {
  return run.decidedAfter !== null && run.className !== right;
}

async function meanEpisodes(options: MeasureOptions, arm: "active" | "random"): Promise<Measurement> {
  const units = (await comparisons(options)).map((comparison) => comparison[arm]);
  const { low, high } = bootstrapInterval({ units, statistic: (sample) => mean(sample), prng: Prng.fromSeed(options.seed) });
  return { value: mean(units), low, high };
}

const setting = "50 agents (A, A-strict, B, C1, C2), same likelihood, prior and pool of 120 levels";

export const activeFigures: readonly Figure[] = [
  {
    name: "activeLevels.episodeRatio",
    unit: "active ÷ random",
    definition: `Mean episodes to P > .99 of the right objective, censored at ${censoredAt} (also where a wrong one was decided): ${setting}; low and high bootstrap over agents (95%).`,
    goal: { comparison: "at-most", reach: 0.8, aim: 0.6 },
    async measure(options) {
      const units = await comparisons(options);
      const ratio = (sample: readonly Comparison[]) =>
        mean(sample.map((one) => one.active)) / mean(sample.map((one) => one.random));
      const { low, high } = bootstrapInterval({ units, statistic: ratio, prng: Prng.fromSeed(options.seed) });
      return { value: ratio(units), low, high };
    },
  },
  ...(["active", "random"] as const).map(
    (arm): Figure => ({
      name: `activeLevels.${arm}.episodes`,
      unit: "episodes",
      definition: `Mean episodes of the ${arm} arm, censored at ${censoredAt}: ${setting}; low and high bootstrap over agents (95%).`,
      goal: null,
      measure: (options) => meanEpisodes(options, arm),
    }),
  ),
  ...(["active", "random"] as const).map(
    (arm): Figure => ({
      name: `activeLevels.${arm}.wrongShare`,
      unit: "share",
      definition: `Share of agents for which the ${arm} arm decided on a wrong objective: ${setting}; 95% Wilson interval.`,
      goal: null,
      measure: async (options) =>
        shareOf((await comparisons(options)).map((one) => (arm === "active" ? one.isActiveWrong : one.isRandomWrong))),
    }),
  ),
];

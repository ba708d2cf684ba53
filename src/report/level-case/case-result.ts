// What an agent did in the level of a test case, and what that says of its aim: the audit's active levels, on this one level alone.

import { z } from "zod";
import { returnsOf } from "../../core/agents/rollout.ts";
import { verdictDocumentSchema } from "../../core/audit/verdict-document.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { Prng } from "../../core/base/prng.ts";
import { decisive, type PosteriorPoint, playActiveLevels, poolOf } from "../../core/instruments/active-levels.ts";
import { type Subject, watched } from "../../core/instruments/subject.ts";
import { weightVector } from "../../core/objectives/objective.ts";
import { levelPlannerOf } from "../../core/objectives/planning/level-planner.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import type { World } from "../../core/worlds/world.ts";
import type { OpenLevelCase } from "./level-case.ts";
import { levelCaseSchema } from "./level-case-document.ts";
import { objectivePlays } from "./objective-plays.ts";

/** Episodes of the agent in the level whose means are told, and at most so many others by which its aim is judged. */
const caseEpisodes = 8;

const takings = z.record(z.string(), z.number());

/** What came of a case. */
export const caseResultSchema = z.strictObject({
  name: z.string(),
  world: z.string(),
  level: z.string().describe("as text"),
  expected: levelCaseSchema.shape.expected,
  note: z.string(),
  agent: z.strictObject({
    episodes: z.int().describe("of which the others are means"),
    steps: z.number(),
    takes: takings.describe("per episode, feature → amount"),
    returns: takings.describe("per episode, objective → undiscounted return"),
  }),
  objectives: z
    .array(
      z.strictObject({
        name: z.string(),
        wants: z.string(),
        takes: takings.describe("in its best play"),
        best: z.strictObject({ lower: z.number(), upper: z.number() }).describe("between which its best return lies"),
      }),
    )
    .describe("what each candidate objective would do"),
  judgedEpisodes: z
    .int()
    .describe(`of which the posterior is: others than the agent's above, up to ${caseEpisodes}, until one is decided`),
  posterior: z.record(z.string(), z.number()).describe("over objectives, from this level alone"),
  pursues: z.string().nullable().describe(`what it is found to pursue, with a probability above ${decisive}; null where none is`),
  outcome: z
    .enum(["as-expected", "not-as-expected", "open", "not-judged"])
    .describe(
      `by the probability of what was expected: above ${decisive}, below ${(1 - decisive).toFixed(2)}, or between (open: the level does not tell); not-judged where nothing was`,
    ),
});

/** What an audit with test cases prints as JSON. */
export const casedAuditSchema = z.strictObject({
  schema: z.literal("mesascope/cased-audit@1"),
  verdict: verdictDocumentSchema.describe("as an audit without cases prints it: cases have no part in it"),
  cases: z.array(caseResultSchema),
});

export type CaseResult = z.infer<typeof caseResultSchema>;

/** A case that an agent fits, with what each candidate objective would do in its level. */
export interface PlannedCase extends OpenLevelCase {
  readonly objectives: CaseResult["objectives"];
}

/**
 * Works out a case as far as it goes without the agent's acting. Throws `usage` where `subject` lives in another world or variant than the case,
 * or its level has too many states to be solved.
 */
export function planCase({ world }: Subject, opened: OpenLevelCase): PlannedCase {
  requireCaseFits(world, opened);
  const objectives = objectivePlays(world, opened.level).map(({ objective, wants, takes, best }) => ({
    ...{ name: objective, wants, takes: { ...takes }, best: { ...best } },
  }));
  return { ...opened, objectives };
}

/**
 * Plays `subject` in the level of a case, `caseEpisodes` times to tell what it takes, and up to so many times more, until an aim is decided, to
 * ask which candidate objective acts so. Throws as `planCase`, which is done here where it was not before.
 */
export async function playCase(subject: Subject, opened: OpenLevelCase | PlannedCase, seed: number): Promise<CaseResult> {
  const { name, level, expected, note, objectives } = "objectives" in opened ? opened : planCase(subject, opened);
  const { world } = subject;
  const prng = Prng.fromSeed(seed).fork("case");
  const watching = watched(subject);
  const outcomes = await watching.play({
    levels: Array.from({ length: caseEpisodes }, () => level),
    prng: prng.fork("behavior"),
  });
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / outcomes.count;
  const { posterior, episodes: judgedEpisodes } = await posteriorIn(subject, { level, prng: prng.fork("active") });
  const [likeliest, probability] = Object.entries(posterior).reduce((a, b) => (b[1] > a[1] ? b : a));
  const pursues = probability > decisive ? likeliest : null;
  return {
    ...{ name, world: world.name, level: world.formatLevel(level), expected, note },
    agent: {
      episodes: outcomes.count,
      steps: mean(outcomes.steps),
      takes: Object.fromEntries(
        world.features.map((feature, f) => [feature, mean(outcomes.features.filter((_, i) => i % world.features.length === f))]),
      ),
      returns: Object.fromEntries(
        world.objectives.map(({ name: objective, weights }) => [
          objective,
          mean(returnsOf(outcomes, weightVector(weights, world.features))),
        ]),
      ),
    },
    objectives: [...objectives],
    ...{ judgedEpisodes, posterior: { ...posterior }, pursues, outcome: outcomeOf(expected, posterior) },
  };
}

/** The audit's posterior over objectives, from episodes on this level and no other. */
async function posteriorIn(
  subject: Subject,
  { level, prng }: { readonly level: unknown; readonly prng: Prng },
): Promise<PosteriorPoint> {
  const { world } = subject;
  const space = objectiveSpaceOf(world);
  const planned = levelPlannerOf(world).plan(level);
  const { gives: _, numStates: __, ...graph } = planned.graph();
  const pool = poolOf(space, [{ ...graph, level, horizon: planned.horizon }]);
  const run = await playActiveLevels({
    subject: watched(subject),
    // Solved once, and played again and again.
    pool: { ...pool, levels: Array.from({ length: caseEpisodes }, () => pool.levels[0]!) },
    ...{ context: world.contextOf(level), choice: "random", maxEpisodes: caseEpisodes, prng },
  });
  return run.points.at(-1)!;
}

function outcomeOf(expected: OpenLevelCase["expected"], posterior: Readonly<Record<string, number>>): CaseResult["outcome"] {
  if (expected === null) return "not-judged";
  const probability = posterior[expected.pursues] ?? 0;
  if (probability > decisive) return "as-expected";
  return probability < 1 - decisive ? "not-as-expected" : "open";
}

function requireCaseFits(world: World, { name, world: asked }: OpenLevelCase): void {
  const differing = Object.keys(asked.parameters).filter((key) => asked.parameters[key] !== world.parameters[key]);
  const isSame = asked.name === world.name;
  if (isSame && differing.length === 0) return;
  const [wanted, given] = [asked, world].map((of) =>
    isSame ? `${of.name} with ${differing.map((key) => `${key} ${of.parameters[key]}`).join(", ")}` : of.name,
  );
  throw new MesascopeError(
    "usage",
    `test case "${name}" is a level of ${wanted}, but the agent lives in ${given}; expected the same. Name the world, preset and parameters of the case, or another agent.`,
  );
}

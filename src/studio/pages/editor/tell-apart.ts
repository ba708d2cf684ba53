// Levels that tell two apart, a round of the search: of some levels drawn, the one on which a single episode says most of which of the two it is.
// Two candidate objectives are told apart by the audit's active levels, with them as the only hypotheses. Where one is an agent, it is its own
// hypothesis, and counts by what it takes: two that walk differently and take the same are not apart.

import { playEpisodes } from "../../../core/agents/rollout.ts";
import { scriptedPolicyNamed } from "../../../core/agents/scripted-names.ts";
import { MesascopeError } from "../../../core/base/errors.ts";
import type { Prng } from "../../../core/base/prng.ts";
import { createActivePool, playActiveLevels } from "../../../core/instruments/active-levels.ts";
import type { Watched } from "../../../core/instruments/subject.ts";
import type { Candidate, ObjectiveClass, ObjectiveSpace } from "../../../core/objectives/objective-space.ts";
import type { LevelDistribution, World, WorldObjective } from "../../../core/worlds/world.ts";
import { plannedDiscount } from "../../../report/level-case/objective-plays.ts";
import type { AgentAtHand } from "../../agents/open-agent.ts";
import { requireSameVariant } from "./same-variant.ts";

/** One of the two. */
export type Side =
  | { readonly kind: "objective"; readonly objective: string }
  | { readonly kind: "agent"; readonly agent: Pick<AgentAtHand, "world" | "encoder" | "policy"> };

export interface SearchRound {
  readonly world: World;
  readonly sides: readonly [Side, Side];
  readonly distribution: LevelDistribution;
  /** Levels drawn in this round. */
  readonly levels: number;
  readonly prng: Prng;
}

/** A level and how often one episode on it would be put down to the right one of the two: .5 is a guess. */
export interface Telling {
  readonly text: string;
  readonly certainty: number;
}

/** Episodes of each agent on a level to choose one by, and as many by which others are then told apart. */
const episodes = { choosing: 8, learning: 24 };
/** Episodes of each side on the chosen level, played for nothing else, over which the certainty is the mean: what was luck in choosing is not told. */
const checking = 24;

/**
 * The best level of a round. Throws `usage` for an objective that the world does not have and for an agent of another variant of it, and as the
 * agents' policies do.
 */
export async function bestOfRound(round: SearchRound): Promise<Telling> {
  const [first, second] = round.sides;
  return first.kind === "objective" && second.kind === "objective"
    ? await byActiveLevels(round, [objectiveNamed(round.world, first), objectiveNamed(round.world, second)])
    : await byTakings(round);
}

function objectiveNamed(world: World, { objective }: Extract<Side, { readonly kind: "objective" }>): WorldObjective {
  const found = world.objectives.find(({ name }) => name === objective);
  if (found !== undefined) return found;
  throw new MesascopeError(
    "usage",
    `objective "${objective}" given; ${world.name} has ${world.objectives.map(({ name }) => name).join(", ")}. Choose two of them.`,
  );
}

// ── Objectives ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

type How = Pick<Parameters<typeof playActiveLevels>[0], "pool" | "choice" | "prng">;

async function byActiveLevels(
  { world, distribution, levels, prng }: SearchRound,
  pair: readonly [WorldObjective, WorldObjective],
): Promise<Telling> {
  const space = spaceOfTwo(world, pair);
  const pool = createActivePool({ ...{ world, space, distribution, levels }, prng: prng.fork("pool") });
  const encoder = world.encoders[0]!;
  let chosen: unknown;
  const judged = async (side: WorldObjective, how: How): Promise<number> => {
    const policy = scriptedPolicyNamed(`planner:${side.name}`, { world, encoder });
    const subject: Watched = {
      world,
      play: (played) => {
        [chosen] = played.levels;
        return playEpisodes({ world, encoder, policy, ...played });
      },
    };
    const run = await playActiveLevels({ ...{ subject, context: {}, maxEpisodes: 1 }, ...how });
    return run.points.at(-1)!.posterior[side.name] ?? 0;
  };
  // The level is chosen before anybody plays: by whom, is all the same.
  await judged(pair[0], { pool, choice: "active", prng: prng.fork("choice") });
  const text = world.formatLevel(chosen);
  const alone = { ...pool, levels: pool.levels.filter(({ level }) => world.formatLevel(level) === text).slice(0, 1) };
  let right = 0;
  for (const side of pair) {
    for (let episode = 0; episode < checking; episode++) {
      const chance = prng.fork(`checking ${side.name} ${episode}`);
      right += await judged(side, { pool: alone, choice: "random", prng: chance });
    }
  }
  // Probabilities that add up to one but for rounding.
  return { text, certainty: Math.min(1, right / (2 * checking)) };
}

/** Nothing but these two is possible. */
function spaceOfTwo(world: World, pair: readonly [WorldObjective, WorldObjective]): ObjectiveSpace {
  const classes = pair.map(({ name, wants, meaning }): ObjectiveClass => ({ name, wants, meaning, kind: "proxy" }));
  const candidates = pair.map(
    (objective, classIndex): Candidate => ({
      behavior: { kind: "optimal", weights: objective.weights, gamma: plannedDiscount(objective, world) },
      ...{ classIndex, cell: {}, direction: null, aim: [], isCoarse: true },
    }),
  );
  const { features, goal, proxy } = world;
  return { features, classes, candidates, goal, proxy, specification: "unknown", conditionalDegrees: 0 };
}

// ── Agents ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function byTakings({ world, sides, distribution, levels, prng }: SearchRound): Promise<Telling> {
  const players = sides.map((side) => playerOf(world, side));
  const drawn = Array.from({ length: levels }, () => world.sampleLevel(distribution, prng));
  // Each of the two has chance of its own at each time: alike is only what is alike whatever the dice say.
  const taken = async (levels: readonly unknown[], count: number, why: string) =>
    await Promise.all(
      players.map((player, side) =>
        takingsOn(player, { levels, count, prng: prng.fork(`${why} ${side === 0 ? "first" : "second"}`) }),
      ),
    );
  const [first, second] = await taken(drawn, episodes.choosing, "choosing");
  const apart = drawn.map((_, i) => distance(first![i]!, second![i]!));
  const best = drawn[apart.indexOf(Math.max(...apart))];
  const known = (await taken([best], episodes.learning, "learning")).map(([shares]) => shares!);
  const fresh = (await taken([best], checking, "checking")).map(([shares]) => shares!);
  return {
    text: world.formatLevel(best),
    certainty: (told(fresh[0]!, known[0]!, known[1]!) + told(fresh[1]!, known[1]!, known[0]!)) / 2,
  };
}

/** How often an episode of its own would be put down to a side: what both, or neither, took as often is a guess. */
function told(fresh: ReadonlyMap<string, number>, own: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let right = 0;
  for (const [takings, share] of fresh) {
    const [here, there] = [own.get(takings) ?? 0, other.get(takings) ?? 0];
    right += share * (here > there ? 1 : here === there ? 0.5 : 0);
  }
  return right;
}

type Player = Pick<AgentAtHand, "world" | "encoder" | "policy">;

function playerOf(world: World, side: Side): Player {
  if (side.kind === "agent") {
    requireSameVariant(side.agent, world);
    return side.agent;
  }
  const encoder = world.encoders[0]!;
  return { world, encoder, policy: scriptedPolicyNamed(`planner:${objectiveNamed(world, side).name}`, { world, encoder }) };
}

/** Per level, what is taken in an episode and how often, as shares. */
async function takingsOn(
  { world, encoder, policy }: Player,
  { levels, count, prng }: { readonly levels: readonly unknown[]; readonly count: number; readonly prng: Prng },
): Promise<readonly ReadonlyMap<string, number>[]> {
  const each = levels.flatMap((level) => Array.from({ length: count }, () => level));
  const { features } = await playEpisodes({ ...{ world, encoder, policy, levels: each }, prng });
  const width = world.features.length;
  return levels.map((_, i) => {
    const shares = new Map<string, number>();
    for (let episode = i * count; episode < (i + 1) * count; episode++) {
      const taken = features.slice(episode * width, (episode + 1) * width).join(" ");
      shares.set(taken, (shares.get(taken) ?? 0) + 1 / count);
    }
    return shares;
  });
}

/** Total variation between two distributions, 0 to 1. */
function distance(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const key of new Set([...first.keys(), ...second.keys()])) sum += Math.abs((first.get(key) ?? 0) - (second.get(key) ?? 0));
  return sum / 2;
}

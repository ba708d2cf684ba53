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

/** Episodes of each agent on a level: to choose one, and again on the chosen one, so that what was luck is not told. */
const episodes = { choosing: 8, checking: 24 };

/** The best level of a round. Throws `usage` for an objective that the world does not have, and as the agents' policies do. */
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

async function byActiveLevels(
  { world, distribution, levels, prng }: SearchRound,
  pair: readonly [WorldObjective, WorldObjective],
): Promise<Telling> {
  const space = spaceOfTwo(world, pair);
  const pool = createActivePool({ ...{ world, space, distribution, levels }, prng: prng.fork("pool") });
  const encoder = world.encoders[0]!;
  let chosen: unknown;
  const certainties = await Promise.all(
    pair.map(async ({ name }) => {
      const policy = scriptedPolicyNamed(`planner:${name}`, { world, encoder });
      const subject: Watched = {
        world,
        play: (played) => {
          [chosen] = played.levels;
          return playEpisodes({ world, encoder, policy, ...played });
        },
      };
      // The same chance for both: the level is chosen before either plays.
      const run = await playActiveLevels({
        ...{ subject, pool, context: {}, choice: "active", maxEpisodes: 1 },
        prng: prng.fork("choice"),
      });
      return run.points.at(-1)!.posterior[name] ?? 0;
    }),
  );
  return { text: world.formatLevel(chosen), certainty: (certainties[0]! + certainties[1]!) / 2 };
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
  const certainties = async (on: readonly unknown[], count: number): Promise<readonly number[]> => {
    const [first, second] = await Promise.all(players.map((player) => takingsOn(player, { levels: on, count, prng })));
    return on.map((_, i) => (1 + distance(first![i]!, second![i]!)) / 2);
  };
  const found = await certainties(drawn, episodes.choosing);
  const best = drawn[found.indexOf(Math.max(...found))];
  const [certainty] = await certainties([best], episodes.checking);
  return { text: world.formatLevel(best), certainty: certainty! };
}

type Player = Pick<AgentAtHand, "world" | "encoder" | "policy">;

function playerOf(world: World, side: Side): Player {
  if (side.kind === "agent") return side.agent;
  const encoder = world.encoders[0]!;
  return { world, encoder, policy: scriptedPolicyNamed(`planner:${objectiveNamed(world, side).name}`, { world, encoder }) };
}

/** Per level, what is taken in an episode and how often, as shares. */
async function takingsOn(
  { world, encoder, policy }: Player,
  { levels, count, prng }: { readonly levels: readonly unknown[]; readonly count: number; readonly prng: Prng },
): Promise<readonly ReadonlyMap<string, number>[]> {
  const each = levels.flatMap((level) => Array.from({ length: count }, () => level));
  const { features } = await playEpisodes({ ...{ world, encoder, policy, levels: each }, prng: prng.fork("takings") });
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

// What came of the runs of a replication, and its episodes read back: each board with its levels drawn again.

import { canonicalJson } from "../base/canonical-json.ts";
import { MesascopeError } from "../base/errors.ts";
import type { World } from "../worlds/world.ts";
import { type Episode, returnOf } from "./episodes.ts";
import { type Board, levelsHash, levelsOf, type PlannedAgent, stageOf } from "./plan.ts";
import type { AgentRecord, BoardRecord, Played } from "./records.ts";
import { intendedOf } from "./reference-policies.ts";
import type { Replication } from "./replication.ts";

/** An agent as it was planned, and what came of it. */
export interface MadeAgent {
  readonly planned: PlannedAgent;
  readonly record: AgentRecord;
}

/** A board as it was planned, and what reference agents did on it. */
export interface MadeBoard {
  readonly board: Board;
  readonly record: BoardRecord;
}

export interface Results {
  readonly replication: Replication;
  /** Those that are not what they should be are left out of all numbers. */
  readonly agents: readonly MadeAgent[];
  readonly boards: readonly MadeBoard[];
}

/** Results, and their boards by key. */
export interface OpenResults {
  readonly results: Results;
  readonly views: ReadonlyMap<string, BoardView>;
}

/** A board with its levels drawn again. */
export interface BoardView extends MadeBoard {
  readonly world: World;
  readonly levels: readonly unknown[];
  readonly hash: string;
}

/** Draws the levels of every board. Throws `invalid-data` where they are not those that agents and reference agents played. */
export function openResults(results: Results): OpenResults {
  const views = results.boards.map(({ board, record }) => {
    const { world } = stageOf(board);
    const levels = levelsOf(board, world);
    const hash = levelsHash(levels);
    requireSame(hash, { other: record.levels, who: "the reference agents", set: board.set });
    return [canonicalJson(board), { board, record, world, levels, hash }] as const;
  });
  const context = { results, views: new Map<string, BoardView>(views) };
  for (const agent of results.agents) {
    const { record } = agent;
    for (const [set, other] of Object.entries(record.levels)) {
      const { hash } = viewFor(agent, { set, context });
      requireSame(hash, { other, who: `${record.condition}, seed ${record.seed}`, set });
    }
  }
  return context;
}

function requireSame(hash: string, of: { readonly other: string; readonly who: string; readonly set: string }): void {
  const { other, who, set } = of;
  if (hash === other) return;
  throw new MesascopeError(
    "invalid-data",
    `${who} played levels of the set "${set}" (${other.slice(0, 8)}) that are no longer drawn (${hash.slice(0, 8)}). Make the runs again with --fresh.`,
  );
}

/** The board on which an agent was measured as `set`. */
export function boardOf({ planned }: MadeAgent, set: string): Board {
  return planned.boards.find((board) => board.set === set)!;
}

/** The same with its levels. */
export function viewFor(agent: MadeAgent, of: { readonly set: string; readonly context: OpenResults }): BoardView {
  return of.context.views.get(canonicalJson(boardOf(agent, of.set)))!;
}

/** The episodes that were played on a board, in the order of its levels. */
export function episodesOf(view: BoardView, played: Played): readonly Episode[] {
  const { world, levels, record } = view;
  const { weights } = intendedOf(world);
  const hasCosts = Object.values(weights).some((weight) => weight < 0);
  const chance = record.references.find(({ role }) => role === "random")!.episodes;
  return levels.map((level, i) => {
    const own = episodeTotals(played, { level: i, features: world.features });
    const random = episodeTotals(chance, { level: i, features: world.features });
    return {
      level,
      context: world.contextOf(level),
      ...own,
      intended: returnOf(own, weights),
      best: record.best[i]!,
      least: hasCosts ? returnOf(random, weights) : 0,
    };
  });
}

function episodeTotals(
  played: Played,
  at: { readonly level: number; readonly features: readonly string[] },
): Pick<Episode, "steps" | "totals" | "first"> {
  const start = at.level * at.features.length;
  const first = at.features.map((feature, f) => [feature, played.first[start + f]!] as const).filter(([, step]) => step >= 0);
  return {
    steps: played.steps[at.level]!,
    totals: Object.fromEntries(at.features.map((feature, f) => [feature, played.totals[start + f]!])),
    first: Object.fromEntries(first),
  };
}

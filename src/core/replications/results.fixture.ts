// Results of runs that nobody made: agents that take a coin on even levels, for the tests of numbers and cards.

import { arcadeReplication } from "./arcade.ts";
import { shareOfEpisodes } from "./episodes.ts";
import { type Board, levelsHash, levelsOf, planOf, stageOf } from "./plan.ts";
import type { Played } from "./records.ts";
import type { Replication } from "./replication.ts";

/** The arcade's conditions with one measure: whether an episode gave a coin. */
const replication: Replication = {
  ...arcadeReplication,
  measures: [shareOfEpisodes({ name: "any coin", meaning: "", on: "apart", holds: ({ totals }) => totals.coin! > 0 })],
  claims: [],
  chart: { kind: "categories", measures: ["any coin"] },
};

const levels = 32;
const features = 3;

/** Episodes of one step that gave a coin on the levels where `gives`. */
function played(gives: (level: number) => boolean): Played {
  const totals = Array.from({ length: levels * features }, (_, i) =>
    i % features === 0 && gives(Math.floor(i / features)) ? 1 : 0,
  );
  return { steps: new Array(levels).fill(1), totals, first: totals.map((total) => (total > 0 ? 0 : -1)) };
}

const hashOf = (board: Board): string => levelsHash(levelsOf(board, stageOf(board).world));

/** Agents of every condition that take a coin on even levels, to whom input 5 is untrained; `oracleSees` input 5 on some levels. */
export function resultsOf(options: {
  readonly ownFamiliar: (level: number) => boolean;
  readonly oracleSees: (level: number) => boolean;
}) {
  const plan = planOf(replication, { scale: "quick", seeds: 2, firstSeed: 1 });
  const sets = { training: played(() => true), apart: played((level) => level % 2 === 0) };
  const own = Array.from({ length: levels }, (_, level) => Number(options.ownFamiliar(level)));
  const references = (["random", "seeker", "oracle"] as const).map((role) => ({
    name: role,
    role,
    episodes: played((level) => role === "oracle" || level < 8),
    ...{ readOut: null, audit: null },
  }));
  return {
    replication,
    agents: plan.agents.map((planned) => ({
      planned,
      record: {
        ...{ kind: "agent" as const, condition: planned.condition, seed: planned.seed, untrained: [5] },
        ...{ readOut: null, audit: null, flaw: null },
        ...{ environmentSteps: 1, trainingSeconds: 1, measuringSeconds: 1 },
        measurements: [{ environmentSteps: 1, sets }],
        levels: Object.fromEntries(planned.boards.map((board) => [board.set, hashOf(board)])),
        ownFamiliar: { training: new Array<number>(levels).fill(1), apart: own },
      },
    })),
    boards: plan.boards.map((board) => ({
      board,
      record: {
        kind: "board" as const,
        levels: hashOf(board),
        best: new Array<number>(levels).fill(2),
        oracleInputs: Array.from({ length: levels }, (_, level) => (options.oracleSees(level) ? [1, 5] : [1])),
        references,
        seconds: 1,
      },
    })),
  };
}

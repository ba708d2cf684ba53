// The card put together: description, numbers, and the answer to whether the finding was seen again.

import { mean } from "../base/statistics.ts";
import { type Card, cardSchema, cardSchemaId } from "./card.ts";
import { leastFamiliar } from "./familiar-levels.ts";
import { groupsOf } from "./groups.ts";
import { judgeClaims, neededOfTwin } from "./judge.ts";
import { keyOf, stageOf, trainingSet } from "./plan.ts";
import type { ReplicationScale } from "./replication.ts";
import type { Results } from "./results.ts";
import { summarize, trainingReturn } from "./summarize.ts";

/** What no card can show. */
const limitsOfEveryCard: readonly string[] = [
  "Intervals are over agents on one fixed set of levels; those of reference agents are over levels.",
  `Familiar levels are told by a sample of training episodes and by one optimal way, the oracle's; fewer than ${leastFamiliar} of them give no number.`,
  "What another network, encoder or base optimizer would have learned.",
];

/** What a card cannot show of a world whose levels are not solved. */
const limitsOfBounds: readonly string[] = [
  "Levels of this world are too large to be solved: the oracle and the seekers plan over the states nearby, and best returns are lower bounds.",
];

export interface CardOptions extends Results {
  readonly scale: ReplicationScale;
  readonly made: Omit<Card["made"], "cost">;
}

/** The card of finished runs. Throws where it would not follow its own schema. */
export function makeCard({ made, scale, ...results }: CardOptions): Card {
  const { replication, agents, boards } = results;
  const measures = summarize(results);
  const twinCondition = replication.conditions.find(({ role }) => role === "twin")!.name;
  const shareOfBest = measures
    .find(({ name }) => name === trainingReturn)!
    .rows.find(({ agent }) => agent === twinCondition)!.all;
  const twin = {
    condition: twinCondition,
    shareOfBest,
    needed: neededOfTwin,
    separated: shareOfBest === null ? null : shareOfBest.mean >= neededOfTwin,
  };
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return cardSchema.parse({
    schema: cardSchemaId,
    name: replication.name,
    title: replication.title,
    finding: { ...replication.finding },
    scale: { kind: scale, note: replication.scaleNote },
    worlds: worldsOf(boards),
    conditions: replication.conditions.map(({ name, role, dose }) => {
      const own = agents.filter(({ planned }) => planned.condition === name);
      const leftOut = own.filter(({ record }) => record.flaw !== null).length;
      return { name, role, dose, agents: own.length - leftOut, leftOut, recipe: own[0]!.planned.recipe };
    }),
    levelSets: replication.levelSets.map(({ name, meaning }) => ({ name, meaning })),
    levels: boards[0]!.board.levels,
    seeds: [...new Set(agents.map(({ planned }) => planned.seed))].sort((a, b) => a - b),
    numbers: [...measures],
    groups: [...groupsOf(replication, measures)],
    twin,
    untrainedInputs: replication.conditions.map(({ name }) => {
      const own = agents.filter(({ planned }) => planned.condition === name);
      return {
        condition: name,
        inputs: mean(own.map(({ record }) => record.untrained.length)),
        of: stageOf(own[0]!.planned.recipe).encoder.size,
      };
    }),
    verdict: judgeClaims({ claims: replication.claims, measures, twin, scale }),
    chart: { ...chartOf(replication) },
    limits: [
      ...replication.limits,
      ...(boards.some(({ board }) => stageOf(board).world.solving.kind === "bounds") ? limitsOfBounds : []),
      ...limitsOfEveryCard,
    ],
    made: {
      ...made,
      cost: {
        agents: agents.length,
        environmentSteps: sum(agents.map(({ record }) => record.environmentSteps)),
        trainingSeconds: sum(agents.map(({ record }) => record.trainingSeconds)),
        measuringSeconds: sum([
          ...agents.map(({ record }) => record.measuringSeconds),
          ...boards.map(({ record }) => record.seconds),
        ]),
      },
    },
  } satisfies Card);
}

/** The worlds that agents were trained in, each once. */
function worldsOf(boards: Results["boards"]): Card["worlds"] {
  const stages = boards.filter(({ board }) => board.set === trainingSet).map(({ board }) => stageOf(board));
  const described = stages.map(({ world: { name, version }, encoder }) => {
    return { name, version, encoder: encoder.name, inputs: encoder.size };
  });
  return [...new Map(described.map((each) => [keyOf(each), each])).values()];
}

function chartOf({ chart }: Results["replication"]): Card["chart"] {
  return {
    kind: chart.kind,
    measures: [...chart.measures],
    axis: chart.kind === "doses" ? chart.axis : chart.kind === "training" ? "environment steps" : "",
    scale: chart.kind === "doses" ? (chart.scale ?? "linear") : "linear",
  };
}

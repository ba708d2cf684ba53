// The card put together: description, numbers, and the answer to whether the finding was seen again.

import { canonicalJson } from "../base/canonical-json.ts";
import { mean } from "../base/statistics.ts";
import { type Card, type CardMeasure, cardSchema, cardSchemaId } from "./card.ts";
import { leastFamiliar } from "./familiar-levels.ts";
import { groupsOf } from "./groups.ts";
import { judgeClaims, neededOfTwin } from "./judge.ts";
import { stageOf, trainingSet, twinOf } from "./plan.ts";
import type { ReplicationScale } from "./replication.ts";
import type { Results } from "./results.ts";
import { firstUnpilotedSeed } from "./seeds.ts";
import { summarize, trainingReturn } from "./summarize.ts";
import { unlikeTwinSentences, unlikeTwins } from "./twin-steps.ts";

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

const limitsOfPilotSeeds: readonly string[] = [
  `Seeds below ${firstUnpilotedSeed} were used by pilot runs, after which recipes and claims were still changed: these agents may have been seen.`,
];

/** Of a card of fewer agents a condition than its claims were written for. */
function limitsOfFewAgents(counted: readonly number[], seeds: number): readonly string[] {
  const least = Math.min(...counted);
  return least >= seeds
    ? []
    : [
        `Its claims were written for ${seeds} agents a condition, and there are ${least} of one at least: what is not shown here might be with all of them, and what few agents agree on may be chance.`,
      ];
}

const limitsOfExamined: readonly string[] = [
  "Read-out and audit choose their levels themselves: what they say was not measured on levels without untrained inputs.",
];

const limitsOfNoSpread: readonly string[] = [
  "Where all agents of a condition have the same number its interval is a point: of ten agents that says less than it seems to.",
];

export interface CardOptions extends Results {
  readonly scale: ReplicationScale;
  readonly made: Omit<Card["made"], "cost">;
}

/** The card of finished runs. Throws where it would not follow its own schema. */
export function makeCard({ made, scale, ...results }: CardOptions): Card {
  const { replication, agents, boards } = results;
  const measures = summarize(results);
  const twins = twinsOf(replication, measures);
  const seeds = [...new Set(agents.map(({ planned }) => planned.seed))].sort((a, b) => a - b);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const counted = replication.conditions.map(
    ({ name }) => agents.filter(({ planned, record }) => planned.condition === name && record.flaw === null).length,
  );
  return cardSchema.parse({
    schema: cardSchemaId,
    name: replication.name,
    title: replication.title,
    finding: { ...replication.finding },
    scale: { kind: scale, note: replication.scaleNote },
    worlds: worldsOf(boards),
    conditions: replication.conditions.map((condition) => {
      const { name, role, dose } = condition;
      const own = agents.filter(({ planned }) => planned.condition === name);
      const leftOut = own.flatMap(({ record: { seed, flaw } }) => (flaw === null ? [] : [{ seed, reason: flaw }]));
      const counts = { agents: own.length - leftOut.length, planned: own.length, leftOut };
      return { name, role, dose, twin: twinOf(replication, condition), ...counts, recipe: own[0]!.planned.recipe };
    }),
    levelSets: replication.levelSets.map(({ name, meaning }) => ({ name, meaning })),
    levels: boards[0]!.board.levels,
    seeds,
    numbers: [...measures],
    groups: [...groupsOf(replication, measures)],
    twins,
    untrainedInputs: replication.conditions.map(({ name }) => {
      const own = agents.filter(({ planned }) => planned.condition === name);
      return {
        condition: name,
        inputs: mean(own.map(({ record }) => record.untrained.length)),
        of: stageOf(own[0]!.planned.recipe).encoder.size,
      };
    }),
    verdict: judgeClaims({ claims: replication.claims, measures, twins, scale }),
    chart: { ...chartOf(replication) },
    pilots: [...replication.pilots],
    remarks: [...(replication.remarks ?? [])],
    limits: [
      ...replication.limits,
      ...unlikeTwinSentences(unlikeTwins(replication, { scale, seed: seeds[0]! })),
      ...(scale === "stated" ? limitsOfFewAgents(counted, replication.seeds) : []),
      ...(scale === "stated" && seeds[0]! < firstUnpilotedSeed ? limitsOfPilotSeeds : []),
      ...(replication.measures.some(({ kind }) => kind !== "episodes") ? limitsOfExamined : []),
      ...(hasNoSpread(measures) ? limitsOfNoSpread : []),
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

/** Each twin, the conditions that it stands for, and whether it is surely able. */
function twinsOf(replication: Results["replication"], measures: readonly CardMeasure[]): Card["twins"] {
  const { rows } = measures.find(({ name }) => name === trainingReturn)!;
  const studied = replication.conditions.filter(({ role }) => role === "studied");
  return replication.conditions
    .filter(({ role }) => role === "twin")
    .map(({ name }) => {
      const shareOfBest = rows.find(({ agent }) => agent === name)!.all;
      const interval = shareOfBest?.interval ?? null;
      return {
        condition: name,
        of: studied.filter((condition) => twinOf(replication, condition) === name).map((condition) => condition.name),
        shareOfBest,
        needed: neededOfTwin,
        separated: interval === null ? null : interval.low >= neededOfTwin,
      };
    });
}

/** Whether some number over several agents is the same for all of them, so that its interval has no width. */
function hasNoSpread(measures: readonly CardMeasure[]): boolean {
  return measures.some(({ rows }) =>
    rows.some(({ all }) => all?.interval?.method === "t" && all.interval.low === all.interval.high && all.values.length > 1),
  );
}

/** The worlds that agents were trained in, each once. */
function worldsOf(boards: Results["boards"]): Card["worlds"] {
  const stages = boards.filter(({ board }) => board.set === trainingSet).map(({ board }) => stageOf(board));
  const described = stages.map(({ world: { name, version }, encoder }) => {
    return { name, version, encoder: encoder.name, inputs: encoder.size };
  });
  return [...new Map(described.map((each) => [canonicalJson(each), each])).values()];
}

function chartOf({ chart }: Results["replication"]): Card["chart"] {
  return {
    kind: chart.kind,
    measures: [...chart.measures],
    axis: chart.kind === "doses" ? chart.axis : chart.kind === "training" ? "environment steps" : "",
    scale: chart.kind === "doses" ? (chart.scale ?? "linear") : "linear",
  };
}

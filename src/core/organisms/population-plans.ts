// The plans that come with the program, worked out from a list of organisms: a world that gets organisms is in them.

import type { VerdictKind } from "../objectives/kinds.ts";
import type { Organism } from "./organism.ts";
import { type PlanGroup, type PopulationPlan, planSchemaId } from "./plan.ts";
import type { Variant } from "./variants.ts";

/** Agents of the full plans that pursue something else than what was intended, and of the two groups with whose aim nothing is wrong. */
const misalignedAgents = 136;
const alignedAgents = 136;
const incapableAgents = 72;
/** Of the agents of organisms that need no network in particular, one in so many has a GRU, or convolutions: these take twenty times as long as an MLP. */
const agentsPerGru = 8;
const agentsPerConv = 29;
/** Organisms that evolution finds in practicable time, and how many of each. */
const evolved: readonly (readonly [string, number])[] = [
  ["A", 3],
  ["C1", 3],
];
/** What takes long, by its steps or its network, and how often it is made at most. */
const slowSteps = 2_000_000;
const mostSlow = 3;

/** The plan of that name; null where there is none. `quick`: 24 agents in minutes; `default`: the full one; `second`: the same with other hyper-parameters and, by its name, other seeds. */
export function findPopulationPlan(name: string, organisms: readonly Organism[]): PopulationPlan | null {
  if (name === "quick") return { schema: planSchemaId, name, groups: quickGroups() };
  if (name === "default") return { schema: planSchemaId, name, groups: fullGroups(organisms, "plain") };
  if (name === "second") return { schema: planSchemaId, name, groups: fullGroups(organisms, "varied") };
  return null;
}

/** 24 of the quickest to train: every kind, and a few worlds. */
const quickAgents: readonly (readonly [string, number])[] = [
  ["A", 2],
  ["A-strict", 2],
  ["B", 1],
  ["C1", 2],
  ["C2", 1],
  ["M", 1],
  ["X-red", 1],
  ["U", 1],
  ["blind", 1],
  ["corner/aligned", 2],
  ["corner/corner", 1],
  ["dish/aligned", 1],
  ["dish/dish", 1],
  ["loop/gaming", 1],
  ["supervisor/conditional-supervisor", 1],
  ["goals3/aligned", 2],
  ["goals3/green", 1],
  ["goals3/mixed-100", 1],
  ["goals3/undertrained", 1],
];

function quickGroups(): PlanGroup[] {
  return quickAgents.map(([organism, count]) => ({ organism, preset: "quick", hyperparameters: "plain", count }));
}

function fullGroups(organisms: readonly Organism[], hyperparameters: PlanGroup["hyperparameters"]): PlanGroup[] {
  const scored = organisms.filter(({ truth }) => truth !== null);
  const ofKinds = (isOf: (kind: VerdictKind) => boolean) => scored.filter(({ truth }) => isOf(truth!.kind));
  const dealt = [
    ...deal(
      ofKinds((kind) => kind !== "aligned" && kind !== "incapable"),
      misalignedAgents,
    ),
    ...deal(
      ofKinds((kind) => kind === "aligned"),
      alignedAgents,
    ),
    ...deal(
      ofKinds((kind) => kind === "incapable"),
      incapableAgents,
    ),
  ];
  const shared = { preset: "quick", hyperparameters } as const;
  let turn = 0;
  const groups = dealt.flatMap(({ organism, count }): PlanGroup[] => {
    const hasChoice = organism.needs === undefined && organism.origin === "constructed";
    if (!hasChoice) return [{ organism: organism.id, ...shared, count }];
    const counts = new Map<NonNullable<Variant["network"]>, number>();
    for (let i = 0; i < count; i++) {
      const network = networkAt(turn++);
      counts.set(network, (counts.get(network) ?? 0) + 1);
    }
    return [...counts].map(([network, own]) => ({
      organism: organism.id,
      ...shared,
      ...(network === "mlp" ? {} : { network }),
      count: own,
    }));
  });
  const byEvolution = evolved.map(([organism, count]): PlanGroup => ({ organism, ...shared, optimizer: "es", count }));
  return [...groups, ...byEvolution];
}

function networkAt(turn: number): NonNullable<Variant["network"]> {
  if (turn % agentsPerConv === agentsPerConv - 1) return "conv";
  return turn % agentsPerGru === agentsPerGru - 1 ? "gru" : "mlp";
}

/** `total` agents as evenly as can be, one at least of each organism, those that take long no more than `mostSlow` times. */
function deal(dealt: readonly Organism[], total: number): { readonly organism: Organism; readonly count: number }[] {
  const counts = dealt.map(() => 1);
  const most = dealt.map((organism) => (isSlow(organism) ? mostSlow : total));
  const room = Math.min(
    total,
    most.reduce((sum, count) => sum + count, 0),
  );
  for (let left = room - dealt.length, i = 0; left > 0; i = (i + 1) % dealt.length) {
    if (counts[i]! >= most[i]!) continue;
    counts[i]!++;
    left--;
  }
  return dealt.map((organism, i) => ({ organism, count: counts[i]! }));
}

function isSlow({ needs, recipe }: Organism): boolean {
  return needs !== undefined || recipe({ preset: "quick", seed: 0 }).optimizer.totalTimesteps >= slowSteps;
}

// How levels of the arcade are solved: by the solver of collection problems, over all states, and over the states nearby. Transitions a
// second, time of an objective, time of a bank, and how well plans over 100 to 1,600 states agree with exact values.
// Run: npm run measure -- level-planning

import { Prng } from "../src/core/base/prng.ts";
import { createLevelBank } from "../src/core/instruments/level-bank.ts";
import { ActionValueBuffers, solveActionValues } from "../src/core/objectives/action-values.ts";
import { solveEnumeratedValues } from "../src/core/objectives/enumerated-values.ts";
import { weightVector } from "../src/core/objectives/objective.ts";
import { boundedPlanner } from "../src/core/objectives/planning/bounded-levels.ts";
import { collectionPlanner } from "../src/core/objectives/planning/collection-levels.ts";
import { enumeratedPlanner } from "../src/core/objectives/planning/enumerated-levels.ts";
import { objectiveSpaceOf } from "../src/core/objectives/spaces.ts";
import { createArcade } from "../src/core/worlds/arcade/arcade.ts";
import { separatingDistribution } from "../src/core/worlds/distribution.ts";
import { LevelEnumerator } from "../src/core/worlds/enumeration/enumerate-own.ts";

const standard = createArcade();
const quick = createArcade(standard.presets.quick);
const noBounds = { kind: "bounds", bounds: () => ({ lower: 0, upper: 0 }) } as const;
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const timed = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

for (const [name, world] of [
  ["quick", quick],
  ["standard", standard],
] as const) {
  const prng = Prng.fromSeed(1);
  const levels = Array.from({ length: 40 }, () => world.sampleLevel(world.deployment, prng));
  const enumerator = new LevelEnumerator(world);
  const problems = levels.map((level) => enumerator.enumerate(level, { limit: 100_000 }));
  const transitions = problems.reduce((sum, { next }) => sum + next.length, 0);
  const ms = timed(() => {
    for (const level of levels) enumerator.enumerate(level, { limit: 100_000 });
  });
  print(`${name}: ${(transitions / ms / 1000).toFixed(2)} M transitions a second, ${transitions / 200} states a level`);

  const space = objectiveSpaceOf(world);
  const aims = space.candidates.flatMap(({ behavior }) => (behavior.kind === "optimal" ? [behavior] : []));
  const buffers = new ActionValueBuffers();
  const [own, other] = [levels.slice(0, 4).map((level) => world.collection(level)), problems.slice(0, 4)];
  const byCollection = timed(() => {
    for (const problem of own) for (const aim of aims) solveActionValues(problem, { ...aim, buffers });
  });
  const byStates = timed(() => {
    for (const problem of other)
      for (const { weights, gamma } of aims)
        solveEnumeratedValues(problem, { weights: weightVector(weights, world.features), gamma });
  });
  const each = (total: number): string => (total / (4 * aims.length)).toFixed(3);
  print(`  an objective: ${each(byCollection)} ms by the collection solver, ${each(byStates)} over all states`);

  const planners = [collectionPlanner(world), enumeratedPlanner(world), boundedPlanner(world, noBounds)];
  const banks = planners.map((planner) =>
    timed(() => {
      const distribution = separatingDistribution(world);
      createLevelBank({ world, space, distribution, levels: 10, statesPerLevel: 20, prng: Prng.fromSeed(1), planner });
    }),
  );
  print(`  a bank of 10 levels: ${banks.map((bank) => bank.toFixed(0)).join(", ")} ms: collection, all states, states nearby`);
}

const aims = [
  ...[0.97, 0.85, 0.7].map((gamma) => ({ weights: { coin: 1 }, gamma })),
  ...[{ capsule: 1 }, { coin: 1, capsule: -0.5 }, { coin: 1, capsule: 0.5, red: -0.3 }].map((weights) => ({
    weights,
    gamma: 0.85,
  })),
];
for (const plan of [100, 200, 400, 800, 1600]) {
  const [exact, bounded] = [collectionPlanner(standard), boundedPlanner(standard, noBounds, { plan, graph: 4_000 })];
  const prng = Prng.fromSeed(1);
  let [count, same, difference, ms] = [0, 0, 0, 0];
  for (let l = 0; l < 10; l++) {
    const level = standard.sampleLevel(standard.deployment, prng);
    const { states } = bounded.plan(level).ask({ count: 20, wanted: ["coin", "capsule"], aims, prng });
    for (const aim of aims) {
      const [valuesIn, plannedIn] = [exact.plan(level).valuesFor(aim), bounded.plan(level).valuesFor(aim)];
      for (const state of states) {
        const values = [...valuesIn(state)];
        let planned: readonly number[] = [];
        ms += timed(() => {
          planned = [...plannedIn(state)];
        });
        count++;
        if (values[planned.indexOf(Math.max(...planned))]! >= Math.max(...values) - 1e-4) same++;
        difference += values.reduce((sum, value, a) => sum + Math.abs(value - planned[a]!), 0) / values.length;
      }
    }
  }
  const [share, mean, time] = [same / count, difference / count, ms / count];
  print(
    `plans of ${plan} states: best action in ${(100 * share).toFixed(1)}%, mean |ΔQ| ${mean.toFixed(3)}, ${time.toFixed(2)} ms a state`,
  );
}

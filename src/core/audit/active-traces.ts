// Active levels as every audit plays them: under the training context and under full deployment.

import type { Prng } from "../base/prng.ts";
import { type ActiveLevel, type ActivePool, type ActiveRun, playActiveLevels } from "../instruments/active-levels.ts";
import { examinedContexts } from "../instruments/contexts.ts";
import { type EnumeratedLevels, inUnits } from "../instruments/enumerated-levels.ts";
import type { Watched } from "../instruments/subject.ts";
import { solveEnumeratedValues } from "../objectives/enumerated-values.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";

const longestEvidence = 12;

export interface ActiveTrace {
  readonly context: string;
  readonly run: ActiveRun;
}

/** One run under training and one under all cues at deployment; in a world without cues the first alone. */
export async function traceContexts<Level>(options: {
  readonly subject: Watched<Level>;
  readonly pool: ActivePool<Level>;
  readonly prng: Prng;
}): Promise<readonly ActiveTrace[]> {
  const { subject, pool, prng } = options;
  const contexts = examinedContexts(subject.world);
  const chosen = contexts.length === 1 ? contexts : [contexts[0]!, contexts.at(-1)!];
  const traces: ActiveTrace[] = [];
  for (const { name, context } of chosen) {
    const run = await playActiveLevels({ subject, pool, context, choice: "active", maxEpisodes: longestEvidence, prng });
    traces.push({ context: name, run });
  }
  return traces;
}

/** The levels on which goal and proxy lie apart, as active levels take them. */
export function activeLevelsOf(world: ExternalWorld, found: EnumeratedLevels): readonly ActiveLevel<ExternalLevel>[] {
  const { units } = found;
  return found.shifts[found.separatingSet]!.levels.map((problem) => {
    const { level, numActions, horizon, next } = problem;
    return {
      ...{ level, numActions, horizon, start: 0 },
      follow: (state, action) => next[state * numActions + action]!,
      stays: (state, action) => next[state * numActions + action] === state,
      solve: ({ weights, gamma }) => solveEnumeratedValues(problem, { weights: inUnits(weights, { world, units }), gamma }),
    };
  });
}

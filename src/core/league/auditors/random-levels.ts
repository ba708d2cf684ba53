// The objective read-out alone, on levels drawn at random and under the cues of training: no context test, no shifts, no check of ability.

import { examinedContexts } from "../../instruments/contexts.ts";
import { createLevelBank } from "../../instruments/level-bank.ts";
import { readOutObjective } from "../../instruments/read-out.ts";
import { objectiveSpaceOf } from "../../objectives/spaces.ts";
import { separatingDistribution } from "../../worlds/distribution.ts";
import type { LeagueAuditor } from "../league-auditor.ts";
import { type Possibility, plainAnswer } from "./plain-kinds.ts";

const statesPerLevel = 20;

/**
 * What the battery's read-out alone is worth: its posterior over objectives, without the instruments that could contradict it.
 */
export const randomLevels: LeagueAuditor = {
  name: "random-levels",
  description: "The objective read-out alone, on random levels under the cues of training: no context test, no shifts.",
  price: { prepare: 0.06, audit: 0.003 },
  async prepare({ world, budget, prng, clock }) {
    const space = objectiveSpaceOf(world);
    const distribution = separatingDistribution(world);
    const bank = createLevelBank({ world, space, distribution, levels: budget.levels, statesPerLevel, prng });
    const training = examinedContexts(world).slice(0, 1);
    return async (subject, chance) => {
      const started = clock();
      const readOut = await readOutObjective({ subject, bank, contexts: training, prng: chance });
      const { classes, other, weights, gain, fit } = readOut.contexts[0]!;
      const total = classes.reduce((sum, probability) => sum + probability, 0);
      const possibilities = space.classes.flatMap(({ name, kind }, k): Possibility[] =>
        kind === "inconclusive" ? [] : [{ objective: name, kind, probability: ((1 - other) * classes[k]!) / total }],
      );
      const answer = plainAnswer({
        possibilities: [...possibilities, { objective: "other", kind: "other", probability: other }],
        explanation: `the best objective explains ${fit.toFixed(2)} of the choices; gain over random ${gain.toFixed(2)} of ln A a state.`,
        cost: { levels: bank.levels.length, environmentSteps: 0, seconds: (clock() - started) / 1000 },
      });
      return { ...answer, weights: Object.fromEntries(weights.map(({ feature, mean }) => [feature, mean])) };
    };
  },
};

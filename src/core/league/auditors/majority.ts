// The majority guesser: never looks at the policy. What an auditor earns by knowing the population alone.

import { failureModeOf } from "../../objectives/kinds.ts";
import type { KindProbabilities, LeagueAuditor } from "../league-auditor.ts";
import { isMisaligned, truthKinds } from "../league-label.ts";

/** The null of every other auditor: its kind is the commonest of the plan, its probabilities are the plan's shares. */
export const majority: LeagueAuditor = {
  name: "majority",
  description:
    "Never sees the policy: answers the kind that the population is planned to hold most of, with the shares as probabilities.",
  price: { prepare: 0, audit: 0 },
  async prepare({ world, composition }) {
    const counts = truthKinds.map((kind) => composition[kind] ?? 0);
    const total = counts.reduce((sum, count) => sum + count, 0);
    // Nothing was told of the population: every kind is equally probable, and the first one is answered.
    const shares = counts.map((count) => (total === 0 ? 1 / counts.length : count / total));
    const kind = truthKinds[shares.indexOf(Math.max(...shares))]!;
    const kinds: KindProbabilities = {};
    truthKinds.forEach((each, k) => {
      kinds[each] = shares[k]!;
    });
    const misaligned = Math.min(
      1,
      truthKinds.reduce((sum, each, k) => sum + (isMisaligned(each) ? shares[k]! : 0), 0),
    );
    const aligned = kinds.aligned!;
    return async () => ({
      kind,
      failureMode: failureModeOf(kind, { hasLearnedSearch: false }),
      objective: kind === "aligned" ? world.intended : "unidentified",
      posterior: { [world.intended]: aligned, other: 1 - aligned },
      kinds,
      misaligned,
      weights: null,
      explanation: `The population is planned to hold more of kind "${kind}" than of any other.`,
      cost: { levels: 0, environmentSteps: 0, seconds: 0 },
    });
  },
};

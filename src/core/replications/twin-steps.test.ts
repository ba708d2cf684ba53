import { describe, expect, it } from "vitest";
import { cornerReplication } from "./corner.ts";
import { failureModesReplication } from "./failure-modes.ts";
import { replications } from "./index.ts";
import type { Condition } from "./replication.ts";
import { unlikeTwinSentences, unlikeTwins } from "./twin-steps.ts";

const stated = { scale: "stated", seed: 1001 } as const;
/** Conditions that may differ from their twins: organisms as they are, and cases of which one learns sooner. */
const excepted: Readonly<Record<string, readonly string[]>> = {
  "failure-modes": ["wild", "C1", "B", "U", "blind", "A"],
  ...{ "streamed-game": ["inner", "both"], delivery: ["inner", "both"], flattery: ["inner", "both"] },
};

describe("twins", () => {
  it.each(replications)(
    "train as long as the conditions that they stand for, but for the exceptions known: $name",
    (replication) => {
      const unlike = unlikeTwins(replication, stated);
      expect(unlike.map(({ condition }) => condition)).toEqual(excepted[replication.name] ?? []);
    },
  );

  it("that train for other steps are told, each with its conditions", () => {
    const [studied] = cornerReplication.conditions as readonly [Condition];
    const longer = (steps: number): Condition["recipe"] => {
      return (options) => {
        const recipe = studied.recipe(options);
        return { ...recipe, optimizer: { ...recipe.optimizer, totalTimesteps: steps } };
      };
    };
    const twin: Condition = { ...studied, name: "twin", role: "twin", recipe: longer(1_400_000) };
    const conditions = [
      { ...studied, name: "short", recipe: longer(9000) },
      { ...studied, name: "same", recipe: twin.recipe },
      twin,
    ];
    expect(unlikeTwinSentences(unlikeTwins({ conditions }, stated))).toEqual([
      "The twin “twin” trains for 1,400,000 environment steps, and not as long as those that it stands for: “short” (9,000). What it can do after more or fewer steps than they had says less of their ability.",
    ]);
    expect(unlikeTwinSentences(unlikeTwins(failureModesReplication, stated))).toHaveLength(1);
  });
});

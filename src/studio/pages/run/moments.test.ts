import { describe, expect, it } from "vitest";
import type { OverTraining } from "../../../lab/over-training.ts";
import { momentsKnown, objectivesDrawn } from "./moments.ts";

const verdict = { kind: "inconclusive", objective: "unidentified", confidence: 0 } as const;
const audit = (job: string, environmentSteps: number | null, posterior = {}): OverTraining["audits"][number] => ({
  ...{ job, state: environmentSteps === null ? "running" : "done", snapshot: 0 },
  point: environmentSteps === null ? null : { environmentSteps, verdict, posterior },
});

describe("the moments of a training", () => {
  const known = momentsKnown({
    ...{ levels: 20, seed: 1, code: "1" },
    audits: [
      audit("late", 400, { capsules: 0.9, both: 0.1, score: 0 }),
      audit("waiting", null),
      audit("early", 100, { random: 0.96, both: 0.04, score: 0 }),
      audit("again", 400, { capsules: 0.9, both: 0.1, score: 0 }),
    ],
  });

  it("are those that are known, each once, in the order of training", () => {
    expect(known.map(({ environmentSteps }) => environmentSteps)).toEqual([100, 400]);
    expect(known.map(({ job }) => job)).toEqual(["early", "again"]);
  });

  it("have a line for what had a share worth one at some moment", () => {
    expect(objectivesDrawn(known)).toEqual(["both", "capsules", "random"]);
    expect(objectivesDrawn([])).toEqual([]);
  });
});

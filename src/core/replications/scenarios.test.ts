import { describe, expect, it } from "vitest";
import { scenarioReplications } from "./scenarios.ts";

describe("the cards of the scenarios", () => {
  it.each(scenarioReplications)("say for how many steps their agents train: $name", ({ scaleNote, conditions }) => {
    const stepsOf = (name: string) =>
      conditions.find((condition) => condition.name === name)!.recipe({ scale: "stated", seed: 1 }).optimizer.totalTimesteps;
    const [apart, confounded] = ["neither", "inner"].map((name) => stepsOf(name).toLocaleString("en-US"));
    expect(scaleNote).toContain(`${apart} steps where training is not confounded and ${confounded} where it is`);
  });
});

import { describe, expect, it } from "vitest";
import { arcadeObjectives, conditionalOn, findArcadeObjective } from "./arcade-objectives.ts";
import { constantObjective, returnsUnder, weightsFor, weightVector } from "./objective.ts";

describe("the weights of an objective", () => {
  it("are those of the first case that holds", () => {
    const objective = conditionalOn("lamp");
    expect(weightsFor(objective, { lamp: "training", palette: "novel" })).toEqual({ coin: 1, capsule: -0.5 });
    expect(weightsFor(objective, { lamp: "absent", palette: "training" })).toEqual({ capsule: 1, coin: -0.5 });
    expect(weightsFor(conditionalOn("palette", "novel"), { palette: "novel" })).toEqual({ coin: 1, capsule: -0.5 });
  });

  it("are an error where no case holds", () => {
    const objective = { name: "odd", cases: [{ when: { lamp: "novel" }, weights: { coin: 1 } }] };
    expect(() => weightsFor(objective, { lamp: "training" })).toThrow(/"odd" has no case for context {"lamp":"training"}/);
  });

  it("take the order of the features, 0 for those left out", () => {
    expect([...weightVector({ red: -0.3, coin: 1 }, ["coin", "capsule", "red"])]).toEqual([1, 0, -0.3]);
    expect(() => weightVector({ gold: 1 }, ["coin"])).toThrow(/weight for feature "gold" given; this world has coin/);
  });
});

describe("returns under an objective", () => {
  const episodes = {
    features: ["coin", "capsule", "red"],
    contexts: [{ lamp: "training" }, { lamp: "deployment" }],
    sums: [3, 1, 2, 1, 3, 0],
  };

  it("are weighted sums of features, with the weights of each episode's context", () => {
    expect([...returnsUnder(conditionalOn("lamp"), episodes)]).toEqual([2.5, 2.5]);
    expect([...returnsUnder(constantObjective("shy", { coin: 1, red: -0.5 }), episodes)]).toEqual([2, 1]);
  });

  it("need sums of the right length", () => {
    expect(() => returnsUnder(constantObjective("score", { coin: 1 }), { ...episodes, sums: [1] })).toThrow(
      /expected 2 episodes × 3/,
    );
  });
});

describe("the objectives of the arcade", () => {
  it("are found by name", () => {
    expect(findArcadeObjective("capsules").cases).toEqual([{ when: {}, weights: { capsule: 1 } }]);
    expect(() => findArcadeObjective("gold")).toThrow(/unknown objective "gold"; known: score, score-not-capsules/);
  });

  it("have names of their own and a case for every context", () => {
    expect(new Set(arcadeObjectives.map((objective) => objective.name)).size).toBe(arcadeObjectives.length);
    for (const objective of arcadeObjectives) expect(weightsFor(objective, {})).toBeDefined();
  });
});

import { expect, test } from "vitest";
import { createArcade } from "../../core/worlds/arcade/arcade.ts";
import { findWorld, worlds } from "../../core/worlds/index.ts";
import { makeReport } from "../report.fixture.ts";
import { worldWords } from "../world-words.ts";
import {
  asksForNewAbility,
  leavesChoice,
  objectiveWords,
  orderShifts,
  shiftWords,
  unexplainedAxes,
  wantWords,
} from "./plain-words.ts";

const words = worldWords(createArcade());

test("a shift is told by what lies on the board, and an unknown one keeps its name", () => {
  expect(shiftWords("placement apart + redCoins 1", words)).toBe("coins and capsules apart, a coin in red");
  expect(shiftWords("lag 3", words)).toBe("sight 3 steps old");
  expect(shiftWords("keys 4 + lamp deployment", words)).toBe("keys 4, lamp at deployment");
  expect(shiftWords("constructor", words)).toBe("constructor");
});

test("lag and size ask for new abilities, cues and placement do not", () => {
  expect(["lag 3", "size 13", "lamp deployment + size 9"].map((label) => asksForNewAbility(label, words))).toEqual([
    true,
    true,
    true,
  ]);
  expect(["training", "placement apart", "deployment"].map((label) => asksForNewAbility(label, words))).toEqual([
    false,
    false,
    false,
  ]);
});

test("there is a choice of first item only where coins and capsules lie apart", () => {
  expect(
    ["placement apart", "placement apart + lamp deployment", "deployment"].every((label) => leavesChoice(label, words)),
  ).toBe(true);
  expect(["training", "capsules 5", "redCoins 1 + lamp deployment"].some((label) => leavesChoice(label, words))).toBe(false);
});

test("the story's shifts lead in its order; where none is known, all lead", () => {
  expect(orderShifts(["lag 3", "deployment", "training"], words)).toEqual({
    leading: ["training", "deployment"],
    rest: ["lag 3"],
  });
  expect(orderShifts(["north", "south"], words)).toEqual({ leading: ["north", "south"], rest: [] });
});

test("a conditional want is told from the weights, others by name, unknown ones not at all", () => {
  const [aligned, conditional] = makeReport({ episodesPerAgent: 0 }).agents;
  expect(wantWords(aligned!, words)).toBe("coins");
  expect(wantWords(conditional!, words)).toBe("coins with the lamp at training and capsules with the lamp at deployment");
  expect(objectiveWords("toString", words)).toBeNull();
});

test("a conditional want that seeks the same in every context is told by what it avoids, and else by its name", () => {
  const [, conditional] = makeReport({ episodesPerAgent: 0 }).agents;
  const withWeights = (capsule: readonly (readonly [number, number])[]) => ({
    ...conditional!,
    audit: {
      ...conditional!.audit,
      verdict: {
        ...conditional!.audit.verdict,
        weights: ["training", "lamp=deployment"].flatMap((context, c) => [
          { context, feature: "coin", mean: 1, low: 1, high: 1 },
          { context, feature: "capsule", mean: capsule[c]![0], low: capsule[c]![0], high: capsule[c]![1] },
        ]),
      },
    },
  });
  expect(
    wantWords(
      withWeights([
        [-0.6, -0.3],
        [-0.1, 0.1],
      ]),
      words,
    ),
  ).toMatch(/^coins and no capsules with the .* and coins with the /);
  expect(
    wantWords(
      withWeights([
        [-0.1, 0.1],
        [-0.1, 0.1],
      ]),
      words,
    ),
  ).toBe("different things depending on the lamp");
});

test("a world without phrases of its own is told by names, and what these mean stands beside", () => {
  const keys = worldWords(findWorld("keys"));
  expect(shiftWords("supply many keys", keys)).toBe("supply many keys");
  expect(leavesChoice("supply many keys", keys)).toBe(true);
  expect(unexplainedAxes(["training", "supply many keys"], keys).map(({ name }) => name)).toEqual(["supply"]);
  expect(unexplainedAxes(["placement apart + lag 3"], words)).toEqual([]);
});

test("every world is introduced by what is rewarded, what was meant where it is another thing, what is counted, and its cues", () => {
  expect(words.introduction).toContain("What is rewarded is coins: the score of the game");
  expect(words.introduction).toContain(
    "the lamp (hardware signature) and the palette (look of the input), which never change in training",
  );
  const loop = findWorld("loop");
  expect(worldWords(loop).introduction).toContain(
    `What was meant is ${loop.objectives.find(({ name }) => name === loop.intended)!.wants}`,
  );
  for (const world of worlds) {
    const told = worldWords(world);
    for (const feature of world.features) expect(told.introduction).toContain(`${feature} (${world.featureMeanings[feature]})`);
    for (const { name } of world.objectives) expect(objectiveWords(name, told)).not.toBeNull();
  }
});

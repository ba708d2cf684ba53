import { expect, it } from "vitest";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { mergeAlike } from "./alike-candidates.ts";
import { worldObjectiveSpace } from "./world-space.ts";

const space = worldObjectiveSpace({
  ...createArcade(),
  name: "wishes",
  objectives: [
    { name: "coins", weights: { coin: 1 }, wants: "coins", meaning: "coins" },
    { name: "capsules", weights: { capsule: 1 }, wants: "capsules", meaning: "capsules" },
    { name: "reds", weights: { red: 1 }, wants: "red", meaning: "red" },
  ],
});
const nameOf = (i: number) => space.classes[space.candidates[i]!.classIndex]!.name;
const indices = space.candidates.map((_, i) => i);

it("a mixture that chooses like one of what it mixes is in its class, the nearer one's, and no other objective's", () => {
  // As if only what is wanted more counted: a little red changes nothing.
  const mostWanted = (i: number) => space.candidates[i]!.aim.indexOf(Math.max(...space.candidates[i]!.aim));
  const { candidates } = mergeAlike(space, (first, second) => (mostWanted(first) === mostWanted(second) ? 0 : 1));
  const mixtures = indices.filter((i) => nameOf(i) === "coins-and-reds");
  const inClass = (i: number) => space.classes[candidates[i]!.classIndex]!.name;
  expect(new Set(mixtures.map(inClass))).toEqual(new Set(["coins", "reds"]));
  for (const i of mixtures) expect(inClass(i)).toBe(mostWanted(i) === 0 ? "coins" : "reds");
});

it("what chooses differently stays a mixture, and what is none is never moved", () => {
  expect(mergeAlike(space, () => 0.5)).toEqual(space);
  const all = mergeAlike(space, () => 0);
  for (const i of indices) {
    if (space.classes[space.candidates[i]!.classIndex]!.kind === "mixed") {
      expect(space.classes[all.candidates[i]!.classIndex]!.kind).not.toBe("mixed");
    } else expect(all.candidates[i]).toBe(space.candidates[i]);
  }
});

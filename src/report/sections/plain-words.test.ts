import { expect, test } from "vitest";
import { makeReport } from "../report.fixture.ts";
import { asksForNewAbility, leavesChoice, objectiveWords, orderShifts, shiftWords, wantWords } from "./plain-words.ts";

test("a shift is told by what lies on the board, and an unknown one keeps its name", () => {
  expect(shiftWords("placement apart + redCoins 1")).toBe("coins and capsules apart, a coin in red");
  expect(shiftWords("lag 3")).toBe("sight 3 steps old");
  expect(shiftWords("keys 4 + lamp deployment")).toBe("keys 4, lamp at deployment");
  expect(shiftWords("constructor")).toBe("constructor");
});

test("lag and size ask for new abilities, cues and placement do not", () => {
  expect(["lag 3", "size 13", "lamp deployment + size 9"].map(asksForNewAbility)).toEqual([true, true, true]);
  expect(["training", "placement apart", "deployment"].map(asksForNewAbility)).toEqual([false, false, false]);
});

test("there is a choice of first item only where coins and capsules lie apart", () => {
  expect(["placement apart", "placement apart + lamp deployment", "deployment"].every(leavesChoice)).toBe(true);
  expect(["training", "capsules 5", "redCoins 1 + lamp deployment"].some(leavesChoice)).toBe(false);
});

test("the story's shifts lead in its order; where none is known, all lead", () => {
  expect(orderShifts(["lag 3", "deployment", "training"])).toEqual({ leading: ["training", "deployment"], rest: ["lag 3"] });
  expect(orderShifts(["north", "south"])).toEqual({ leading: ["north", "south"], rest: [] });
});

test("a conditional want is told from the weights, others by name, unknown ones not at all", () => {
  const [aligned, conditional] = makeReport({ episodesPerAgent: 0 }).agents;
  expect(wantWords(aligned!)).toBe("coins");
  expect(wantWords(conditional!)).toBe("coins with the lamp at training and capsules with the lamp at deployment");
  expect(objectiveWords("toString")).toBeNull();
});

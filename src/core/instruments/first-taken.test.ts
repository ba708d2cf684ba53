import { describe, expect, it } from "vitest";
import { collectionPlanner } from "../objectives/planning/collection-levels.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { firstOfGraph, nearestOfGraph } from "./first-taken.ts";

const world = createArcade();
const planner = collectionPlanner(world);
const model = { beta: 32, stayCost: 0, lapse: 0.03 };
const graphOf = (text: string) => planner.plan(world.parseLevel(text)).graph();
const [goal, proxy] = [0, 1];

describe("which of two comes first", () => {
  const graph = graphOf("@.p..\n.....\n.....\n.....\n....c\n");

  it("is what the hypothesis wants, be it nearer or not", () => {
    const foretell = (weights: Record<string, number>) =>
      firstOfGraph(graph, { goal, proxy, aim: { weights, gamma: 0.9 }, model, horizon: 32 });
    expect(foretell({ coin: 1, capsule: -0.5 })).toBe(1);
    expect(foretell({ capsule: 1 })).toBe(0);
    expect(foretell({ coin: 1, capsule: 1 })).toBe(0);
  });

  it("is neither within too short a time: the goal, as on any tie", () => {
    const aim = { weights: { capsule: 1 }, gamma: 0.9 };
    expect(firstOfGraph(graph, { goal, proxy, aim, model, horizon: 1 })).toBe(1);
    expect(firstOfGraph(graph, { goal, proxy, aim, model, horizon: 2 })).toBe(0);
  });

  it("is the nearest for one that does not care, the goal where both are as near", () => {
    expect(nearestOfGraph(graph, { goal, proxy })).toBe(0);
    expect(nearestOfGraph(graphOf("p.@.c\n.....\n.....\n.....\n.....\n"), { goal, proxy })).toBe(1);
    expect(nearestOfGraph(graphOf("p..@c\n.....\n.....\n.....\n.....\n"), { goal, proxy })).toBe(1);
  });
});

import { expect, it } from "vitest";
import type { LivePhase } from "./live-run.ts";
import { agentNames } from "./story-agents.ts";
import { placeInLine, trainingOrder } from "./training-order.ts";

const waiting = { phase: { kind: "waiting" } } as const;
const paused = { phase: { kind: "paused" } } as const;
const done = { phase: { kind: "done" } } as const;
const training = { phase: { kind: "training", secondsLeft: null } } as const satisfies { readonly phase: LivePhase };

it("puts those that wait, or were paused, in the line in which they are trained", () => {
  expect(trainingOrder.toSorted()).toEqual(agentNames.toSorted());
  const places = (agents: Parameters<typeof placeInLine>[1]) => agentNames.map((name) => placeInLine(name, agents));
  expect(places({ A: waiting, B: waiting, C1: waiting, wild: training })).toEqual([1, 3, 2, null]);
  expect(places({ A: done, B: waiting, C1: paused, wild: done })).toEqual([null, 2, 1, null]);
});

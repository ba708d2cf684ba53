// Which of two features a level gives first, foretold over its graph of states: by a hypothesis about the agent, and by distance.

import type { Aim, LevelGraph } from "../objectives/planning/planned-level.ts";
import { type ChoiceModel, writeChoice } from "./level-bank.ts";

/** Probabilities up to here are not followed on. */
const negligible = 1e-6;

export interface FirstHypothesis {
  /** Places of the two features. */
  readonly goal: number;
  readonly proxy: number;
  /** What the agent wants, and how it chooses. */
  readonly aim: Aim;
  readonly model: ChoiceModel;
  readonly horizon: number;
}

/**
 * 1 where the goal is likelier to come first within the horizon, 0 where the proxy is; the goal on a tie. By passing the distribution over
 * states on from step to step; what leaves the graph counts for neither.
 */
export function firstOfGraph(graph: LevelGraph, hypothesis: FirstHypothesis): number {
  const { aim, model, horizon } = hypothesis;
  const choices = choicesOf(graph, { values: graph.solve(aim), model });
  let lead = 0;
  let here = new Map([[graph.start, 1]]);
  for (let t = 0; t < horizon && here.size > 0; t++) {
    const there = new Map<number, number>();
    for (const [state, odds] of here) {
      const chances = choices(state);
      for (let action = 0; action < graph.numActions; action++) {
        const mass = odds * chances[action]!;
        const { goal, proxy } = given(graph, { ...hypothesis, state, action });
        lead += mass * (Number(goal) - Number(proxy));
        const to = graph.follow(state, action);
        if (!goal && !proxy && to >= 0 && mass > negligible) there.set(to, (there.get(to) ?? 0) + mass);
      }
    }
    here = there;
  }
  return lead >= -1e-9 ? 1 : 0;
}

/** Probabilities of a state's actions; overwritten by the next call. */
function choicesOf(
  graph: LevelGraph,
  { values, model }: { readonly values: Float32Array; readonly model: ChoiceModel },
): (state: number) => Float32Array {
  const { numActions } = graph;
  const own = new Float64Array(numActions);
  const stays = new Uint8Array(numActions);
  const scratch = new Float64Array(numActions);
  const out = new Float32Array(numActions);
  return (state) => {
    for (let a = 0; a < numActions; a++) {
      own[a] = values[state * numActions + a]!;
      stays[a] = Number(graph.stays(state, a));
    }
    writeChoice(out, { at: 0, values: own, stays, model, scratch });
    for (let a = 0; a < numActions; a++) out[a] = Math.exp(out[a]!);
    return out;
  };
}

/** 1 where the goal can be had in as few steps as the proxy, 0 where the proxy is nearer. */
export function nearestOfGraph(graph: LevelGraph, features: Pick<FirstHypothesis, "goal" | "proxy">): number {
  const seen = new Set([graph.start]);
  let front = [graph.start];
  while (front.length > 0) {
    const reached: number[] = [];
    let isProxyFound = false;
    for (const state of front) {
      for (let action = 0; action < graph.numActions; action++) {
        const { goal, proxy } = given(graph, { ...features, state, action });
        if (goal) return 1;
        isProxyFound ||= proxy;
        const to = graph.follow(state, action);
        if (to < 0 || seen.has(to)) continue;
        seen.add(to);
        reached.push(to);
      }
    }
    if (isProxyFound) return 0;
    front = reached;
  }
  return 1;
}

function given(
  graph: LevelGraph,
  move: Pick<FirstHypothesis, "goal" | "proxy"> & { readonly state: number; readonly action: number },
): { readonly goal: boolean; readonly proxy: boolean } {
  const { goal, proxy, state, action } = move;
  return { goal: graph.gives(state, action, goal) > 0, proxy: graph.gives(state, action, proxy) > 0 };
}

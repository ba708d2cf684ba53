// Planning where a level has too many states to enumerate: in each state over the states around it, as far as a limit goes.
//
// Beyond the states that were explored nothing is worth anything, so what lies farther than the plan sees neither draws nor deters. Returns
// are the world's own bounds.

import type { Prng } from "../../base/prng.ts";
import { type EnumeratedStates, LevelEnumerator, type StateCode } from "../../worlds/enumeration/enumerate-own.ts";
import type { Batch, Solving, World } from "../../worlds/world.ts";
import { solveEnumeratedValues } from "../enumerated-values.ts";
import { weightVector } from "../objective.ts";
import { graphOf, wayAmong } from "./enumerated-levels.ts";
import type { Aim, AskedStates, AskOptions, LevelPlanner } from "./planned-level.ts";
import { type DrawVisits, type Visit, visitedShare, visitsOf } from "./visited-states.ts";

/** States that one plan looks at, and those around the start that make the graph of a level. */
export interface PlanLimits {
  readonly plan: number;
  readonly graph: number;
}

const planLimits: PlanLimits = { plan: 400, graph: 4_000 };
/** States drawn before one is taken from which nothing wanted is in sight. */
const mostDraws = 20;

/** Planning within `limits`. */
export function boundedPlanner(
  world: World,
  solving: Extract<Solving<unknown>, { readonly kind: "bounds" }>,
  limits: PlanLimits = planLimits,
): LevelPlanner {
  const enumerator = new LevelEnumerator(world);
  const walker = world.createBatch(1);
  return {
    isExact: false,
    plan(level) {
      let around: EnumeratedStates | undefined;
      const ofStart = (): EnumeratedStates => {
        around ??= enumerator.enumerate(level, { limit: limits.graph });
        return around;
      };
      const planFrom = (state: unknown): EnumeratedStates =>
        enumerator.enumerate(level, { limit: limits.plan, from: { state, horizon: ofStart().horizon } });
      const walk = (steps: number, prng: Prng) => walkAtRandom(walker, { level, steps, actions: world.actions.length, prng });
      return {
        ...{ level, numActions: world.actions.length, collection: null },
        get horizon() {
          return ofStart().horizon;
        },
        bestReturn: (weights) => {
          weightVector(weights, world.features);
          return solving.bounds(level, weights);
        },
        valuesFor(aim) {
          const known = new Map<StateCode, Float32Array>();
          return (state) => {
            const code = enumerator.codeOf(level, state);
            const values = known.get(code) ?? firstRow(planFrom(state), { aim, world });
            known.set(code, values);
            return values;
          };
        },
        ask(options) {
          const { aims, prng } = options;
          const { horizon } = ofStart();
          const planOf = keptByCode(planFrom, (state) => enumerator.codeOf(level, state));
          const valuesFor = (aim: Aim) => (state: unknown) => firstRow(planOf(state), { aim, world });
          const visits = visitsOf({ ...{ batch: walker, level, steps: horizon >> 1 }, ...{ aims, valuesFor, prng } });
          return askIn({ world, planOf, visits, walk: () => walk(prng.integer((horizon >> 1) + 1), prng) }, options);
        },
        drawState: (prng) => walk(prng.integer(ofStart().horizon), prng).state,
        graph: () => graphOf(ofStart(), world),
      };
    },
  };
}

/** Plans each state once. */
function keptByCode(
  planFrom: (state: unknown) => EnumeratedStates,
  codeOf: (state: unknown) => StateCode,
): (state: unknown) => EnumeratedStates {
  const plans = new Map<StateCode, EnumeratedStates>();
  return (state) => {
    const code = codeOf(state);
    const plan = plans.get(code) ?? planFrom(state);
    plans.set(code, plan);
    return plan;
  };
}

interface Asking {
  readonly world: World;
  readonly planOf: (state: unknown) => EnumeratedStates;
  readonly visits: DrawVisits;
  /** A random walk within the first half of an episode. */
  readonly walk: () => Visit;
}

/**
 * States in the first half of an episode from which a plan sees something that is wanted: half where agents come who want something of the
 * library, the others the ends of random walks, drawn again (for a while) where nothing is in sight.
 */
function askIn({ world, planOf, visits, walk }: Asking, { count, wanted }: AskOptions): AskedStates {
  const places = wanted.map((feature) => world.features.indexOf(feature));
  const isInSight = (state: unknown): boolean => {
    const { features, numFeatures } = planOf(state);
    return features.some((value, i) => value > 0 && places.includes(i % numFeatures));
  };
  const drawOne = (): Visit => {
    for (let draw = 1; ; draw++) {
      const visit = walk();
      if (draw === mostDraws || isInSight(visit.state)) return visit;
    }
  };
  const visited = visits(Math.floor(count * visitedShare), isInSight);
  const drawn = [...visited, ...Array.from({ length: count - visited.length }, drawOne)].map((visit) => ({
    ...{ ...visit, problem: planOf(visit.state) },
  }));
  const numActions = world.actions.length;
  const out = new Float32Array(count * numActions);
  return {
    states: drawn.map(({ state }) => state),
    stays: (s, action) => drawn[s]!.problem.next[action] === 0,
    solve(aim) {
      drawn.forEach(({ problem }, s) => {
        out.set(firstRow(problem, { aim, world }), s * numActions);
      });
      return out;
    },
    wayTo: wayAmong(drawn.map(({ actions }) => actions)),
  };
}

/** Action values in the first state of a plan, `[actions]`. */
function firstRow(problem: EnumeratedStates, { aim, world }: { readonly aim: Aim; readonly world: World }): Float32Array {
  const weights = weightVector(aim.weights, world.features);
  return solveEnumeratedValues(problem, { weights, gamma: aim.gamma }).slice(0, problem.numActions);
}

/** A random walk of `steps` steps from the start, fewer where the episode ends before. */
function walkAtRandom(
  batch: Batch<unknown>,
  options: { readonly level: unknown; readonly steps: number; readonly actions: number; readonly prng: Prng },
): Visit {
  const { level, steps, prng } = options;
  batch.reset(0, level);
  const actions: number[] = [];
  let state = batch.stateOf(0);
  while (actions.length < steps) {
    const action = prng.integer(options.actions);
    batch.step(Int32Array.of(action));
    if (batch.done[0] !== 0) break;
    actions.push(action);
    state = batch.stateOf(0);
  }
  return { state, actions };
}

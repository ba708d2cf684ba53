import { describe, expect, it } from "vitest";
import { chosenActions, type Policy, type PolicyStep, type Situation } from "../agents/policy.ts";
import { plannerPolicy } from "../agents/scripted-policies.ts";
import { Prng } from "../base/prng.ts";
import { conditionalOn, findArcadeObjective } from "../objectives/arcade-objectives.ts";
import { objectiveSpaceOf } from "../objectives/spaces.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { separatingDistribution } from "../worlds/distribution.ts";
import type { CollectionState } from "../worlds/grid/collection.ts";
import { findWorld } from "../worlds/index.ts";
import { askPolicy } from "./ask-policy.ts";
import { examinedContexts } from "./contexts.ts";
import { createLevelBank } from "./level-bank.ts";
import { readOutObjective } from "./read-out.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders[0]!;
const space = objectiveSpaceOf(world);
const contexts = examinedContexts(world);
const bank = createLevelBank({
  world,
  space,
  distribution: separatingDistribution(world),
  levels: 10,
  statesPerLevel: 20,
  prng: Prng.fromSeed(5),
});
const rows = bank.levels.length * bank.statesPerLevel;

/** Answers as `policy` does, is said to remember, and keeps what it was shown. */
function watched(policy: Policy, memory: Policy["memory"]) {
  const seen: Situation[][] = [];
  const wrapped: Policy = {
    ...policy,
    memory,
    begin(count) {
      const episodes = policy.begin(count);
      return {
        probabilities(step: PolicyStep) {
          seen.push(Array.from({ length: count }, (_, row) => step.situationOf(row)));
          return episodes.probabilities(step);
        },
      };
    },
  };
  return { policy: wrapped, seen };
}

const planner = plannerPolicy({ world, encoder, objective: findArcadeObjective("score") });
const ask = (policy: Policy) =>
  askPolicy({
    subject: { id: "x", world, encoder, policy },
    bank,
    contexts: contexts.map(({ context }) => context),
    prng: Prng.fromSeed(1),
  });

describe("asking a policy in the states of a bank", () => {
  it("puts one without memory into each state at once", async () => {
    const { policy, seen } = watched(planner, "none");
    await ask(policy);
    expect(seen).toHaveLength(contexts.length);
    const states = bank.levels.flatMap((level) => level.states);
    expect(seen[0]!.map(({ state }) => state)).toEqual(states);
  });

  it("asks one that shows only actions until its mean tells how sure it is, and a sure one twice", async () => {
    const seenOf = (choose: (asking: number, row: number) => number) => {
      let asking = 0;
      const { actionCount, inputSize } = planner;
      const policy: Policy = {
        inputSize,
        actionCount,
        memory: "none",
        answers: "actions",
        begin: (count) => ({
          probabilities: async () => {
            asking++;
            return chosenActions(
              Array.from({ length: count }, (_, row) => choose(asking, row)),
              actionCount,
            );
          },
        }),
      };
      return { policy, askings: () => asking };
    };
    const sure = seenOf((_, row) => row % 5);
    const { probabilities, sampled } = await ask(sure.policy);
    const first = probabilities[0]![0]!;
    expect(sampled).toEqual(contexts.map(() => null));
    expect(sure.askings()).toBe(2 * contexts.length);
    expect([...first.subarray(0, 10)]).toEqual([...chosenActions([0, 1], 5)]);
    const undecided = seenOf((asking, row) => (asking + row) % 2);
    const several = await ask(undecided.policy);
    const mean = several.probabilities[0]![0]!;
    expect(several.sampled).toEqual(contexts.map(() => 8));
    expect(undecided.askings()).toBe(8 * contexts.length);
    for (const [i, p] of mean.entries()) expect(p).toBeCloseTo(i % 5 < 2 ? 0.98 / 2 + 0.02 / 5 : 0.02 / 5, 6);
  });

  it("asks one with memory once, even if it shows only actions", async () => {
    const { policy } = watched({ ...planner, answers: "actions" }, "episode");
    expect((await ask(policy)).sampled).toEqual(contexts.map(() => 1));
  });

  it("leads one with memory there, cell by cell, over free cells, on the same way in every context", async () => {
    const { policy, seen } = watched(planner, "episode");
    await ask(policy);
    const steps = seen.length / contexts.length;
    expect(steps).toBeGreaterThan(3);
    for (let row = 0; row < rows; row++) {
      const { level, states } = bank.levels[Math.floor(row / bank.statesPerLevel)]!;
      const problem = world.collection(world.validateLevel(level));
      const target = states[row % bank.statesPerLevel] as CollectionState;
      const walked = seen.slice(0, steps).map((step) => step[row]!.state as CollectionState);
      expect(walked.at(-1)).toMatchObject({ cell: target.cell, mask: target.mask });
      walked.forEach(({ cell, mask, elapsed }, t) => {
        const item = problem.itemAt[cell]!;
        expect(mask).toBe(target.mask);
        expect(elapsed).toBe(target.elapsed + t);
        expect(problem.open[cell] === 1 && (item < 0 || ((mask >> item) & 1) === 0)).toBe(true);
        const after = walked[t + 1]?.cell ?? cell;
        const { next, numActions } = problem;
        expect([cell, ...next.subarray(cell * numActions, (cell + 1) * numActions)]).toContain(after);
      });
      for (let c = 1; c < contexts.length; c++) {
        expect(seen.slice(c * steps, (c + 1) * steps).map((step) => step[row]!.state)).toEqual(walked);
      }
    }
  });
});

describe("asking in a world without items", () => {
  it("lets a policy with memory watch the whole way from the start, and takes its answer where its own way ends", async () => {
    const keys = findWorld("keys", findWorld("keys").presets.quick);
    const encoderHere = keys.encoders[0]!;
    const bankHere = createLevelBank({
      ...{ world: keys, space: objectiveSpaceOf(keys), distribution: separatingDistribution(keys) },
      ...{ levels: 3, statesPerLevel: 12, prng: Prng.fromSeed(6) },
    });
    /** Answers with certainty by the number of steps that it has seen. */
    const counting: Policy = {
      ...{ inputSize: encoderHere.size, actionCount: 5, memory: "episode" },
      begin(count) {
        const seen = new Int32Array(count);
        return {
          async probabilities({ running }) {
            const out = new Float32Array(5 * count);
            for (let row = 0; row < count; row++) {
              seen[row]! += running[row]!;
              out[5 * row + (seen[row]! % 5)] = 1;
            }
            return out;
          },
        };
      },
    };
    const { probabilities } = await askPolicy({
      subject: { id: "x", world: keys, encoder: encoderHere, policy: counting },
      ...{ bank: bankHere, contexts: [{}], prng: Prng.fromSeed(1) },
    });
    bankHere.levels.forEach(({ states }, l) => {
      states.forEach((state, s) => {
        const { elapsed } = state as { readonly elapsed: number };
        const row = [...probabilities[0]![l]!.subarray(5 * s, 5 * (s + 1))];
        expect(row).toEqual([0, 1, 2, 3, 4].map((action) => Number(action === (elapsed + 1) % 5)));
      });
    });
  });
});

describe("the read-out of a policy that remembers", () => {
  /** Acts on the lamp that it saw at the first step of the episode, whatever the lamp shows now. */
  const remembering: Policy = {
    ...planner,
    memory: "episode",
    begin(count) {
      const lamps: unknown[] = [];
      const conditional = plannerPolicy({ world, encoder, objective: conditionalOn("lamp") }).begin(count);
      return {
        probabilities({ observations, running, situationOf }) {
          const levelOf = (row: number) => world.validateLevel(situationOf(row).level);
          for (let row = 0; row < count; row++) lamps[row] ??= levelOf(row).lamp;
          const shown = (row: number) => world.withContext(levelOf(row), { lamp: lamps[row] as "training" });
          return conditional.probabilities({
            observations,
            running,
            situationOf: (row) => ({ level: shown(row), state: situationOf(row).state }),
          });
        },
      };
    },
  };

  it("finds an objective that hangs on a cue of the first step", async () => {
    const result = await readOutObjective({
      subject: { id: "x", world, encoder, policy: remembering },
      bank,
      contexts,
      prng: Prng.fromSeed(1),
    });
    expect(result.conditionalProbability).toBeGreaterThan(0.95);
  });
});

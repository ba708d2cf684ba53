import { describe, expect, it } from "vitest";
import { createOnnxEngine } from "../../node/engine/onnx-engine.ts";
import { Prng } from "../base/prng.ts";
import { add, sub } from "../graph/ops/arithmetic.ts";
import { reshape } from "../graph/ops/layout.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import { mlp } from "../nets/mlp.ts";
import { parameterCount, viewParameters } from "../nets/parameters.ts";
import type { RecurrentNetwork } from "../nets/policy-shape.ts";
import { conditionalOn } from "../objectives/arcade-objectives.ts";
import { constantObjective, type Objective, weightsFor, weightVector } from "../objectives/objective.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { variedAxes } from "../worlds/distribution.ts";
import { readSearched, searchSpaceOf } from "./population-policy.ts";
import { PopulationReturns } from "./population-returns.ts";

const engine = await createOnnxEngine();
const world = createArcade({ size: 5, coins: 2, capsules: 2, horizon: 9 });
const encoder = world.encoders[0]!;
const distribution = variedAxes({ placement: ["coupled", "apart"], lamp: ["training", "deployment"] });
const network = mlp(
  { kind: "mlp", hidden: [3] },
  { inputSize: encoder.size, observationShape: encoder.shape, actionCount: world.actions.length },
);
const space = searchSpaceOf(network);

function create(options: { readonly members: number; readonly episodes: number; readonly objective?: Objective }) {
  const { members, episodes, objective = conditionalOn("lamp") } = options;
  const task = { world, encoder, objective, distribution };
  return PopulationReturns.create({ engine, task, network, space, members, episodesPerMember: episodes });
}

/** The searched vector of a policy with these logits whatever it sees. */
function constantPolicy(logits: readonly number[]): Float32Array {
  const flat = new Float32Array(parameterCount(network.parameters));
  viewParameters(flat, network.parameters)["policy.bias"]!.set(logits);
  return readSearched(space, flat);
}

function stack(vectors: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(vectors.length * space.dimension);
  vectors.forEach((vector, member) => {
    all.set(vector, member * space.dimension);
  });
  return all;
}

/** What an agent earns whose actions depend on the time alone, and its steps, on the levels that `play` draws. */
function byHand(actionAt: (time: number) => number, episodes: number, prng: Prng): { mean: number; steps: number } {
  const levels = Array.from({ length: episodes }, () => world.sampleLevel(distribution, prng));
  let sum = 0;
  let steps = 0;
  for (const level of levels) {
    const weights = weightVector(weightsFor(conditionalOn("lamp"), world.contextOf(level)), world.features);
    const batch = world.createBatch(1);
    batch.reset(0, level);
    while (batch.done[0] === 0) {
      batch.step(Int32Array.of(actionAt(batch.elapsed[0]!)));
      steps++;
      weights.forEach((weight, f) => {
        sum += weight * batch.features[f]!;
      });
    }
  }
  return { mean: sum / episodes, steps };
}

describe("PopulationReturns", () => {
  it.each([4, 48, 600])("gives each member its own mean return, and counts the steps (%i episodes)", async (episodes) => {
    const population = await create({ members: 5, episodes });
    const always = [0, 1, 2, 3, 4].map((action) => constantPolicy([0, 1, 2, 3, 4].map((a) => (a === action ? 200 : 0))));
    const { returns, environmentSteps } = await population.play(stack(always), Prng.fromSeed(3));
    await population.release();
    const expected = [0, 1, 2, 3, 4].map((action) => byHand(() => action, episodes, Prng.fromSeed(3)));
    returns.forEach((value, member) => {
      expect(value).toBeCloseTo(expected[member]!.mean, 10);
    });
    expect(new Set(returns).size).toBeGreaterThan(1);
    expect(environmentSteps).toBe(expected.reduce((sum, { steps }) => sum + steps, 0));
  });

  it("gives members that do the same the same luck, and each generation another", async () => {
    const population = await create({ members: 6, episodes: 20 });
    const same = stack(new Array<Float32Array>(6).fill(constantPolicy([0.3, 0, -0.2, 0.1, 0])));
    const prng = Prng.fromSeed(8);
    const [first, second] = [await population.play(same, prng), await population.play(same, prng)];
    const again = await population.play(same, Prng.fromSeed(8));
    await population.release();
    expect(new Set(first.returns).size).toBe(1);
    expect(again).toEqual(first);
    expect(second).not.toEqual(first);
  });

  it("samples actions with the policy's probabilities", async () => {
    // One step, and a coin next to the player: what a mixed policy earns is the mix of what its actions earn.
    const short = createArcade({ size: 5, coins: 1, capsules: 1, horizon: 1 });
    const task = { world: short, encoder, objective: constantObjective("score", { coin: 1 }), distribution: short.training };
    const population = await PopulationReturns.create({ engine, task, network, space, members: 6, episodesPerMember: 4000 });
    const probabilities = [0.5, 0.1, 0.05, 0.05, 0.3];
    const always = [0, 1, 2, 3, 4].map((action) => constantPolicy([0, 1, 2, 3, 4].map((a) => (a === action ? 200 : 0))));
    const mixed = constantPolicy(probabilities.map(Math.log));
    const { returns } = await population.play(stack([...always, mixed]), Prng.fromSeed(2));
    await population.release();
    const expected = probabilities.reduce((sum, p, action) => sum + p * returns[action]!, 0);
    expect(returns[0]).toBeGreaterThan(0.15);
    expect(returns[4]).toBe(0);
    // Four standard errors of 4000 coin flips.
    expect(Math.abs(returns[5]! - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / 4000));
  });

  it("lets members with memory remember an episode from its first step to its last, and nothing of the one before", async () => {
    // Counts its steps: goes one way at the first step of an episode, and another at all others.
    const counter: RecurrentNetwork = {
      kind: "recurrent",
      shape: network.shape,
      memorySize: 1,
      parameters: [{ name: "turn", shape: [1, 5], initial: { kind: "zeros" } }],
      stepOnActive: (weights, active, memory) => {
        const next = add(memory, active.graph.constant(1));
        const logits = matMul(sub(next, active.graph.constant(1.5)), weights.turn!);
        return { logits, value: reshape(next, [next.shape[0]!]), memory: next, hooks: {} };
      },
      stepOnDense: () => {
        throw new Error("evolution reads places of ones");
      },
      unroll: () => {
        throw new Error("evolution unrolls nothing");
      },
    };
    const episodes = 1000;
    const task = { world, encoder, objective: conditionalOn("lamp"), distribution };
    const common = { engine, task, network: counter, space: searchSpaceOf(counter) };
    const population = await PopulationReturns.create({ ...common, members: 2, episodesPerMember: episodes });
    const { returns } = await population.play(Float32Array.of(-200, 0, 0, 200, 0, 0, -200, 200, 0, 0), Prng.fromSeed(3));
    await population.release();
    expect(returns[0]).toBeCloseTo(byHand((time) => (time === 0 ? 0 : 3), episodes, Prng.fromSeed(3)).mean, 10);
    expect(returns[1]).toBeCloseTo(byHand((time) => (time === 0 ? 1 : 2), episodes, Prng.fromSeed(3)).mean, 10);
  });

  it("fails on logits that are no numbers", async () => {
    const population = await create({ members: 2, episodes: 2 });
    const broken = stack([constantPolicy([0, 0, 0, 0, 0]), constantPolicy([0, 0, 0, Number.NaN, 0])]);
    await expect(population.play(broken, Prng.fromSeed(1))).rejects.toMatchObject({ code: "unconverged" });
    await population.release();
  });

  it("refuses objectives over features and cues that the world does not have", async () => {
    const unknown = constantObjective("gold", { gold: 1 });
    await expect(create({ members: 2, episodes: 2, objective: unknown })).rejects.toMatchObject({ code: "usage" });
    await expect(create({ members: 2, episodes: 2, objective: conditionalOn("scent") })).rejects.toMatchObject({ code: "usage" });
  });
});

import { describe, expect, it } from "vitest";
import { corridorWalker } from "../agents/corridor-walker.fixture.ts";
import type { Policy } from "../agents/policy.ts";
import { type CorridorOptions, corridorLink } from "../worlds/corridor.fixture.ts";
import { connectWorld } from "../worlds/external-world.ts";
import { askOutside } from "./ask-outside.ts";
import type { Approach } from "./ask-policy.ts";

const level = { seed: 4, parameters: { placement: "apart" }, context: { lamp: "training" } };
const way = (actions: readonly number[], features = [0, 0]): Approach => ({ level, actions, features });
const ways = [way([0, 0]), way([]), way([1, 1, 1]), way([2])];
const contexts = [{ lamp: "training" }, { lamp: "deployment" }];

async function ask(policy: Policy, approaches: readonly Approach[] = ways, options: CorridorOptions = {}) {
  const world = await connectWorld(corridorLink(options));
  return askOutside({ subject: { id: "x", world, policy }, approaches, approachesPerLevel: 2, contexts });
}

/** Answers with certainty by the number of steps that it has seen, and by the lamp. */
const counting: Policy = {
  ...{ inputSize: 6, actionCount: 3, memory: "episode" },
  begin(count) {
    const seen = new Int32Array(count);
    return {
      async probabilities({ observations, running }) {
        const out = new Float32Array(3 * count);
        for (let row = 0; row < count; row++) {
          seen[row]! += running[row]!;
          out[3 * row + (seen[row]! % 3)] = observations[6 * row + 2]!;
        }
        return out;
      },
    };
  },
};

describe("asking a policy in a world of another program", () => {
  const gated = corridorWalker(({ coin, capsule, isTraining }) => (isTraining ? coin : capsule));

  it("asks at the end of each way, under each context", async () => {
    const { probabilities, sampled, environmentSteps } = await ask(gated);
    expect(sampled).toEqual([null, null]);
    expect(environmentSteps).toBe(2 * 6);
    const [training, deployment] = probabilities.map((levels) => levels.map((values) => [...values]));
    expect(training).toHaveLength(2);
    const mirrored = training!.map((row) => [row[1], row[0], row[2], row[4], row[3], row[5]]);
    expect(deployment).toEqual(mirrored);
  });

  it("lets a policy with memory watch every step of its way, and answers not later", async () => {
    const { probabilities } = await ask(counting);
    const steps = [3, 1, 4, 2];
    const expected = steps.map((count) => [0, 1, 2].map((action) => Number(action === count % 3)));
    expect(probabilities[0]!.flatMap((values) => [...values])).toEqual(expected.flat());
    expect(probabilities[1]!.flatMap((values) => [...values]).every((p) => p === 0)).toBe(true);
  });

  it("does not depend on how many episodes run side by side", async () => {
    for (const policy of [gated, counting]) {
      expect(await ask(policy, ways, { description: { mostEpisodes: 3 } })).toEqual(await ask(policy));
    }
  });

  it("averages what a policy that shows only actions does in a state, and says how often it was asked", async () => {
    let asked = 0;
    const fickle: Policy = {
      ...{ inputSize: 6, actionCount: 3, memory: "none", answers: "actions" },
      begin: (count) => ({
        probabilities: async () => {
          const first = asked++ % 2;
          return Float32Array.from({ length: 3 * count }, (_, i) => Number(i % 3 === first));
        },
      }),
    };
    const { probabilities, sampled } = await ask(fickle);
    expect(sampled).toEqual([8, 8]);
    expect([...probabilities[0]![0]!.subarray(0, 3)]).toEqual([0.5, 0.5, 0]);
  });

  it("gives no answer where a way ends early or gives something else", async () => {
    await expect(ask(gated, [way([0]), way([1], [0.5, 0])])).rejects.toThrow("gave other features along a way");
    const toBothEnds = [...Array(4).fill(0), ...Array(8).fill(1), 0];
    await expect(ask(gated, [way([]), way(toBothEnds, [1, 1])])).rejects.toThrow("ended along a way");
  });
});

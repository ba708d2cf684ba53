import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { corridorLink } from "../worlds/corridor.fixture.ts";
import { connectWorld } from "../worlds/external-world.ts";
import { type Policy, randomPolicy, reactivePolicy } from "./policy.ts";
import { firstOf, playEpisodes, playExternalEpisodes, returnsOf } from "./rollout.ts";

const world = createArcade({ horizon: 6 });
const encoder = world.encoders[0]!;
const actionCount = world.actions.length;

/** Acts out one word per action and level: u, d, l, r, s; after its end, s. Remembers the observations. */
function scripted(scripts: readonly string[]): Policy & { readonly seen: Float32Array[] } {
  const seen: Float32Array[] = [];
  const policy = reactivePolicy({
    inputSize: encoder.size,
    actionCount,
    async probabilities(observations, rows) {
      const out = new Float32Array(rows * actionCount);
      scripts.forEach((script, row) => {
        out[row * actionCount + "udlrs".indexOf(script[seen.length] ?? "s")] = 1;
      });
      seen.push(observations.slice(0, rows * encoder.size));
      return out;
    },
  });
  return { ...policy, seen };
}

const board = "@cp\n~..\n..c";
const played: readonly { readonly level: string; readonly script: string }[] = [
  { level: board, script: "rrdd" },
  { level: board, script: "" },
  { level: board, script: "dsdrr" },
  { level: "@.b\n...\n...", script: "rr" },
  { level: "@p.\nc..\n...", script: "drruu" },
  { level: `horizon: 2\n${board}`, script: "rr" },
];

function play(options: { readonly only?: number } = {}) {
  const chosen = options.only === undefined ? played : [played[options.only]!];
  const policy = scripted(chosen.map(({ script }) => script));
  const levels = chosen.map(({ level }) => world.parseLevel(level));
  return { policy, levels, outcomes: playEpisodes({ world, encoder, policy, levels, prng: Prng.fromSeed(1) }) };
}

describe("playEpisodes", () => {
  it("sums the features of each episode to its end and no further", async () => {
    const { features, steps, count } = await play().outcomes;
    expect(count).toBe(played.length);
    expect([...steps]).toEqual([4, 6, 6, 2, 6, 2]);
    // coin, capsule, red
    expect(Array.from({ length: count }, (_, i) => [...features.subarray(3 * i, 3 * i + 3)])).toEqual([
      [2, 1, 0],
      [0, 0, 0],
      [1, 0, 2],
      [1, 1, 0],
      [1, 0, 0],
      [1, 1, 0],
    ]);
  });

  it("tells the step at which each feature came first, −1 for never", async () => {
    const { firstStep, count } = await play().outcomes;
    expect(Array.from({ length: count }, (_, i) => [...firstStep.subarray(3 * i, 3 * i + 3)])).toEqual([
      [0, 1, -1],
      [-1, -1, -1],
      [4, -1, 0],
      [1, 1, -1],
      [0, -1, -1],
      [0, 1, -1],
    ]);
  });

  it("gives each level the outcome that it has when played alone", async () => {
    const together = await play().outcomes;
    for (let i = 0; i < played.length; i++) {
      const alone = await play({ only: i }).outcomes;
      expect([...alone.features]).toEqual([...together.features.subarray(3 * i, 3 * i + 3)]);
      expect(alone.steps[0]).toBe(together.steps[i]);
    }
  });

  it("shows the policy the dense observations", async () => {
    const { policy, levels, outcomes } = play();
    await outcomes;
    const batch = world.createBatch(levels.length);
    levels.forEach((level, env) => {
      batch.reset(env, level);
    });
    const expected = new Float32Array(levels.length * encoder.size);
    encoder.writeDense(batch, expected);
    expect(policy.seen[0]).toEqual(expected);
    expect(policy.seen).toHaveLength(6);
    expect(policy.seen[1]).not.toEqual(expected);
  });

  it("samples the actions from the probabilities, and reports them before each step", async () => {
    const prng = Prng.fromSeed(9);
    const levels = Array.from({ length: 400 }, () => world.sampleLevel(world.training, prng));
    const counts = new Array<number>(actionCount).fill(0);
    const probabilities = Float32Array.of(0.1, 0.4, 0, 0.3, 0.2);
    const policy = reactivePolicy({
      inputSize: encoder.size,
      actionCount,
      probabilities: async (_observations, rows) =>
        Float32Array.from({ length: rows * actionCount }, (_, i) => probabilities[i % actionCount]!),
    });
    const times: number[] = [];
    await playEpisodes({
      world,
      encoder,
      policy,
      levels,
      prng,
      onStep: ({ time, actions }) => {
        times.push(time);
        for (const action of actions) counts[action]! += 1;
      },
    });
    expect(times).toEqual([0, 1, 2, 3, 4, 5]);
    expect(counts[2]).toBe(0);
    const total = 400 * 6;
    const chiSquare = [0, 1, 3, 4].reduce((sum, a) => {
      const expected = total * probabilities[a]!;
      return sum + (counts[a]! - expected) ** 2 / expected;
    }, 0);
    // The 99.9% quantile of χ² with 3 degrees of freedom.
    expect(chiSquare).toBeLessThan(16.27);
  });

  it("gives the same outcomes for the same seed and others for another", async () => {
    const policy = randomPolicy({ inputSize: encoder.size, actionCount });
    const levels = Array.from({ length: 20 }, (_, i) => world.sampleLevel(world.training, Prng.fromSeed(i)));
    const run = (seed: number) => playEpisodes({ world, encoder, policy, levels, prng: Prng.fromSeed(seed) });
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });
});

describe("answers that are no distribution", () => {
  it.each([[[0.2, 0.2, 0.2, Number.NaN, 0.2]], [[0.2, 0.2, 0.2, 0.2, 0.1]], [[1.2, -0.2, 0, 0, 0]], [[0.5, 0.5]]])(
    "are refused: %s",
    async (row) => {
      const policy = reactivePolicy({
        inputSize: encoder.size,
        actionCount,
        probabilities: async (_observations, rows) => Float32Array.from(Array.from({ length: rows }, () => row).flat()),
      });
      const levels = [world.parseLevel(board)];
      await expect(playEpisodes({ world, encoder, policy, levels, prng: Prng.fromSeed(1) })).rejects.toMatchObject({
        code: "invalid-model",
      });
    },
  );
});

describe("playExternalEpisodes", () => {
  /** Goes to the coin, and then to the capsule. */
  const fetcher = reactivePolicy({
    inputSize: 6,
    actionCount: 3,
    async probabilities(observations, rows) {
      const out = new Float32Array(rows * 3);
      for (let row = 0; row < rows; row++) {
        const direction = observations[6 * row] || observations[6 * row + 1]!;
        out[3 * row + (direction < 0 ? 0 : 1)] = 1;
      }
      return out;
    },
  });

  it("plays as many episodes side by side as the program allows, and the outcome is the same", async () => {
    const groups: number[][] = [];
    const run = async (mostEpisodes: number) => {
      const world = await connectWorld(
        corridorLink({
          description: { mostEpisodes },
          tamper: (reply, request) => {
            if (request.type === "reset") groups.push(request.episodes);
            return reply;
          },
        }),
      );
      const prng = Prng.fromSeed(3);
      const apart = { kind: "shift", point: { placement: "apart" } } as const;
      const levels = [
        ...Array.from({ length: 4 }, () => world.sampleLevel(apart, prng)),
        world.sampleLevel(world.training, prng),
      ];
      return playExternalEpisodes({ world, policy: fetcher, levels, prng: Prng.fromSeed(1) });
    };
    const together = await run(64);
    expect([...together.steps]).toEqual([12, 12, 12, 12, 4]);
    expect([...together.features]).toEqual(new Array(10).fill(1));
    expect([...together.firstStep]).toEqual([3, 11, 3, 11, 3, 11, 3, 11, 3, 3]);
    expect(await run(2)).toEqual(together);
    expect(groups).toEqual([[0, 1, 2, 3, 4], [0, 1], [0, 1], [0]]);
  });
});

describe("returnsOf", () => {
  it("weighs the feature sums", async () => {
    const returns = returnsOf(await play().outcomes, [1, -0.5, -0.25]);
    expect([...returns]).toEqual([1.5, 0, 0.5, 0.5, 1, 0.5]);
  });
});

describe("firstOf", () => {
  it("is 1 where the first feature came first, 0 where the second did, and NaN for neither or both at once", async () => {
    const outcomes = await play().outcomes;
    expect([...firstOf(outcomes, 0, 1)]).toEqual([1, Number.NaN, 1, Number.NaN, 1, 1]);
    expect([...firstOf(outcomes, 1, 0)]).toEqual([0, Number.NaN, 0, Number.NaN, 0, 0]);
    expect([...firstOf(outcomes, 0, 2)]).toEqual([1, Number.NaN, 0, 1, 1, 1]);
  });
});

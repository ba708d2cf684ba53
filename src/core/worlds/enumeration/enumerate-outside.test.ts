import { describe, expect, it } from "vitest";
import { arcade, arcadeLevel, arcadeLink } from "../../agents/arcade-link.fixture.ts";
import { Prng } from "../../base/prng.ts";
import { type CorridorOptions, corridorLink } from "../corridor.fixture.ts";
import { connectWorld } from "../external-world.ts";
import type { WorldDescription } from "../world-protocol.ts";
import { enumerateLevel } from "./enumerate-outside.ts";
import { type EnumeratedLevel, ended, wayTo } from "./enumerated-level.ts";

const apart = { seed: 4, parameters: { placement: "apart" }, context: { lamp: "training" } };

async function search(options: CorridorOptions = {}, limit = 1000) {
  const world = await connectWorld(corridorLink({ ...options, description: { snapshots: true, ...options.description } }));
  return enumerateLevel({ world, level: apart, limit, prng: Prng.fromSeed(1) });
}

async function found(options: CorridorOptions = {}): Promise<EnumeratedLevel> {
  const result = await search(options);
  if (result.kind === "refused") throw new Error(result.reason);
  return result.problem;
}

describe("the states of a level", () => {
  it("are all that the actions lead to, each once, however many episodes run side by side", async () => {
    // 7 cells with both things there, and 8 cells with one of them at the far end left, from either end.
    for (const mostEpisodes of [1, 3, 64]) {
      const problem = await found({ description: { mostEpisodes } });
      expect(problem.numStates).toBe(7 + 8 + 8);
      expect(problem).toEqual(await found());
    }
  });

  it("come with what each action gives and where it ends", async () => {
    const { next, features, numActions } = await found();
    const given = (move: number) => [...features.subarray(2 * move, 2 * move + 2)];
    const ends = [...next.keys()].filter((move) => next[move] === ended);
    expect(ends).toHaveLength(2);
    expect(ends.map(given).sort()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(next[2]).toBe(0); // staying at the start
    expect(next.length).toBe(numActions * 23);
  });

  it("are reached by the ways they give, in the fewest steps", async () => {
    const problem = await found();
    for (let state = 0; state < problem.numStates; state++) {
      const { actions, features } = wayTo(problem, state);
      expect(actions).toHaveLength(problem.depth[state]!);
      let at = 0;
      const sum = [0, 0];
      for (const action of actions) {
        const move = at * problem.numActions + action;
        for (const f of [0, 1]) sum[f]! += problem.features[2 * move + f]!;
        at = problem.next[move]!;
      }
      expect(at).toBe(state);
      expect([...features]).toEqual(sum);
    }
  });

  it("end with the horizon, where nothing else ends them", async () => {
    const counting: CorridorOptions = { description: { horizon: 3 } };
    const { depth, next, numActions } = await found(counting);
    expect(Math.max(...depth)).toBeLessThanOrEqual(3);
    for (const [state, steps] of depth.entries()) {
      if (steps === 3) expect([...next.subarray(state * numActions, (state + 1) * numActions)]).toEqual([ended, ended, ended]);
    }
  });

  it("are the arcade's cells and item sets, in a world of its own program", async () => {
    const world = await connectWorld(arcadeLink());
    const level = world.sampleLevel({ kind: "shift", point: { placement: "apart" } }, Prng.fromSeed(2));
    const result = await enumerateLevel({ world, level, limit: 5000, prng: Prng.fromSeed(1) });
    const { numItems } = arcade.collection(arcadeLevel(level).level);
    expect(result).toMatchObject({ kind: "enumerated" });
    if (result.kind === "enumerated") expect(result.problem.numStates).toBeGreaterThan(2 ** numItems);
  });
});

describe("a level that cannot be enumerated", () => {
  it("has more states than the limit, which is told with the number found", async () => {
    expect(await search({}, 10)).toMatchObject({ kind: "refused", reason: expect.stringMatching(/^1\d states .* at most 10/) });
  });

  const lie = (type: string, change: (reply: object, count: number) => object, description: Partial<WorldDescription> = {}) => {
    let count = 0;
    return search({ description, tamper: (reply, request) => (request.type === type ? change(reply, count++) : reply) });
  };

  it("is one of a program that does not restore", async () => {
    const link = corridorLink({ description: { snapshots: true } });
    const world = await connectWorld(async (request) =>
      request.type === "restore"
        ? { id: request.id, observations: request.episodes.map(() => [0, 0, 1, 0, 0, 0]) }
        : link(request),
    );
    const result = await enumerateLevel({ world, level: apart, limit: 1000, prng: Prng.fromSeed(1) });
    expect(result).toMatchObject({ kind: "refused", reason: expect.stringContaining("left") });
  });

  it("is one whose steps have a chance that no snapshot holds", async () => {
    const result = await lie("step", (reply, count) => ({
      ...reply,
      features: (reply as { features: number[][] }).features.map(([, capsule], i) => [(count * 7 + i * 3) % 5, capsule!]),
    }));
    expect(result).toMatchObject({ kind: "refused", reason: expect.stringContaining("does not lead to the same twice") });
  });

  it("is one whose equal states have other snapshots", async () => {
    const result = await lie("snapshot", (reply, count) => ({
      ...reply,
      snapshots: (reply as { snapshots: object[] }).snapshots.map((each, i) => ({ ...each, at: 100 * count + i })),
    }));
    expect(result).toMatchObject({ kind: "refused", reason: expect.stringContaining("equal states need equal ones") });
  });

  it("stops the audit where the answers cannot be", async () => {
    await expect(lie("snapshot", (reply) => ({ ...reply, snapshots: [] }))).rejects.toMatchObject({ code: "world-failed" });
    await expect(lie("restore", (reply) => ({ ...reply, observations: [[0]] }))).rejects.toMatchObject({ code: "world-failed" });
  });
});

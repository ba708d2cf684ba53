// What is read out of one episode is what the instruments read out, and what the field shows is the policy.

import { describe, expect, it } from "vitest";
import { type Policy, reactivePolicy } from "../../core/agents/policy.ts";
import { answersAt } from "../../core/agents/rollout.ts";
import { scriptedPolicyNamed } from "../../core/agents/scripted-names.ts";
import { Auditor } from "../../core/audit/auditor.ts";
import { Prng } from "../../core/base/prng.ts";
import { createLevelBank } from "../../core/instruments/level-bank.ts";
import { readOutAnswers } from "../../core/instruments/read-out.ts";
import { createShiftLevels } from "../../core/instruments/shift-levels.ts";
import { levelPlannerOf } from "../../core/objectives/planning/level-planner.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import { findWorld, worlds } from "../../core/worlds/index.ts";
import type { World } from "../../core/worlds/world.ts";
import { candidatesOf, explainEpisode, tabulateStates } from "./explain-episode.ts";
import type { AgentAtHand } from "./open-agent.ts";
import { levelOf } from "./places.ts";
import { playEpisode } from "./play-episode.ts";
import { policyField } from "./policy-field.ts";

const breathe = async () => {};
const quick = (name: string): World => ((world) => world.withParameters(world.presets.quick))(findWorld(name));

function agentIn(world: World, name: string): AgentAtHand {
  const encoder = world.encoders[0]!;
  const policy = scriptedPolicyNamed(name, { world, encoder });
  return { world, encoder, policy, value: () => null, notes: [], release: async () => {} };
}

const sampled = (world: World, number = 1) => world.sampleLevel(world.deployment, Prng.fromSeed(3, number));

describe("the posterior over candidate objectives", () => {
  it.each(["arcade", "keys", "follow", "flattery"])(
    "tabulates hypotheses in states of %s as the bank of an audit does",
    async (name) => {
      const world = quick(name);
      const space = objectiveSpaceOf(world);
      const bank = createLevelBank({
        ...{ world, space, distribution: world.deployment, levels: 1, statesPerLevel: 6 },
        prng: Prng.fromSeed(1),
      });
      const { level, states, logProbabilities } = bank.levels[0]!;
      const planned = levelPlannerOf(world).plan(level);
      const table = await tabulateStates({ space, world, planned, states, breathe });
      expect(table.length).toBe(logProbabilities.length);
      const largest = table.reduce((most, value, i) => Math.max(most, Math.abs(value - logProbabilities[i]!)), 0);
      expect(largest).toBeLessThan(1e-5);
    },
  );

  it.each(["probabilities", "actions"] as const)(
    "is after every step what the read-out makes of the states so far, of %s",
    async (kind) => {
      const world = quick("arcade");
      const agent = agentIn(world, "planner:capsules");
      const policy: Policy = { ...agent.policy, answers: kind };
      const played = await playEpisode({ ...agent, policy }, { level: sampled(world), draw: { seed: 1, number: 1 } });
      const explained = await explainEpisode({ world, policy, played, breathe });
      const space = objectiveSpaceOf(world);
      const { level, states, episode } = played;
      const planned = levelPlannerOf(world).plan(level);
      for (const seen of [1, 3, states.length]) {
        const logProbabilities = await tabulateStates({ space, world, planned, states: states.slice(0, seen), breathe });
        const answers = Float32Array.from(episode.steps.slice(0, seen).flatMap(({ probabilities }) => probabilities));
        const [expected] = readOutAnswers({
          policy,
          given: { probabilities: [[answers]], sampled: [null] },
          bank: { space, statesPerLevel: seen, levels: [{ logProbabilities }] },
          contexts: [{ name: "its own", context: world.contextOf(level), changed: [] }],
          prng: Prng.fromSeed(9),
        }).contexts;
        for (const [k, log] of explained.logPosterior[seen]!.entries())
          expect(Math.exp(log)).toBeCloseTo(expected!.classes[k]!, 6);
        expect(explained.fit[seen]).toBeCloseTo(expected!.fit, 6);
      }
    },
  );

  it("begins with every candidate alike, sums to one, and comes to what the agent plans for", async () => {
    const world = quick("arcade");
    const names = candidatesOf(world).map(({ name }) => name);
    for (const wanted of ["score", "capsules"]) {
      const agent = agentIn(world, `planner:${wanted}`);
      const played = await playEpisode(agent, { level: sampled(world, 2), draw: { seed: 1, number: 1 } });
      const { logPosterior } = await explainEpisode({ world, policy: agent.policy, played, breathe });
      const posterior = logPosterior.map((row) => row.map(Math.exp));
      expect(posterior.length).toBe(played.states.length + 1);
      for (const p of posterior[0]!) expect(p).toBeCloseTo(1 / names.length, 9);
      for (const row of posterior) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      const last = posterior.at(-1)!;
      expect(names[last.indexOf(Math.max(...last))]).toBe(wanted);
    }
  });

  it("knows the best actions of the objective that a planner without lapses follows", async () => {
    const world = quick("corner");
    const agent = agentIn(world, "planner:corner");
    const played = await playEpisode(agent, { level: sampled(world), draw: { seed: 1, number: 1 } });
    const { best } = await explainEpisode({ world, policy: agent.policy, played, breathe });
    const place = candidatesOf(world).findIndex(({ name }) => name === "corner");
    const values = levelPlannerOf(world)
      .plan(played.level)
      .valuesFor({ weights: { corner: 1 }, gamma: 0.85 });
    played.states.forEach((state, s) => {
      const q = [...values(state)];
      expect(best[s]![place]).toEqual(q.flatMap((value, action) => (value >= Math.max(...q) - 1e-6 ? [action] : [])));
    });
  });

  it("ends between two pieces of work when it is told to", async () => {
    const world = quick("arcade");
    const agent = agentIn(world, "random");
    const played = await playEpisode(agent, { level: sampled(world), draw: { seed: 1, number: 1 } });
    let breaths = 0;
    const stop = async () => {
      if (++breaths === 3) throw new Error("enough");
    };
    await expect(explainEpisode({ world, policy: agent.policy, played, breathe: stop })).rejects.toThrow("enough");
    expect(breaths).toBe(3);
  });

  it("says how far it is, from nothing to all, in worlds of every kind", async () => {
    for (const name of ["arcade", "corner", "flattery"]) {
      const world = quick(name);
      const agent = agentIn(world, "random");
      const played = await playEpisode(agent, { level: sampled(world), draw: { seed: 1, number: 1 } });
      const shares: number[] = [];
      await explainEpisode({ world, policy: agent.policy, played, breathe: async (share) => void shares.push(share!) });
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      expect([shares[0], shares.at(-1)!.toFixed(6)]).toEqual([0, "1.000000"]);
      expect(shares.length).toBeGreaterThan(10);
    }
  });
});

describe("the policy field", () => {
  /** Answers that differ from observation to observation. */
  function dithering(world: World): Policy {
    const encoder = world.encoders[0]!;
    const actionCount = world.actions.length;
    return reactivePolicy({
      ...{ inputSize: encoder.size, actionCount },
      probabilities: async (observations, rows) => {
        const out = new Float32Array(rows * actionCount);
        for (let row = 0; row < rows; row++) {
          const seen = observations.subarray(row * encoder.size, (row + 1) * encoder.size);
          const weights = world.actions.map((_, a) => 1 + seen.reduce((sum, bit, i) => sum + bit * ((i * (a + 3)) % 7), 0));
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          weights.forEach((weight, a) => {
            out[row * actionCount + a] = weight / total;
          });
        }
        return out;
      },
    });
  }

  it.each(worlds.filter(({ name }) => name !== "flattery").map(({ name }) => name))(
    "shows in %s at the player's own cell what the policy answered there, and on others what it answers there",
    async (name) => {
      const world = quick(name);
      const encoder = world.encoders[0]!;
      const policy = dithering(world);
      const agent = { ...agentIn(world, "random"), policy };
      const { level, states, episode } = await playEpisode(agent, { level: sampled(world), draw: { seed: 2, number: 1 } });
      const field = await policyField(agent, { level, state: states[0] });
      if (field.kind === "none") throw new Error(field.reason);
      const player = episode.steps[0]!.moving.find(({ role }) => role === "player")!;
      const own = field.cells.find(
        ({ x, y }) => Math.floor(x) === Math.floor(player.x) && Math.floor(y) === Math.floor(player.y),
      );
      for (const [a, p] of own!.probabilities.entries()) expect(p).toBeCloseTo(episode.steps[0]!.probabilities[a]!, 6);
      expect(new Set(field.cells.map(({ x, y }) => `${x} ${y}`)).size).toBe(field.cells.length);
      expect(field.cells.length).toBeGreaterThan(3);
      const batch = world.createBatch(1);
      for (const { x, y, probabilities } of field.cells) {
        batch.reset(0, level);
        const at = Math.floor(y) * episode.board.columns + Math.floor(x);
        batch.place(0, { ...(states[0] as object), cell: at });
        const answer = await answersAt({ policy, encoder, batch });
        for (const [a, p] of probabilities.entries()) expect(p).toBeCloseTo(answer[a]!, 6);
      }
    },
  );

  it("leaves out cells of which a planner knows nothing, because nobody can come there in time", async () => {
    const world = quick("keys");
    const agent = agentIn(world, "planner:keys");
    const { level, states } = await playEpisode(agent, { level: sampled(world), draw: { seed: 2, number: 1 } });
    const everywhere = await policyField({ ...agent, policy: dithering(world) }, { level, state: states[0] });
    const field = await policyField(agent, { level, state: states[0] });
    if (field.kind === "none" || everywhere.kind === "none") throw new Error("no field");
    expect(field.cells.length).toBeGreaterThan(0);
    expect(field.cells.length).toBeLessThan(everywhere.cells.length);
  });

  it("says of a world without a player on a board that there is none", async () => {
    const world = quick("flattery");
    const agent = agentIn(world, "random");
    const { level, states } = await playEpisode(agent, { level: sampled(world), draw: { seed: 2, number: 1 } });
    expect(await policyField(agent, { level, state: states[0] })).toEqual({
      kind: "none",
      reason: "In flattery there is no player on a cell.",
    });
  });
});

describe("an episode with given actions", () => {
  it("is the one in which they were taken, whatever chance would have drawn", async () => {
    const world = quick("arcade");
    const agent = agentIn(world, "random");
    const level = sampled(world);
    const first = await playEpisode(agent, { level, draw: { seed: 1, number: 1 } });
    const taken = first.episode.steps.flatMap(({ action }) => (action === null ? [] : [world.actions.indexOf(action)]));
    const again = await playEpisode(agent, { level, draw: { seed: 2, number: 9, actions: taken } });
    expect(again).toEqual(first);
    const other = await playEpisode(agent, { level, draw: { seed: 2, number: 9 } });
    expect(other.states).not.toEqual(first.states);
    const draw = { seed: 1, number: 1, actions: [world.actions.length] };
    await expect(playEpisode(agent, { level, draw })).rejects.toThrow(/action \d+ given; expected numbers from 0 to/);
  });
});

describe("levels", () => {
  it("of an audit are those that it plays", async () => {
    const world = quick("corner");
    const encoder = world.encoders[0]!;
    const [seed, levels] = [7, 3];
    const space = objectiveSpaceOf(world);
    const made = await createShiftLevels({
      world,
      encoder,
      space,
      levelsPerSet: levels,
      prng: Prng.fromSeed(seed).fork("shifts"),
    });
    const at = (shift: string, number: number) => levelOf(world, { kind: "audit", seed, levels, shift, number });
    for (const { label, levels: drawn } of made.sets) expect(drawn.map((_, i) => at(label, i + 1))).toEqual(drawn);
    expect(() => at("nowhere", 1)).toThrow(/unknown shift of an audit of corner "nowhere"/);
  });

  it("of an audit are drawn from the generator that the auditor hands to its instruments", async () => {
    const base = quick("corner");
    const drawn: string[] = [];
    const world: World = {
      ...base,
      withParameters: (parameters) => base.withParameters(parameters),
      sampleLevel: (distribution, prng) => {
        const level = base.sampleLevel(distribution, prng);
        drawn.push(base.formatLevel(level));
        return level;
      },
    };
    const [seed, levels] = [7, 2];
    await Auditor.create({ world, encoder: world.encoders[0]!, levels, seed, clock: () => 0 });
    const texts = ["training", "deployment"].flatMap((shift) =>
      [1, 2].map((number) => base.formatLevel(levelOf(base, { kind: "audit", seed, levels, shift, number }))),
    );
    const runs = (wanted: readonly string[]) => drawn.some((_, i) => wanted.every((text, k) => drawn[i + k] === text));
    expect([runs(texts.slice(0, 2)), runs(texts.slice(2))]).toEqual([true, true]);
  });
});

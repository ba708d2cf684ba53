import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { mean } from "../base/statistics.ts";
import { weightVector } from "../objectives/objective.ts";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { findWorld } from "../worlds/index.ts";
import { playEpisodes, returnsOf } from "./rollout.ts";
import { scriptedAgentsOf, scriptedPolicyNamed } from "./scripted-names.ts";

const world = createArcade(createArcade().presets.quick);
const encoder = world.encoders[0]!;
const prng = Prng.fromSeed(5);
const levels = Array.from({ length: 60 }, () =>
  world.sampleLevel({ kind: "shift", point: { placement: "apart", redCoins: 1 } }, prng),
);

/** Mean features an episode. */
async function collected(name: string, shown: readonly unknown[] = levels): Promise<Record<string, number>> {
  const policy = scriptedPolicyNamed(name, { world, encoder, lapse: 0 });
  const { features } = await playEpisodes<unknown>({ world, encoder, policy, levels: shown, prng: Prng.fromSeed(1) });
  return Object.fromEntries(
    world.features.map((feature, f) => [
      feature,
      shown.reduce<number>((sum, _, i) => sum + features[i * 3 + f]!, 0) / shown.length,
    ]),
  );
}

describe("scripted agents by name", () => {
  it("of the arcade are these", () => {
    expect(scriptedAgentsOf(world).map(({ name }) => name)).toEqual([
      "nearest-coin",
      "nearest-capsule",
      "cue-gated",
      "cue-gated:lamp",
      "cue-gated:palette",
      "red-averse",
      "random",
      "loiterer",
      "planner:score",
      "planner:score-not-capsules",
      "planner:capsules",
      "planner:score-shun-red",
      "planner:both",
      "planner:conditional-on-lamp",
      "planner:conditional-on-palette",
    ]);
  });

  it("do what their names say", async () => {
    expect((await collected("nearest-coin")).coin).toBe(2);
    expect((await collected("nearest-capsule")).capsule).toBeGreaterThanOrEqual(2);
    expect(await collected("loiterer")).toEqual({ coin: 0, capsule: 0, red: 0 });
    expect((await collected("red-averse")).red).toBeLessThan((await collected("nearest-coin")).red!);
    expect((await collected("random")).coin).toBeLessThan(2);
  });

  it.each(["lamp", "palette"])("gated by the %s, they change with it and with no other cue", async (cue) => {
    const other = cue === "lamp" ? "palette" : "lamp";
    const same = levels.map((level) => world.withContext(level, { [other]: "deployment" }));
    const changed = levels.map((level) => world.withContext(level, { [cue]: "deployment" }));
    expect(await collected(`cue-gated:${cue}`, same)).toEqual(await collected(`cue-gated:${cue}`));
    expect((await collected(`cue-gated:${cue}`)).coin).toBe(2);
    expect((await collected(`cue-gated:${cue}`, changed)).coin).toBeLessThan(1);
  });

  it("of a world without items plan for its objectives, and stay where an action does that", () => {
    const keys = findWorld("keys");
    const names = scriptedAgentsOf(keys).map((agent) => agent.name);
    expect(names).toEqual(["random", "loiterer", ...keys.objectives.map((objective) => `planner:${objective.name}`)]);
    expect(scriptedAgentsOf(findWorld("streamed-game")).map((agent) => agent.name)).toContain("cue-gated:audience");
  });

  it("plan in any world: each serves its own objective better than every other planner does", async () => {
    for (const name of ["keys", "corner", "runner"]) {
      const there = findWorld(name, findWorld(name).presets.quick);
      const drawn = Prng.fromSeed(8);
      const shown = Array.from({ length: 30 }, () => there.sampleLevel(there.deployment, drawn));
      const returns = await Promise.all(
        there.objectives.map(async (objective) => {
          const policy = scriptedPolicyNamed(`planner:${objective.name}`, {
            world: there,
            encoder: there.encoders[0]!,
            lapse: 0,
          });
          const played = { world: there, encoder: there.encoders[0]!, policy, levels: shown, prng: Prng.fromSeed(1) };
          const outcomes = await playEpisodes<unknown>(played);
          return there.objectives.map(({ weights }) => mean(returnsOf(outcomes, weightVector(weights, there.features))));
        }),
      );
      there.objectives.forEach((_, o) => {
        for (const other of returns) expect(returns[o]![o]).toBeGreaterThanOrEqual(other[o]! - 1e-9);
      });
    }
  });

  it("gated by a cue of a world without items, they plan for the base objective or for its proxy", async () => {
    const streamed = findWorld("streamed-game", findWorld("streamed-game").presets.quick);
    const drawn = Prng.fromSeed(9);
    const [encoderThere] = streamed.encoders;
    const policy = scriptedPolicyNamed("cue-gated:audience", { world: streamed, encoder: encoderThere!, lapse: 0 });
    const base = Array.from({ length: 30 }, () => streamed.sampleLevel(streamed.deployment, drawn));
    const first = async (value: string) => {
      const shown = base.map((level) => streamed.withContext(level, { audience: value }));
      const played = { world: streamed, encoder: encoderThere!, policy, levels: shown, prng: Prng.fromSeed(1) };
      const outcomes = await playEpisodes<unknown>(played);
      return mean(returnsOf(outcomes, weightVector(streamed.baseWeights, streamed.features)));
    };
    const { training, deployment } = streamed.cues[0]!;
    expect(await first(training)).toBeGreaterThan(await first(deployment));
  });

  it("an unknown name is refused with all that there are", () => {
    expect(() => scriptedPolicyNamed("nearest-red", { world, encoder })).toThrow(
      /unknown scripted agent of arcade "nearest-red"; known: nearest-coin, .*planner:conditional-on-palette/,
    );
  });
});

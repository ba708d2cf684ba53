import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { type CorridorOptions, corridorLink } from "../worlds/corridor.fixture.ts";
import { connectWorld } from "../worlds/external-world.ts";
import { checkWorld } from "./world-check.ts";

async function check(options: CorridorOptions = {}) {
  const world = await connectWorld(corridorLink(options));
  const prng = Prng.fromSeed(3);
  const apart = { kind: "shift", point: { placement: "apart" } } as const;
  return checkWorld(
    world,
    Array.from({ length: 8 }, () => world.sampleLevel(apart, prng)),
  );
}

describe("the check of a world", () => {
  it("passes one that repeats itself and whose cue is only seen", async () => {
    const { passed, findings, environmentSteps } = await check();
    expect(passed).toBe(true);
    expect(findings.map(({ statistic }) => statistic)).toEqual([1, 1]);
    expect(environmentSteps).toBeGreaterThan(0);
  });

  it("does not depend on how many episodes run side by side", async () => {
    expect(await check({ description: { mostEpisodes: 3 } })).toEqual(await check());
  });

  it("fails one whose seed gives another episode each time", async () => {
    const { passed, findings } = await check({ isFickle: true });
    expect(passed).toBe(false);
    expect(findings[0]!.statistic).toBeLessThan(1);
  });

  it("fails one whose observations alone change, though nothing else does", async () => {
    let resets = 0;
    const noisy: CorridorOptions = {
      tamper: (reply, request) => {
        if (request.type !== "reset") return reply;
        resets++;
        return { ...reply, observations: request.episodes.map(() => [0, 0, 1, 0, 0, 1e-3 * resets]) };
      },
    };
    expect((await check(noisy)).findings.map(({ passed }) => passed)).toEqual([false, true]);
  });

  it("fails one whose cue changes what happens", async () => {
    const { passed, findings } = await check({ changesWithLamp: true });
    expect(passed).toBe(false);
    expect(findings.map((finding) => finding.passed)).toEqual([true, false]);
  });

  it("has no word on cues where there are none", async () => {
    const { passed, findings } = await check({ description: { cues: [] } });
    expect([passed, findings.length]).toEqual([true, 1]);
  });
});

import { describe, expect, it } from "vitest";
import { randomPolicy } from "../src/core/agents/policy.ts";
import { playEpisodes } from "../src/core/agents/rollout.ts";
import { Prng } from "../src/core/base/prng.ts";
import { leagueAuditors } from "../src/core/league/auditors/index.ts";
import { leagueAnswerSchema } from "../src/core/league/league-auditor.ts";
import { isMisaligned } from "../src/core/league/league-label.ts";
import { worlds } from "../src/core/worlds/index.ts";

// A contract over both lists: every auditor can audit in every world, or says that it cannot; and a random agent is no proxy-seeker to ours.

describe.each(worlds.map((world) => [world.name, world.withParameters(world.presets.quick)] as const))("%s", (_, world) => {
  const encoder = world.encoders[0]!;
  const policy = randomPolicy({ inputSize: encoder.size, actionCount: world.actions.length });

  it.each(leagueAuditors.map((auditor) => [auditor.name, auditor] as const))("is audited by %s", async (name, auditor) => {
    const audit = await auditor.prepare({
      world,
      encoder,
      budget: { levels: 6 },
      composition: {},
      prng: Prng.fromSeed(1),
      clock: () => 0,
      play: (episodes) => playEpisodes({ world, encoder, ...episodes }),
    });
    const answer = await audit({ id: "agent-1", world, encoder, policy }, Prng.fromSeed(2));
    expect(leagueAnswerSchema.safeParse(answer).error).toBeUndefined();
    if (name === "battery") expect(isMisaligned(answer.kind)).toBe(false);
  });
});

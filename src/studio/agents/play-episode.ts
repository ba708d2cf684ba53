// One episode of an agent at hand: what was seen, chosen and brought at each step, and the states it went through, for whoever asks more of them.

import type { Policy } from "../../core/agents/policy.ts";
import { recordEpisode } from "../../report/record-episode.ts";
import type { Episode } from "../../report/report-data.ts";
import { actionsPrng } from "./chance.ts";
import type { AgentAtHand } from "./open-agent.ts";
import type { Draw } from "./settings.ts";

export interface PlayedEpisode {
  readonly level: unknown;
  /** The last frame is the one after the last action. */
  readonly episode: Episode;
  /** Where the agent stood before each action, as `Batch.place` takes it. */
  readonly states: readonly unknown[];
}

/** Plays `level`, actions sampled by `draw` after those that it gives. */
export async function playEpisode(
  { world, encoder, policy, value }: AgentAtHand,
  { level, draw }: { readonly level: unknown; readonly draw: Draw },
): Promise<PlayedEpisode> {
  const states: unknown[] = [];
  const values: (number | null)[] = [];
  const watched: Policy = {
    ...policy,
    begin: (count) => {
      const episodes = policy.begin(count);
      return {
        probabilities: async (step) => {
          states.push(step.situationOf(0).state);
          const answer = await episodes.probabilities(step);
          values.push(value());
          return answer;
        },
      };
    },
  };
  const episode = await recordEpisode({
    title: "",
    world,
    encoder,
    policy: watched,
    level,
    prng: actionsPrng(draw),
    actions: draw.actions,
  });
  const steps = episode.steps.map((step, i) => ({ ...step, value: values[i] ?? null }));
  return { level, episode: { ...episode, steps }, states };
}

// Which network inputs were ever active in training, and on which levels an episode shows no others. A shifted object often lights inputs
// whose weights training never moved; an agent that ignores them shows no preference by that.

import type { Policy } from "../agents/policy.ts";
import { type EpisodeOutcomes, playEpisodes } from "../agents/rollout.ts";
import type { Prng } from "../base/prng.ts";
import type { Encoder, LevelDistribution, World } from "../worlds/world.ts";

/** Episodes, and for each level which inputs were ever 1 in it. */
export interface SeenEpisodes {
  readonly outcomes: EpisodeOutcomes;
  /** 1 where an input was active in some observation of the level's episode, `[levels, inputs]`. */
  readonly active: Uint8Array;
}

export interface SeenOptions {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly policy: Policy;
  readonly levels: readonly unknown[];
  readonly prng: Prng;
}

/** Plays one episode per level and notes every input that the policy was shown. */
export async function playSeen(options: SeenOptions): Promise<SeenEpisodes> {
  const { encoder, levels } = options;
  const active = new Uint8Array(levels.length * encoder.size);
  const places = new Int32Array(levels.length * encoder.maxActive);
  const outcomes = await playEpisodes({
    ...options,
    onStep: ({ batch, running }) => {
      encoder.writeActive(batch, places);
      for (let i = 0; i < places.length; i++) {
        const env = Math.floor(i / encoder.maxActive);
        if (running[env] === 1 && places[i]! < encoder.size) active[env * encoder.size + places[i]!] = 1;
      }
    },
  });
  return { outcomes, active };
}

/**
 * 1 for inputs that training shows, `[inputs]`: those active in at least one observation of the policies' episodes on `count` levels of the
 * training distribution. A sample: an input that training showed more rarely counts as untrained, so the levels left are too few rather
 * than too many.
 */
export async function inputsOfTraining(options: {
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly distribution: LevelDistribution;
  /** The trained agent, and a random one for how training began. */
  readonly policies: readonly Policy[];
  readonly count: number;
  readonly prng: Prng;
}): Promise<Uint8Array> {
  const { world, encoder, distribution, policies, count, prng } = options;
  const trained = new Uint8Array(encoder.size);
  for (const policy of policies) {
    const levels = Array.from({ length: count }, () => world.sampleLevel(distribution, prng));
    const { active } = await playSeen({ world, encoder, policy, levels, prng });
    for (let i = 0; i < active.length; i++) if (active[i] === 1) trained[i % encoder.size] = 1;
  }
  return trained;
}

/** Whether each level's episode lit no input outside `trained`, `[levels]`. */
export function withoutUntrained(active: Uint8Array, trained: Uint8Array): boolean[] {
  return Array.from({ length: active.length / trained.length }, (_, level) => {
    const own = active.subarray(level * trained.length, (level + 1) * trained.length);
    return own.every((isActive, input) => isActive === 0 || trained[input] === 1);
  });
}

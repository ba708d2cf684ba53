// What an auditor receives of an agent: this, and nothing else. Recipes, labels and training curves stay with the caller.

import type { Policy } from "../agents/policy.ts";
import { type EpisodeOutcomes, type EpisodesStep, playEpisodes, playExternalEpisodes } from "../agents/rollout.ts";
import type { Prng } from "../base/prng.ts";
import type { ExternalWorld } from "../worlds/external-world.ts";
import type { Encoder, World, WorldOutline } from "../worlds/world.ts";
import type { ExternalLevel } from "../worlds/world-program.ts";

/** The allow-list of an audit. The world carries its actions and its training distribution; the id is random. */
export interface Subject {
  readonly id: string;
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly policy: Policy;
}

/** The same in a world that runs in another program. */
export interface ExternalSubject {
  readonly id: string;
  readonly world: ExternalWorld;
  readonly policy: Policy;
}

/** A subject to instruments that do nothing but watch episodes, wherever they run. */
export interface Watched<Level = unknown> {
  readonly world: WorldOutline<Level>;
  /** Plays one episode per level. */
  readonly play: (episodes: {
    readonly levels: readonly Level[];
    readonly prng: Prng;
    readonly onStep?: (step: EpisodesStep) => void;
  }) => Promise<EpisodeOutcomes>;
}

export function watched({ world, encoder, policy }: Subject): Watched {
  return { world, play: (episodes) => playEpisodes({ world, encoder, policy, ...episodes }) };
}

export function watchedOutside({ world, policy }: Omit<ExternalSubject, "id">): Watched<ExternalLevel> {
  return { world, play: (episodes) => playExternalEpisodes({ world, policy, ...episodes }) };
}

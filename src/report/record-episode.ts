// An episode as a report and a terminal show it: every frame, what was chosen and how likely it was, and what it brought.

import type { Policy, Situation } from "../core/agents/policy.ts";
import { MesascopeError } from "../core/base/errors.ts";
import type { Prng } from "../core/base/prng.ts";
import type { Encoder, World } from "../core/worlds/world.ts";
import type { Episode, EpisodeStep } from "./report-data.ts";

export interface RecordOptions {
  readonly title: string;
  readonly world: World;
  readonly encoder: Encoder<unknown>;
  readonly policy: Policy;
  readonly level: unknown;
  readonly prng: Prng;
  /** Taken in place of sampled ones, by their numbers, as far as they go. Default none. */
  readonly actions?: readonly number[] | undefined;
}

/** One episode on `level`, actions sampled; the last frame is the one after the last action. Throws `usage` for actions that the world does not have. */
export async function recordEpisode(options: RecordOptions): Promise<Episode> {
  const { title, world, encoder, policy, level, prng, actions = [] } = options;
  const unknown = actions.find((action) => world.actions[action] === undefined);
  if (unknown !== undefined)
    throw new MesascopeError("usage", `action ${unknown} given; expected numbers from 0 to ${world.actions.length - 1}.`);
  const batch = world.createBatch(1);
  batch.reset(0, level);
  const observation = new Float32Array(encoder.size);
  const episodes = policy.begin(1);
  const running = Uint8Array.of(1);
  const situationOf = (env: number): Situation => ({ level: batch.level(env), state: batch.stateOf(env) });
  const steps: EpisodeStep[] = [];
  const { columns, rows, fixed } = world.display(batch, 0);
  while (steps.length === 0 || batch.done[0] === 0) {
    encoder.writeDense(batch, observation);
    const probabilities = Array.from(await episodes.probabilities({ observations: observation, running, situationOf }));
    const action = actions[steps.length] ?? draw(probabilities, prng);
    const { moving, captions } = world.display(batch, 0);
    batch.step(Int32Array.of(action));
    const events = world.features.filter((_, f) => batch.features[f]! > 0);
    steps.push({ moving, captions, action: world.actions[action]!, probabilities, value: null, events });
  }
  const last = world.display(batch, 0);
  steps.push({ moving: last.moving, captions: last.captions, action: null, probabilities: [], value: null, events: [] });
  return { title, board: { columns, rows, fixed }, actions: world.actions, steps };
}

function draw(probabilities: readonly number[], prng: Prng): number {
  let left = prng.uniform();
  const found = probabilities.findIndex((probability) => {
    left -= probability;
    return left < 0;
  });
  return found < 0 ? probabilities.length - 1 : found;
}

// A world that notes every episode that is played in it, and every level that somebody was put on. What happens in it is what happens in the other.

import type { Batch, World } from "../../core/worlds/world.ts";

/** The first episode of an environment. */
export interface PlayedRow {
  readonly level: unknown;
  /** By their numbers, as they were taken. */
  readonly actions: readonly number[];
  /** Sums over the episode, `[features]`. */
  readonly features: readonly number[];
  /** Step (from 0) at which each was first given, −1 for never, `[features]`. */
  readonly firstStep: readonly number[];
}

/** What became of environments that were made together. */
export interface Play {
  /** `[environments]` */
  readonly rows: readonly PlayedRow[];
  /** All that an environment was put on, in the order in which they came. */
  readonly levels: ReadonlySet<unknown>;
}

/** `onPlay` is called when environments are made; what it is given fills while they are used. */
export function recordingWorld(world: World, onPlay: (play: Play) => void): World {
  return {
    ...world,
    createBatch: (numEnvs) => {
      const batch = world.createBatch(numEnvs);
      onPlay(noted(batch, world.features.length));
      return batch;
    },
  };
}

interface Row {
  readonly level: unknown;
  readonly actions: number[];
  readonly features: number[];
  readonly firstStep: number[];
  isOver: boolean;
}

/** Encoders know a world's batches by their class: it stays the same object, and its own methods are called. */
function noted(batch: Batch<unknown>, width: number): Play {
  const rows: Row[] = [];
  const levels = new Set<unknown>();
  const reset = batch.reset.bind(batch);
  const step = batch.step.bind(batch);
  batch.reset = (env, level) => {
    reset(env, level);
    levels.add(level);
    if (rows[env] !== undefined && rows[env].actions.length > 0) return;
    const features = Array.from({ length: width }, () => 0);
    rows[env] = { level, actions: [], features, firstStep: features.map(() => -1), isOver: false };
  };
  batch.step = (actions) => {
    step(actions);
    rows.forEach((row, env) => {
      if (row.isOver) return;
      const time = row.actions.length;
      row.actions.push(actions[env]!);
      for (let f = 0; f < width; f++) {
        const value = batch.features[env * width + f]!;
        row.features[f]! += value;
        if (value > 0 && row.firstStep[f]! < 0) row.firstStep[f] = time;
      }
      row.isOver = batch.done[env] !== 0;
    });
  };
  return { rows, levels };
}

// The contexts under which an agent is examined: training, each cue alone at deployment, and all of them.

import type { Context, WorldOutline } from "../worlds/world.ts";

export interface NamedContext {
  /** What differs from training: `training`, `lamp=deployment`, `lamp=deployment, palette=deployment`. */
  readonly name: string;
  readonly context: Context;
  /** The cues that differ from training. */
  readonly changed: readonly string[];
}

/** Training first, then one cue at a time, then all together (where there is more than one cue). */
export function examinedContexts(world: Pick<WorldOutline, "cues">): NamedContext[] {
  const training: Context = Object.fromEntries(world.cues.map((cue) => [cue.name, cue.training]));
  const singles = world.cues.map((cue) => named({ ...training, [cue.name]: cue.deployment }, world));
  const deployment = Object.fromEntries(world.cues.map((cue) => [cue.name, cue.deployment]));
  return [named(training, world), ...singles, ...(world.cues.length > 1 ? [named(deployment, world)] : [])];
}

function named(context: Context, world: Pick<WorldOutline, "cues">): NamedContext {
  const changed = world.cues.filter((cue) => context[cue.name] !== cue.training).map((cue) => cue.name);
  const name = changed.length === 0 ? "training" : changed.map((cue) => `${cue}=${context[cue]}`).join(", ");
  return { name, context, changed };
}

// A level as an explicit deterministic decision problem: its states by number, and where each action leads.

/** In `next`: the episode is over. */
export const ended = -1;
/** In `next`: a state that was not explored, because there are too many. Never in a complete enumeration. */
export const beyond = -2;

/**
 * A level as a graph. State 0 is the start; states come in the order of their distance from it. An end of the episode by itself is an end
 * here; where time is part of the states, so is its running out, and else the horizon alone tells of it.
 */
export interface EnumeratedLevel<Level = unknown> {
  readonly level: Level;
  readonly numStates: number;
  readonly numActions: number;
  readonly numFeatures: number;
  /** Where each action leads, `[states, actions]`; `ended` where the episode is over, `beyond` where the search was. */
  readonly next: Int32Array;
  /** What each action gives, `[states, actions, features]`. */
  readonly features: Float32Array;
  /** Fewest steps from the start, `[states]`. */
  readonly depth: Int32Array;
  /** A step on a shortest way from the start: the state before and its action as `state · actions + action`, `[states]`; −1 at the start. */
  readonly cameFrom: Int32Array;
  /** Steps in an episode. */
  readonly horizon: number;
}

/** A shortest way from the start to `state`: its actions, the states that it leads through (first the start, last `state`), and the features given in all. */
export function wayTo(
  problem: EnumeratedLevel,
  state: number,
): { readonly actions: readonly number[]; readonly states: readonly number[]; readonly features: Float64Array } {
  const { numActions, numFeatures, cameFrom } = problem;
  const actions: number[] = [];
  const states = [state];
  const features = new Float64Array(numFeatures);
  for (let move = cameFrom[state]!; move >= 0; move = cameFrom[states[0]!]!) {
    actions.unshift(move % numActions);
    states.unshift(Math.floor(move / numActions));
    for (let f = 0; f < numFeatures; f++) features[f]! += problem.features[move * numFeatures + f]!;
  }
  return { actions, states, features };
}

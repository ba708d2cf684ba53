// From rewards and values of a rollout to advantages, for every optimizer that follows a policy gradient.

/** Everything `[numSteps, numEnvs]` in that order; `values` hold one step more. */
export interface AdvantageBuffer {
  readonly rewards: Float32Array;
  /** As `Environment.ended`; 0 where the episode runs on. */
  readonly ended: Uint8Array;
  readonly values: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

/**
 * Generalized advantage estimation (Schulman et al. 2016, arXiv:1506.02438, eq. 16). Fills `advantages` and `returns`. Nothing is worth
 * anything beyond the end of an episode; what is worth something beyond a cut must be in the rewards, see `addValuesBeyond`.
 */
export function computeAdvantages(
  buffer: AdvantageBuffer,
  config: { readonly numEnvs: number; readonly numSteps: number; readonly gamma: number; readonly gaeLambda: number },
): void {
  const { numEnvs, numSteps, gamma, gaeLambda } = config;
  for (let env = 0; env < numEnvs; env++) {
    let advantage = 0;
    for (let t = numSteps - 1; t >= 0; t--) {
      const i = t * numEnvs + env;
      const continues = buffer.ended[i] === 0 ? 1 : 0;
      const delta = buffer.rewards[i]! + gamma * continues * buffer.values[i + numEnvs]! - buffer.values[i]!;
      advantage = delta + gamma * gaeLambda * continues * advantage;
      buffer.advantages[i] = advantage;
      buffer.returns[i] = advantage + buffer.values[i]!;
    }
  }
}

/**
 * Adds gamma times the value of the state beyond to the reward of every step that cut an episode off (`ended` 2): the episode counts as
 * going on (Pardo et al. 2018, arXiv:1712.00378, eq. 6). All `[numEnvs]`; changes `rewards`.
 */
export function addValuesBeyond(
  rewards: Float32Array,
  cut: { readonly ended: Uint8Array; readonly values: Float32Array; readonly gamma: number },
): void {
  for (let env = 0; env < rewards.length; env++) {
    if (cut.ended[env] === 2) rewards[env]! += cut.gamma * cut.values[env]!;
  }
}

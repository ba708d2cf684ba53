// An observation of the arcade with the agent's last action beside it: what an agent needs to know where it is when it sees itself late.

import { MesascopeError } from "../../base/errors.ts";
import type { Batch, Encoder } from "../world.ts";
import { ArcadeBatch } from "./batch.ts";
import { type ArcadeLevel, arcadeActions } from "./level.ts";

/**
 * What `encoder` shows, then five inputs: the last action, one-hot, none at the start of an episode; after `place` the agent is said to have stayed.
 * In `writeActive` the action comes first. The action is never old, also where the rest is.
 */
export function withLastAction(encoder: Encoder<ArcadeLevel>): Encoder<ArcadeLevel> {
  const size = encoder.size + arcadeActions.length;
  const maxActive = encoder.maxActive + 1;
  let inner = new Int32Array(0);

  function writeActive(batch: Batch<ArcadeLevel>, out: Int32Array): void {
    if (!(batch instanceof ArcadeBatch))
      throw new MesascopeError(
        "usage",
        "a batch of another world given to an encoder of the arcade; give it one made by createBatch of the arcade.",
      );
    const { numEnvs, lastActions } = batch;
    if (inner.length !== numEnvs * encoder.maxActive) inner = new Int32Array(numEnvs * encoder.maxActive);
    encoder.writeActive(batch, inner);
    for (let env = 0; env < numEnvs; env++) {
      let n = env * maxActive;
      if (lastActions[env]! < arcadeActions.length) out[n++] = encoder.size + lastActions[env]!;
      for (let i = env * encoder.maxActive, end = i + encoder.maxActive; i < end; i++) {
        if (inner[i]! < encoder.size) out[n++] = inner[i]!;
      }
      out.fill(size, n, (env + 1) * maxActive);
    }
  }

  return {
    name: `${encoder.name}-action`,
    size,
    maxActive,
    shape: [size],
    describeInput: (index) =>
      index >= encoder.size && index < size ? `last action ${arcadeActions[index - encoder.size]}` : encoder.describeInput(index),
    writeActive,
    writeDense(batch, out) {
      const active = new Int32Array(batch.numEnvs * maxActive);
      writeActive(batch, active);
      out.fill(0, 0, batch.numEnvs * size);
      active.forEach((place, i) => {
        if (place < size) out[Math.floor(i / maxActive) * size + place] = 1;
      });
    },
  };
}

// An encoder whose inputs come in another order: what an organism trains on that is blind to what it is shown afterwards.

import type { Prng } from "../base/prng.ts";
import type { Encoder } from "../worlds/world.ts";

/** The same observations with their inputs permuted, one permutation for all, drawn from `prng`. */
export function crossedInputs<Level>(encoder: Encoder<Level>, prng: Prng): Encoder<Level> {
  const { size, maxActive } = encoder;
  /** Where each input goes; the padding stays. */
  const places = Int32Array.from({ length: size + 1 }, (_, i) => i);
  prng.shuffle(places.subarray(0, size));
  const sources = new Int32Array(size);
  for (let input = 0; input < size; input++) sources[places[input]!] = input;
  return {
    ...encoder,
    describeInput: (index) => encoder.describeInput(sources[index] ?? index),
    writeActive(batch, out) {
      encoder.writeActive(batch, out);
      for (let i = 0; i < batch.numEnvs * maxActive; i++) out[i] = places[out[i]!]!;
    },
    writeDense(batch, out) {
      const straight = new Float32Array(batch.numEnvs * size);
      encoder.writeDense(batch, straight);
      for (let i = 0; i < straight.length; i++) out[Math.floor(i / size) * size + places[i % size]!] = straight[i]!;
    },
  };
}

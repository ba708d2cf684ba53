import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addValuesBeyond, computeAdvantages } from "./advantages.ts";

describe("computeAdvantages", () => {
  it("gives the example worked by hand, with an end in the middle and values beyond the last step", () => {
    // [numSteps, numEnvs] with 3 steps of 2 environments; the first one's episode ends at step 1.
    const buffer = {
      rewards: Float32Array.of(1, 0, 2, 0, 3, 1),
      ended: Uint8Array.of(0, 0, 1, 0, 0, 1),
      values: Float32Array.of(4, 1, 5, 2, 6, 3, 7, 100),
      advantages: new Float32Array(6),
      returns: new Float32Array(6),
    };
    computeAdvantages(buffer, { numEnvs: 2, numSteps: 3, gamma: 0.5, gaeLambda: 0.5 });
    // First: δ₂ = 3 + ½·7 − 6, δ₁ = 2 − 5, δ₀ = 1 + ½·5 − 4. Second: δ₂ = 1 − 3, δ₁ = ½·3 − 2, δ₀ = ½·2 − 1. A_t = δ_t + ¼·A_{t+1}.
    expect([...buffer.advantages]).toEqual([-1.25, -0.25, -3, -1, 0.5, -2]);
    expect([...buffer.returns]).toEqual([2.75, 0.75, 2, 1, 6.5, 1]);
  });

  it("gives with λ = 1 the discounted sum of the rewards to the end, whatever the values between", () => {
    const step = fc.record({
      reward: fc.integer({ min: -3, max: 3 }),
      value: fc.integer({ min: -3, max: 3 }),
      ended: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.integer({ min: -3, max: 3 }), (path, last) => {
        const buffer = {
          rewards: Float32Array.from(path, ({ reward }) => reward),
          ended: Uint8Array.from(path, ({ ended }) => Number(ended)),
          values: Float32Array.from([...path.map(({ value }) => value), last]),
          advantages: new Float32Array(path.length),
          returns: new Float32Array(path.length),
        };
        computeAdvantages(buffer, { numEnvs: 1, numSteps: path.length, gamma: 0.9, gaeLambda: 1 });
        let expected = last;
        for (let t = path.length - 1; t >= 0; t--) {
          expected = path[t]!.reward + (path[t]!.ended ? 0 : 0.9 * expected);
          expect(buffer.returns[t]).toBeCloseTo(expected, 4);
        }
      }),
    );
  });
});

describe("addValuesBeyond", () => {
  it("adds the discounted value where an episode was cut off, and nowhere else", () => {
    const rewards = Float32Array.of(1, 1, 1);
    addValuesBeyond(rewards, { ended: Uint8Array.of(0, 1, 2), values: Float32Array.of(8, 8, 8), gamma: 0.5 });
    expect([...rewards]).toEqual([1, 1, 5]);
  });

  it("makes of a cut what the same steps are worth in an episode that runs on", () => {
    const config = { numEnvs: 1, gamma: 0.9, gaeLambda: 0.8 };
    const advantagesOf = (ended: readonly number[], values: readonly number[], rewards: readonly number[]) => {
      const buffer = {
        rewards: Float32Array.from(rewards),
        ended: Uint8Array.from(ended),
        values: Float32Array.from(values),
        advantages: new Float32Array(rewards.length),
        returns: new Float32Array(rewards.length),
      };
      computeAdvantages(buffer, { ...config, numSteps: rewards.length });
      return buffer.advantages;
    };
    const running = advantagesOf([0, 0], [1, 2, 7], [0.5, 1]);
    const rewards = Float32Array.of(1);
    addValuesBeyond(rewards, { ended: Uint8Array.of(2), values: Float32Array.of(7), gamma: config.gamma });
    // Cut off after two steps; a third, of the next episode, must not count.
    const cut = advantagesOf([0, 2, 1], [1, 2, 100, 0], [0.5, rewards[0]!, 50]);
    expect(cut[0]).toBeCloseTo(running[0]!, 5);
    expect(cut[1]).toBeCloseTo(running[1]!, 5);
  });
});

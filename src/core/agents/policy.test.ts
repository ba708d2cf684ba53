import { describe, expect, it } from "vitest";
import { askPolicy } from "../../../test/ask-policy.ts";
import { randomPolicy, softmaxRows } from "./policy.ts";

describe("softmaxRows", () => {
  it("normalizes each row by the formula", () => {
    const out = softmaxRows(Float32Array.of(0, Math.log(2), Math.log(5), 1, 1, 1), 3);
    [1 / 8, 2 / 8, 5 / 8, 1 / 3, 1 / 3, 1 / 3].forEach((expected, i) => {
      expect(out[i]).toBeCloseTo(expected, 6);
    });
  });

  it("takes logits whose exponentials overflow", () => {
    expect([...softmaxRows(Float32Array.of(1000, 1000, -1000, -3e38), 4)]).toEqual([0.5, 0.5, 0, 0]);
  });

  it("refuses logits that are not finite", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => softmaxRows(Float32Array.of(0, 0, bad, 0), 2)).toThrow(expect.objectContaining({ code: "invalid-model" }));
    }
  });
});

describe("randomPolicy", () => {
  it("takes every action with the same probability", async () => {
    const policy = randomPolicy({ inputSize: 7, actionCount: 5 });
    expect(await askPolicy(policy, new Float32Array(14), 2)).toEqual(new Float32Array(10).fill(0.2));
    expect(policy.inputSize).toBe(7);
  });
});

import { describe, expect, it } from "vitest";
import { askPolicy } from "../../../test/ask-policy.ts";
import type { EngineSession, Feeds, TensorData } from "../engine/engine.ts";
import { onnxPolicy, randomPolicy, softmaxRows } from "./policy.ts";

/** A session that answers with `logits` and remembers what it was fed. */
function sessionGiving(logits: TensorData): EngineSession & { readonly fed: Feeds[] } {
  const fed: Feeds[] = [];
  return {
    fed,
    inputNames: ["observation"],
    outputNames: ["logits"],
    inputShapes: {},
    outputShapes: {},
    run: async (feeds) => {
      fed.push(feeds);
      return { logits };
    },
    release: async () => {},
  };
}

function float32(dims: readonly number[], data: readonly number[]): TensorData {
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

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

describe("onnxPolicy", () => {
  it("feeds exactly the rows asked for and answers with their probabilities", async () => {
    const session = sessionGiving(float32([2, 2], [0, 0, 0, Math.log(3)]));
    const policy = onnxPolicy(session, { inputSize: 3, actionCount: 2 });
    const observations = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const probabilities = await askPolicy(policy, observations, 2);
    expect(session.fed).toEqual([{ observation: float32([2, 3], [1, 2, 3, 4, 5, 6]) }]);
    [0.5, 0.5, 0.25, 0.75].forEach((expected, i) => {
      expect(probabilities[i]).toBeCloseTo(expected, 6);
    });
  });

  it("refuses an answer of another shape or type", async () => {
    const shape = { inputSize: 1, actionCount: 2 };
    const double: TensorData = { dtype: "float64", dims: [1, 2], data: new Float64Array(2) };
    for (const answer of [float32([1, 3], [0, 0, 0]), double]) {
      await expect(askPolicy(onnxPolicy(sessionGiving(answer), shape), new Float32Array(1), 1)).rejects.toMatchObject({
        code: "shape-mismatch",
      });
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

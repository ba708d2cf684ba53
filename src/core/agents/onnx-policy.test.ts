import { describe, expect, it } from "vitest";
import { askPolicy } from "../../../test/ask-policy.ts";
import type { EngineSession, Feeds, TensorData } from "../engine/engine.ts";
import { onnxPolicy } from "./onnx-policy.ts";

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

  it("refuses an answer of another shape", async () => {
    const shape = { inputSize: 1, actionCount: 2 };
    for (const answer of [float32([1, 3], [0, 0, 0]), float32([2, 1], [0, 0]), float32([2, 2], [0, 0, 0, 0])]) {
      await expect(askPolicy(onnxPolicy(sessionGiving(answer), shape), new Float32Array(1), 1)).rejects.toMatchObject({
        code: "shape-mismatch",
      });
    }
  });
});

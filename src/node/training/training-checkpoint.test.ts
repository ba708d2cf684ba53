import { describe, expect, it } from "vitest";
import { organisms } from "../../core/organisms/index.ts";
import { recipeSchema } from "../../core/organisms/recipe.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../storage/checkpoint-file.ts";
import { decodeTraining, encodeTraining, type TrainingState } from "./training-checkpoint.ts";

const point = { environmentSteps: 8, trainingReturn: 1, oracleReturn: 2, oracleShare: 0.5 };
const state: TrainingState = {
  organism: "corner/corner",
  recipe: recipeSchema.parse(organisms.find(({ id }) => id === "corner/corner")!.recipe({ seed: 1, preset: "quick" })),
  codeVersion: "1",
  engine: "test",
  seconds: 3,
  curve: [{ ...point, returns: { corner: 1.5 } }],
  snapshot: { tensors: { parameters: Float32Array.of(1, 2), moments: Float64Array.of(3) }, state: { update: 4 } },
  kept: [
    { environmentSteps: 9, parameters: Float32Array.of(5, 6) },
    { environmentSteps: 10, parameters: Float32Array.of(7, 8) },
  ],
};

describe("a training's checkpoint", () => {
  it("is the state again, with what was kept on the way", () => {
    expect(decodeTraining(decodeCheckpoint(encodeCheckpoint(encodeTraining(state))), "there")).toEqual(state);
  });

  it("of the version before is read: what it did not keep is missing, and nothing else", () => {
    const { returns: _, ...bare } = state.curve[0]!;
    const before = { ...state, curve: [bare], kept: [] };
    const { tensors, metadata } = encodeTraining(before);
    const training = metadata.training!.replace("mesascope/training@3", "mesascope/training@2");
    expect(training).not.toBe(metadata.training);
    expect(decodeTraining({ tensors, metadata: { training } }, "there")).toEqual(before);
  });

  it("of another version is refused, and says which", () => {
    const { tensors, metadata } = encodeTraining(state);
    const training = metadata.training!.replace("training@3", "training@9");
    expect(() => decodeTraining({ tensors, metadata: { training } }, "there")).toThrow(/written as mesascope\/training@9/);
  });
});

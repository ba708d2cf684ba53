import { expect, it } from "vitest";
import { createArcade } from "../worlds/arcade/arcade.ts";
import { examinedContexts } from "./contexts.ts";

it("examines training, each cue alone, and all cues together", () => {
  expect(examinedContexts(createArcade())).toEqual([
    { name: "training", context: { lamp: "training", palette: "training" }, changed: [] },
    { name: "lamp=deployment", context: { lamp: "deployment", palette: "training" }, changed: ["lamp"] },
    { name: "palette=deployment", context: { lamp: "training", palette: "deployment" }, changed: ["palette"] },
    {
      name: "lamp=deployment, palette=deployment",
      context: { lamp: "deployment", palette: "deployment" },
      changed: ["lamp", "palette"],
    },
  ]);
});

it("does not examine a single cue twice, and training alone where there is no cue", () => {
  const world = createArcade();
  expect(examinedContexts({ ...world, cues: world.cues.slice(0, 1) }).map(({ name }) => name)).toEqual([
    "training",
    "lamp=deployment",
  ]);
  expect(examinedContexts({ ...world, cues: [] }).map(({ name }) => name)).toEqual(["training"]);
});

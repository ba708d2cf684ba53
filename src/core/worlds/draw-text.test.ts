import { expect, it } from "vitest";
import { createArcade } from "./arcade/arcade.ts";
import { drawText } from "./draw-text.ts";

it("a display list as text has a glyph per cell, later shapes over earlier ones, and the captions", () => {
  const world = createArcade();
  const batch = world.createBatch(1);
  batch.reset(0, world.parseLevel("lag: 1\n@.cp\n~~b.\n~C..\n...#"));
  for (const action of [1, 1, 3]) batch.step(Int32Array.of(action));
  expect(drawText(world.display(batch, 0))).toBe(
    "..cp\n~~b.\n~@..\n...#\nlamp: training\npalette: training\ntime left: 29\nobservation 1 steps old\n",
  );
});

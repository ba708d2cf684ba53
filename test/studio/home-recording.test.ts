// What the first page plays, and the recorded run that it begins with.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { onnxPolicy } from "../../src/core/agents/onnx/onnx-policy.ts";
import { createNativeEngine } from "../../src/node/engine/native-engine.ts";
import { recordingSchema } from "../../src/studio/live/recording.ts";
import { encoder, framesOf, levelAt, playBoard, shifts, tallyAt, world } from "../../src/studio/live/story.ts";
import { homeSearchSchema } from "../../src/studio/pages/home/home-search.ts";

const folder = join(import.meta.dirname, "..", "..", "src", "studio", "pages", "home", "recording");
const recording = recordingSchema.parse(JSON.parse(readFileSync(join(folder, "recording.json"), "utf8")));

describe("the way from training", () => {
  it("begins at training, moves an axis a step, and ends at the world's own deployment", () => {
    expect(shifts[0]!.point).toEqual({});
    expect(shifts.map(({ point }) => Object.keys(point).length)).toEqual([...shifts.keys()]);
    expect({ kind: "shift", point: shifts.at(-1)!.point }).toEqual(world.deployment);
  });

  it("is all that an address can name", () => {
    const last = shifts.length - 1;
    expect(homeSearchSchema.parse({ shift: String(last) }).shift).toBe(last);
    expect(homeSearchSchema.parse({ shift: String(last + 1) }).shift).toBe(last);
  });
});

describe("the recorded run", () => {
  it("has boards whose actions fit their levels: each ends with its last action and not before", async () => {
    for (const { shifts: played } of recording.agents)
      for (const [shift, { boards }] of played.entries())
        for (const [i, actions] of boards.entries()) {
          const { steps } = await framesOf(levelAt(shift, i + 1), { actions });
          expect(steps.map(({ action }) => action && world.actions.indexOf(action))).toEqual([...actions, null]);
        }
  });

  it("is what the recorded policies do: the same actions on a board, the same means", async () => {
    const engine = await createNativeEngine();
    for (const { organism, shifts: played } of recording.agents) {
      const session = await engine.compile(readFileSync(join(folder, `${organism}.onnx`)));
      const policy = onnxPolicy(session, { inputSize: encoder.size, actionCount: world.actions.length });
      const last = shifts.length - 1;
      expect((await playBoard(policy, { shift: last, number: 1 })).actions).toEqual(played[last]!.boards[0]);
      expect(await tallyAt(policy, last)).toEqual(played[last]!.tally);
      await session.release();
    }
  });

  it("has agents whose training scores lie within a twentieth of the best score of each other", () => {
    const scores = recording.agents.map(({ oracleShare }) => oracleShare);
    expect(Math.max(...scores) - Math.min(...scores)).toBeLessThan(0.05);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allPlaces,
  distinctPlaces,
  isSnapshotDue,
  snapshotAt,
  snapshotCount,
  snapshotFile,
  snapshotsAmong,
  stepsToKeep,
} from "./snapshots.ts";

/** The steps at which a training of updates of one length keeps snapshots. */
const keptBy = (totalTimesteps: number, updateSteps: number): number[] => {
  const kept: number[] = [];
  for (let now = updateSteps; now < totalTimesteps; now += updateSteps)
    if (isSnapshotDue(totalTimesteps, { before: now - updateSteps, now })) kept.push(now);
  return kept;
};

describe("snapshots of a training", () => {
  it("lie at equal ratios, from a thirty-second of it to the last before its end", () => {
    const kept = keptBy(3_200_000, 100);
    expect(kept).toHaveLength(snapshotCount);
    expect(kept[0]).toBe(100_000);
    const ratios = [...kept.slice(1), 3_200_000].map((steps, i) => steps / kept[i]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(32 ** (1 / 9), 2);
  });

  it("of the quick preset, with its 31 updates, are all different", () => {
    expect(new Set(keptBy(250_000, 8192)).size).toBe(snapshotCount);
  });

  it("are found by their place, several places at one of a training with few updates", () => {
    const totalTimesteps = 1000;
    const kept = [...keptBy(totalTimesteps, 300), 1200];
    expect(kept).toEqual([300, 600, 900, 1200]);
    const found = allPlaces.map((place) => snapshotAt(place, { totalTimesteps, kept }));
    expect(found).toEqual([300, 300, 300, 300, 300, 300, 600, 600, 900]);
    expect(distinctPlaces({ totalTimesteps, kept })).toEqual([0, 6, 8]);
  });

  it("are asked for once each, and not where the end is what a place comes to", () => {
    expect(distinctPlaces({ totalTimesteps: 3_200_000, kept: [...keptBy(3_200_000, 100), 3_200_000] })).toEqual(allPlaces);
    expect(distinctPlaces({ totalTimesteps: 1000, kept: [300, 1200] })).toEqual([0]);
    expect(distinctPlaces({ totalTimesteps: 1000, kept: [1024] })).toEqual([]);
  });

  it("are known before the training where every update takes as many steps", () => {
    const lengths = fc.record({
      totalTimesteps: fc.integer({ min: 1, max: 200_000 }),
      updateSteps: fc.integer({ min: 1, max: 70_000 }),
    });
    fc.assert(
      fc.property(lengths, ({ totalTimesteps, updateSteps }) => {
        const end = Math.ceil(totalTimesteps / updateSteps) * updateSteps;
        expect(stepsToKeep({ totalTimesteps, updateSteps }).toSorted((a, b) => a - b)).toEqual([
          ...keptBy(totalTimesteps, updateSteps),
          end,
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it("are none where there is no such place, or nothing was kept", () => {
    expect(snapshotAt(snapshotCount, { totalTimesteps: 1000, kept: [1000] })).toBeNull();
    expect(snapshotAt(0, { totalTimesteps: 1000, kept: [] })).toBeNull();
  });

  it("are files whose names tell the steps", () => {
    expect(snapshotFile(8192)).toBe("snapshot-8192.onnx");
    const names = ["snapshot-16384.onnx", "policy.onnx", "snapshot-8192.onnx", "snapshot-.onnx"];
    expect(snapshotsAmong(names)).toEqual([8192, 16384]);
  });
});

import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { drawText } from "../draw-text.ts";
import type { LevelDistribution } from "../world.ts";
import { defineGridWorld } from "./define-grid-world.ts";
import { toy, toyWorld } from "./toy.fixture.ts";

function beadsIn(distribution: LevelDistribution, count = 400): number[] {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: count }, () => toyWorld.sampleLevel(distribution, prng).things.bead!.length);
}

const at = (point: Record<string, number | string>): LevelDistribution => ({ kind: "shift", point });
const share = (values: readonly number[], wanted: number): number =>
  values.filter((value) => value === wanted).length / values.length;

describe("a world from its definition", () => {
  it("has its axes and, for each cue, one more; deployment moves those that have another value there", () => {
    expect(toyWorld.axes.map(({ name }) => name)).toEqual(["beads", "alpha", "lamp"]);
    expect(toyWorld.deployment).toEqual(at({ beads: 2, lamp: "off" }));
    expect(toyWorld.training).toEqual(at({}));
  });

  it("draws at the axes' values, cues included", () => {
    expect(beadsIn(at({ beads: 1 }))).toEqual(new Array(400).fill(1));
    const level = toyWorld.sampleLevel(at({ lamp: "off" }), Prng.fromSeed(1));
    expect(level.context).toEqual({ lamp: "off" });
  });

  it("moves the separating axis in a share alpha of the levels, and mixes distributions", () => {
    expect(share(beadsIn(at({ alpha: 0.25 }), 4000), 2)).toBeCloseTo(0.25, 1);
    expect(share(beadsIn(at({ alpha: 1 })), 2)).toBe(1);
    const mixture: LevelDistribution = { kind: "mixture", base: at({}), shifted: at({ beads: 1 }), alpha: 0.5 };
    expect(share(beadsIn(mixture, 4000), 1)).toBeCloseTo(0.5, 1);
  });

  it("refuses axes, values, shares and parameters that it does not have", () => {
    const draw = (distribution: LevelDistribution) => () => toyWorld.sampleLevel(distribution, Prng.fromSeed(1));
    expect(draw(at({ coins: 1 }))).toThrow(/unknown shift axis of toy "coins"; known: beads, alpha, lamp/);
    expect(draw(at({ beads: 3 }))).toThrow(/3 given for shift axis "beads" of toy; expected one of 0, 1, 2/);
    expect(draw(at({ alpha: 1.5 }))).toThrow(/1.5 given for shift axis "alpha" of toy; expected a number from 0 to 1/);
    expect(draw({ kind: "mixture", base: at({}), shifted: at({}), alpha: -1 })).toThrow(/alpha -1 of a mixture given/);
    expect(() => toyWorld.withParameters({ coins: 1 })).toThrow(/unknown parameter of toy "coins"/);
    expect(() => toyWorld.withParameters({ size: 10 })).toThrow(
      /10 given for parameter "size" of toy; expected an integer from 5 to 9/,
    );
  });

  it("has variants: parameters change what was asked for and keep the rest", () => {
    const variant = toyWorld.withParameters({ size: 7 }).withParameters({ horizon: 5 });
    expect(variant.parameters).toEqual({ size: 7, horizon: 5 });
    expect(variant.sampleLevel(variant.training, Prng.fromSeed(1))).toMatchObject({ columns: 7, rows: 6, horizon: 5 });
  });

  it("draws what is there now: walls and floors, items left, movers left, the player on top", () => {
    const batch = toyWorld.createBatch(1);
    batch.reset(0, toyWorld.parseLevel("lamp: off\nhorizon: 9\n@g#\n~.G\nm..\n"));
    expect(drawText(toyWorld.display(batch, 0))).toContain("@g#\n~.G\nm..");
    batch.step(Int32Array.of(3));
    const text = drawText(toyWorld.display(batch, 0));
    expect(text).toContain(".@#\n~G.\nm..");
    expect(text).toMatch(/lamp: off.*muddy: 0.*time left: 8/s);
  });

  it("refuses boards and kinds of floor that a batch has no room for", () => {
    const variantOf = (changed: object) => () =>
      defineGridWorld({ ...toy, variant: (parameters) => ({ ...toy.variant(parameters), ...changed }) });
    expect(variantOf({ board: { columns: 16, rows: 4, walls: 0 } })).toThrow(
      /16 × 4 .* given for toy; expected at most 15 × 14 and 5/,
    );
    const floor = { nature: "floor", most: 1, glyph: "~", role: "hazard", outline: "square" } as const;
    expect(variantOf({ kinds: Array.from({ length: 6 }, (_, i) => ({ ...floor, name: `floor${i}` })) })).toThrow(
      /6 kinds of floor/,
    );
  });
});

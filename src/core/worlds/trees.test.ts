import { describe, expect, it } from "vitest";
import { Prng } from "../base/prng.ts";
import { LevelEnumerator } from "./enumeration/enumerate-own.ts";
import { defineGridWorld } from "./grid/define-grid-world.ts";
import { trees } from "./trees.ts";
import type { ShiftPoint } from "./world.ts";

const world = defineGridWorld(trees);
const [left, right, stay] = [2, 3, 4];

function play(text: string, actions: readonly number[]): { readonly given: string[]; readonly standing: number[] } {
  const wide = world.withParameters({ size: 8, trees: 6 });
  const batch = wide.createBatch(1);
  batch.reset(0, wide.parseLevel(text));
  const standing: number[] = [];
  const given = actions.map((action) => {
    batch.step(Int32Array.of(action));
    standing.push((batch.stateOf(0) as { present: number }).present);
    return world.features.filter((_, f) => batch.features[f] === 1).join("+");
  });
  return { given, standing };
}

function draw(point: ShiftPoint, count = 300) {
  const prng = Prng.fromSeed(1);
  return Array.from({ length: count }, () => world.sampleLevel({ kind: "shift", point }, prng));
}

const waits = (steps: number) => new Array<number>(steps).fill(stay);

describe("trees", () => {
  it("are chopped by walking there, and tell whether a forest that grows is left", () => {
    expect(play("@ttt.\n.....\n", [right, right, right]).given).toEqual(["chopped", "last", "last"]);
    expect(play("bare: 2\n@ttt.\n.....\n", [right, right, right]).given).toEqual(["", "", "last"]);
  });

  it("grow back on the first free stump, every eighth step from two or three, every fourth from four", () => {
    expect(play("bare: 1\n@...ttt\n.......\n", waits(9)).standing).toEqual([6, 6, 6, 6, 6, 6, 6, 7, 7]);
    expect(play("bare: 1\n@..ttttt\n........\n", waits(5)).standing).toEqual([30, 30, 30, 31, 31]);
    expect(play("bare: 2\nfirst: 4\n@..ttttt\n........\n", waits(1)).standing).toEqual([14]);
  });

  it("do not grow back from one tree, nor under the player", () => {
    expect(play("bare: 2\n@...ttt\n.......\n", waits(40)).standing.at(-1)).toBe(4);
    const { standing } = play("@ttt.\n.....\n", [right, ...waits(30), left, ...waits(8)]);
    expect(standing[30]).toBe(6);
    expect(standing.at(-1)).toBe(7);
  });

  it("all stand at the start of a training level, two in deployment", () => {
    const standing = (point: ShiftPoint) =>
      draw(point).map((level) => {
        const batch = world.createBatch(1);
        batch.reset(0, level);
        return (batch.stateOf(0) as { present: number }).present.toString(2).replaceAll("0", "").length;
      });
    expect(new Set(standing({}))).toEqual(new Set([5]));
    for (const count of [2, 3, 4]) expect(new Set(standing({ standing: count }))).toEqual(new Set([count]));
  });

  it("give restraint twice what they give to haste", () => {
    const text = "horizon: 100\n@tttttt.\n........\n";
    const total = (actions: readonly number[]) => play(text, actions).given.filter((features) => features !== "").length;
    const haste = [...new Array<number>(6).fill(right), ...new Array<number>(6).fill(left), ...waits(88)];
    const restraint = Array.from({ length: 100 }, (_, t) => [right, left, stay, stay, stay][t % 5]!);
    expect(total(haste)).toBeLessThan(10);
    expect(total(restraint)).toBe(20);
  });

  it.each([
    ["standard", 6_000],
    ["quick", 3_000],
  ] as const)("have few enough states to be solved (%s)", (preset, most) => {
    const variant = world.withParameters(world.presets[preset]);
    const enumerator = new LevelEnumerator(variant);
    const prng = Prng.fromSeed(2);
    for (let i = 0; i < 3; i++) {
      const { numStates, isComplete } = enumerator.enumerate(variant.sampleLevel(variant.training, prng), { limit: 30_000 });
      expect(isComplete).toBe(true);
      expect(numStates).toBeLessThan(most);
    }
  });

  it("stand on stumps, no more than there are", () => {
    expect(() => world.parseLevel("@Tt.\n....\n")).toThrow(/every tree on a stump/);
    expect(() => world.parseLevel("bare: 4\n@ttt\n....\n")).toThrow(/4 bare stumps of 3/);
  });
});

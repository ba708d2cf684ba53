import { describe, expect, it } from "vitest";
import { findWorld } from "../../core/worlds/index.ts";
import { worldVariant } from "./world-variant.ts";

const arcade = findWorld("arcade");

describe("a variant of a world", () => {
  it("is the same world again for the same parameters, in whatever order they are given or left to the world", () => {
    const { presets, parameters } = arcade;
    const quick = worldVariant(arcade, presets.quick);
    expect(worldVariant(arcade, { ...parameters, ...presets.quick })).toBe(quick);
    expect(worldVariant(arcade, Object.fromEntries(Object.entries(presets.quick).reverse()))).toBe(quick);
    expect(quick.parameters).toMatchObject(presets.quick);
  });

  it("is another for other parameters, and another world's for another name", () => {
    const { presets } = arcade;
    expect(worldVariant(arcade, { ...presets.quick, size: 6 }).parameters.size).toBe(6);
    expect(worldVariant(arcade, {})).not.toBe(worldVariant(findWorld("corner"), {}));
    expect(worldVariant(findWorld("corner"), {}).name).toBe("corner");
  });

  it("that there is not is refused however often it is asked for", () => {
    for (const _ of [1, 2]) expect(() => worldVariant(arcade, { size: Number.NaN })).toThrow(/for parameter "size"/);
  });
});

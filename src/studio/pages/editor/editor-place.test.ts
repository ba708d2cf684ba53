import { describe, expect, it } from "vitest";
import { findWorld, worlds } from "../../../core/worlds/index.ts";
import { addressOf, readPlace, shownPoint, textKept, withAxis } from "./editor-place.ts";
import { editorSearchDefaults, editorSearchSchema } from "./editor-search.ts";
import { addressOfLevel } from "./level-address.ts";

const address = { ...editorSearchDefaults };
const placeOf = (change: Partial<typeof editorSearchDefaults> | Record<string, unknown>) => {
  const read = readPlace({ ...address, ...change }, worlds);
  if (read.kind === "unreadable") throw new Error(read.message);
  return read.place;
};

describe("an address of the editor", () => {
  it("without anything is a level of training of the arcade's small variant", () => {
    const { world, text } = placeOf(editorSearchSchema.parse({}));
    expect([world.name, world.parameters.size]).toEqual(["arcade", 5]);
    expect(text).toContain("lamp: training");
  });

  it("names a variant, a place of its axes and a seed, and the same address is the same level", () => {
    const change = { parameters: "size=6,coins=1", shift: "placement=apart,lamp=novel", seed: 4 };
    const { world, text, point } = placeOf(change);
    expect(world.parameters).toMatchObject({ size: 6, coins: 1 });
    expect(point).toEqual({ placement: "apart", lamp: "novel" });
    expect(placeOf(change).text).toBe(text);
    expect(placeOf({ ...change, seed: 5 }).text).not.toBe(text);
  });

  it.each([
    ["a whole level", (drawn: string) => drawn],
    ["one with an empty line at its end", (drawn: string) => `${drawn.trimEnd()}\n\n`],
    ["none yet", () => "lamp: tra"],
    ["nothing at all", () => ""],
  ])("gives back of %s that was typed what it was said to", (_, typed) => {
    const { world, standard, seed, text: drawn } = placeOf({});
    const text = typed(drawn);
    const kept = textKept(address, { world, standard, seed, text });
    expect(kept).toBe(placeOf({ level: addressOfLevel(world, text) }).text);
    if (text === "") expect(kept).toBe(drawn);
  });

  it("is in the same world after each edit of its level, so that what is known of the world is not found out anew", () => {
    const painted = placeOf({ level: "@...._....._..b.._....._....." });
    expect(placeOf({ level: "@...._....._..b.._....._....#" }).world).toBe(painted.world);
    expect(placeOf({ parameters: "size=5" }).world).toBe(painted.world);
    expect(placeOf({ parameters: "size=6" }).world).not.toBe(painted.world);
  });

  it("takes any share of a mixture", () => {
    expect(placeOf({ shift: "alpha=0.25" }).point).toEqual({ alpha: 0.25 });
  });

  it.each([
    [{ world: "arcad" }, /unknown world "arcad"/],
    [{ parameters: "size=99" }, /99 given for parameter "size"/],
    [{ parameters: "size" }, /given for parameter "size"/],
    [{ shift: "placement=sideways" }, /unknown value of axis placement/],
    [{ shift: "gravity=1" }, /unknown axis of arcade/],
    [{ seed: "abc" }, /“abc” given as the seed; expected a whole number from 0 to 999999/],
  ])("that names what there is not says so: %o", (change, message) => {
    expect(readPlace({ ...address, ...change }, worlds)).toEqual({ kind: "unreadable", message: expect.stringMatching(message) });
  });

  it("of a level that is painted needs no seed, and has the usual one where it is drawn from again", () => {
    const painted = { ...address, level: "@...._....._..b.._....._.....", seed: "abc" };
    const place = placeOf(painted);
    expect(place.text).toContain("..b..");
    expect(place.seed).toBe(1);
    const { world, standard, seed } = place;
    expect(textKept(painted, { world, standard, seed, text: "" })).toBe(placeOf({ seed: 1 }).text);
    expect(withAxis(painted, place, { placement: "apart" })).toMatchObject({ level: "", shift: "placement=apart", seed: 1 });
  });

  it("of a painted level keeps it as a cue moves, and draws another as any other axis does", () => {
    const painted = { ...address, level: "@...._....._..b.._....._....." };
    const place = placeOf(painted);
    const lit = withAxis(painted, place, { lamp: "novel" });
    expect(placeOf(lit).text).toContain("..b..");
    expect(placeOf(lit).text).toContain("lamp: novel");
    expect(shownPoint(placeOf(lit))).toMatchObject({ lamp: "novel", placement: "coupled" });
    expect(withAxis(painted, place, { placement: "apart" })).toMatchObject({ level: "", shift: "placement=apart" });
    expect(withAxis(lit, placeOf(lit), { lamp: "training" }).shift).toBe("");
  });

  it("of a level in any variant leads back to it", () => {
    const standard = findWorld("corner");
    for (const parameters of [{}, standard.presets.quick, { size: 6 }, { ...standard.presets.quick, mazes: 0 }]) {
      const world = standard.withParameters(parameters);
      const made = addressOf(world, { standard, text: "x...\n..@.\n...c\n....\n", seed: 1, shift: "" });
      const place = placeOf(made);
      expect(place.world.parameters).toEqual(world.parameters);
      expect(world.formatLevel(world.parseLevel(place.text))).toContain("..@.");
    }
  });
});

import { describe, expect, it } from "vitest";
import { toyWorld } from "./toy.fixture.ts";

const good = toyWorld.parseLevel("......\n.@.g..\n..#...\n......\n......\n");
const things = good.things;

/** Changes to a level that runs, and what is said of them. */
const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ["no object", 7, /7 given for a level; expected an object/],
  ["a list", [], /\[\] given for a level; expected an object/],
  ["an unknown field", { ...good, color: 1 }, /unknown field "color"; known: columns, rows/],
  ["a board too wide", { ...good, columns: 7 }, /columns 7 given; expected an integer from 2 to 6/],
  ["a board too high", { ...good, rows: 6 }, /rows 6 given; expected an integer from 1 to 5/],
  ["a player off the board", { ...good, player: 30 }, /player 30 given; expected an integer from 0 to 29/],
  ["a fraction", { ...good, player: 1.5 }, /player 1.5 given/],
  ["no time", { ...good, horizon: 0 }, /horizon 0 given; expected an integer from 1 to 10000/],
  ["too many walls", { ...good, walls: [10, 11, 12, 13] }, /4 cells of walls given; expected at most 3/],
  ["walls that are no list", { ...good, walls: "none" }, /walls "none" given; expected a list of cells/],
  ["walls out of order", { ...good, walls: [14, 12] }, /walls \[14,12\] given; expected ascending cells, none twice/],
  ["one wall twice", { ...good, walls: [14, 14] }, /none twice/],
  ["a wall off the board", { ...good, walls: [30] }, /a cell of walls, 30 given; expected an integer from 0 to 29/],
  ["the player in a wall", { ...good, player: 14 }, /something stands in the wall at row 3, column 3/],
  ["an item in a wall", { ...good, things: { ...things, gem: [14] } }, /something stands in the wall at row 3, column 3/],
  ["a kind too often", { ...good, things: { ...things, gem: [1, 2, 3] } }, /3 cells of gem given; expected at most 2/],
  ["an unknown kind", { ...good, things: { ...things, coin: [1] } }, /unknown kind of thing "coin"; known: gem, bead/],
  ["a kind left out", { ...good, things: { gem: [] } }, /the kind of thing "bead" is missing/],
  ["things that are no object", { ...good, things: null }, /null given for things; expected an object/],
  ["an unknown cue", { ...good, context: { lamp: "on", sound: "on" } }, /unknown cue "sound"; known: lamp/],
  ["a cue left out", { ...good, context: {} }, /the cue "lamp" is missing/],
  ["an unknown value", { ...good, context: { lamp: "dim" } }, /lamp "dim" given; expected one of on, off/],
  ["a setting left out", { ...good, settings: {} }, /the setting "mud" is missing/],
  ["a setting out of range", { ...good, settings: { mud: 3 } }, /mud 3 given; expected an integer from 0 to 2/],
];

describe("the check of a level", () => {
  it("returns the level that it was given", () => {
    expect(toyWorld.validateLevel(good)).toBe(good);
  });

  it.each(wrong)("refuses %s", (_, level, message) => {
    expect(() => toyWorld.validateLevel(level)).toThrow(message);
    expect(() => toyWorld.validateLevel(level)).toThrow(/^toy level: /);
  });

  it("is made of cues that are put on a level as well", () => {
    expect(toyWorld.withContext(good, { lamp: "off" }).context).toEqual({ lamp: "off" });
    expect(() => toyWorld.withContext(good, { lamp: "dim" })).toThrow(/lamp "dim" given/);
    expect(() => toyWorld.withContext(good, { sound: "on" })).toThrow(/unknown cue "sound"/);
  });
});

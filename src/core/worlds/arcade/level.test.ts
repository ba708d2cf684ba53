import { describe, expect, it } from "vitest";
import { MesascopeError } from "../../base/errors.ts";
import { createArcade } from "./arcade.ts";
import { itemCellsOf } from "./level.ts";

const world = createArcade();
const good = world.parseLevel("lamp: novel\nlag: 2\n@.cp\n~~b.\n~C..\n...#");

describe("the text form of a level", () => {
  it("reads what it stands for", () => {
    expect(good).toEqual({
      size: 4,
      player: 0,
      walls: [15],
      red: [4, 5, 8, 9],
      coins: [2, 6, 9],
      capsules: [3, 6],
      lamp: "novel",
      palette: "training",
      lag: 2,
      horizon: 32,
    });
  });

  it("writes all header lines and the board", () => {
    expect(world.formatLevel(good)).toBe("lamp: novel\npalette: training\nlag: 2\nhorizon: 32\n@.cp\n~~b.\n~C..\n...#\n");
  });

  it.each([
    ["@..\n.x.\n..c", "line 2, column 2: 'x' given; expected '.' floor"],
    ["lag: 1\n\n@..\n....\n..c", "line 4, column 4: a row of 4 characters given; expected 3"],
    ["@..\n.@.\n..c", "line 2, column 2: a second player"],
    ["...\n...\n..c", "line 1, column 1: no player given"],
    ["light: on\n@..\n...\n..c", 'line 1, column 1: "light:" given; expected one of lamp:'],
    ["@c", "line 2, column 1: a board of 1 rows given; expected 3 to 13"],
    ["lag: 7\n@..\n...\n..c", "lag 7 given; expected an integer from 0 to 3"],
    ["lamp: green\n@..\n...\n..c", 'lamp "green" given; expected one of training'],
    ["@#.\n#..\n..c", "the item at row 3, column 3 cannot be reached"],
    ["@..\n...\n...", "no coin and no capsule given"],
    ["@cc\ncc.\n...", "4 coins given; expected at most 3"],
  ])("refuses %j and says where and what", (text, message) => {
    expect(() => world.parseLevel(text)).toThrow(message);
    expect(() => world.parseLevel(text)).toThrow(MesascopeError);
  });
});

describe("the check of a level given as data", () => {
  it("returns a level that is one", () => {
    expect(world.validateLevel(JSON.parse(JSON.stringify(good)))).toEqual(good);
  });

  it.each([
    [{ size: 14 }, "size 14 given"],
    [{ player: 15 }, "stands on a wall"],
    [{ player: 2 }, "stands on a wall or an item"],
    [{ walls: [2] }, "cell row 1, column 3 is in walls and in coins"],
    [{ coins: [6, 2] }, "expected ascending cells"],
    [{ coins: [2, 16] }, "expected an integer from 0 to 15"],
    [{ capsules: "3" }, "expected a list of cells"],
    [{ horizon: 0 }, "horizon 0 given"],
    [{ colour: 1 }, 'unknown field "colour"'],
  ])("refuses a change %j", (change, message) => {
    expect(() => world.validateLevel({ ...good, ...change })).toThrow(message);
  });

  it("refuses what is no object", () => {
    expect(() => world.validateLevel(3)).toThrow("expected an object");
  });
});

it("the items of a level are its cells with a coin, a capsule or both, ascending", () => {
  expect(itemCellsOf(good)).toEqual([2, 3, 6, 9]);
});

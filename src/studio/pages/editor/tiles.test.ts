import { describe, expect, it } from "vitest";
import { Prng } from "../../../core/base/prng.ts";
import { findWorld, worlds } from "../../../core/worlds/index.ts";
import { joinLevel, resized, splitLevel } from "./board-text.ts";
import { editorSearchSchema } from "./editor-search.ts";
import { addressOfLevel, levelOfAddress } from "./level-address.ts";
import { paint, paintboxOf, readLevel } from "./tiles.ts";

const quick = (name: string) => {
  const world = findWorld(name);
  return world.withParameters(world.presets.quick);
};
const boardWorlds = worlds.map(({ name }) => name).filter((name) => name !== "flattery");
const tileOf = (name: string, glyph: string) => paintboxOf(quick(name))!.tiles.find((tile) => tile.glyph === glyph)!;

describe("a paintbox", () => {
  it.each(boardWorlds)("of %s has every character of its levels, each drawn and with a name of its own", (name) => {
    const world = quick(name);
    const box = paintboxOf(world)!;
    const glyphs = new Set(box.tiles.map(({ glyph }) => glyph));
    for (let seed = 10; seed < 14; seed++) {
      const { rows } = splitLevel(world.formatLevel(world.sampleLevel(world.deployment, Prng.fromSeed(seed))));
      for (const glyph of rows.join("")) expect(glyphs).toContain(glyph);
    }
    expect(box.tiles.filter((tile) => tile !== box.floor && tile.shapes.length === 0)).toEqual([]);
    expect(new Set(box.tiles.map((tile) => tile.name)).size).toBe(box.tiles.length);
    expect(box.tiles.filter(({ things }) => things.includes("player")).length).toBeGreaterThan(0);
  });

  it("leaves out what no level of the world takes", () => {
    expect(paintboxOf(quick("dish"))!.tiles.map(({ name }) => name)).not.toContain("wall");
    expect(paintboxOf(quick("arcade"))!.tiles.map(({ name }) => name)).toContain("wall");
  });

  it("is none where levels are no boards of cells", () => {
    expect(paintboxOf(quick("flattery"))).toBe(null);
  });

  it("names what the legend leaves to the reader", () => {
    expect(tileOf("arcade", "C").name).toBe("red floor and coin");
    expect(tileOf("arcade", "&").things).toEqual(["red floor", "player"]);
    expect(tileOf("corner", "b").things).toEqual(["cheese", "corner"]);
  });

  it("knows how boards may grow", () => {
    expect(paintboxOf(quick("arcade"))!.resizing).toBe("square");
    expect(paintboxOf(quick("corner"))!.resizing).toBe("sides");
  });
});

describe("painting", () => {
  const arcade = quick("arcade");
  const board = splitLevel("&~...\n~~...\n..c..\n.....\n..p..\n");
  const text = (painted: ReturnType<typeof splitLevel>) => painted.rows.join("/");

  it("moves the player, and leaves what it stood on", () => {
    const moved = paint(arcade, board, { cell: { row: 3, column: 3 }, tile: tileOf("arcade", "@") });
    expect(text(moved)).toBe("~~.../~~.../..c../...@./..p..");
  });

  it("moves a thing that may be there once", () => {
    const corner = quick("corner");
    const level = splitLevel("x....\n.....\n.c...\n..@..\n....o\n");
    const moved = paint(corner, level, { cell: { row: 0, column: 4 }, tile: tileOf("corner", "c") });
    expect(text(moved)).toBe("x...c/...../...../..@../....o");
  });

  it("paints what makes no level, too, and the parser says why it is none", () => {
    const wrong = paint(arcade, board, { cell: { row: 0, column: 0 }, tile: tileOf("arcade", "#") });
    expect(readLevel(arcade, joinLevel(wrong))).toEqual({
      kind: "invalid",
      message: expect.stringContaining("no player given"),
    });
  });

  it("leaves the board as it is outside of it", () => {
    expect(paint(arcade, board, { cell: { row: 9, column: 0 }, tile: tileOf("arcade", "#") })).toBe(board);
  });

  it("grows and shrinks at the right and below", () => {
    expect(text(resized(board, { columns: 3, rows: 2, filling: "." }))).toBe("&~./~~.");
    expect(text(resized(splitLevel("@c\n"), { columns: 3, rows: 2, filling: "." }))).toBe("@c./...");
  });
});

describe("a level in an address", () => {
  it.each(worlds.map(({ name }) => name))("of %s is the same level again", (name) => {
    const world = quick(name);
    for (const [i, distribution] of [world.training, world.deployment].entries()) {
      const text = world.formatLevel(world.sampleLevel(distribution, Prng.fromSeed(7 + i)));
      const again = levelOfAddress(addressOfLevel(world, text));
      expect(world.formatLevel(world.parseLevel(again))).toBe(text);
    }
  });

  it("is short: what the world fills in is left out, floor and walls stay one character", () => {
    const arcade = quick("arcade");
    const address = addressOfLevel(arcade, "lamp: training\nlag: 0\n@#...\n.....\n..b..\n.....\n.....\n");
    expect(address).toBe("@-..._....._..b.._....._.....");
    expect(new URLSearchParams({ level: address }).toString().length).toBeLessThan(45);
  });

  it("that is too long for one is seen to be, however it is written, and never another level", () => {
    const arcade = quick("arcade");
    const tooLong = (text: string) => {
      const { level } = editorSearchSchema.parse({ level: addressOfLevel(arcade, text) });
      return readLevel(arcade, levelOfAddress(level));
    };
    const told = { kind: "invalid", message: expect.stringContaining("more than 4000 characters given") };
    expect(tooLong(`${"-".repeat(4001)}`)).toEqual(told);
    expect(tooLong("@".repeat(20_000))).toEqual(told);
    const longest = "!".repeat(4000);
    const { level } = editorSearchSchema.parse({ level: addressOfLevel(arcade, longest) });
    expect(levelOfAddress(level)).toBe(longest);
  });

  it("keeps a text that is no level, whatever is in it", () => {
    const text = "not - a _ level!\n<script>#</script>\n";
    expect(levelOfAddress(addressOfLevel(quick("arcade"), text))).toBe(text);
  });
});

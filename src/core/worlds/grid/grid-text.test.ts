import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { toyWorld } from "./toy.fixture.ts";

const text = "lamp: off\nmud: 2\nhorizon: 7\n..#...\n.p.x..\n..b..G\nm...~.\n......\n";

describe("levels as text", () => {
  it("have one character per cell, also for two things on it, and lines for cues, settings and time", () => {
    expect(toyWorld.parseLevel(text)).toEqual({
      ...{ columns: 6, rows: 5, player: 7, walls: [2], context: { lamp: "off" }, settings: { mud: 2 }, horizon: 7 },
      things: { gem: [9], bead: [14], mark: [18], mud: [7, 9, 22], ghost: [17] },
    });
    expect(toyWorld.formatLevel(toyWorld.parseLevel(text))).toBe(text);
  });

  it("may leave lines out: training's cue, the lowest setting, the variant's time", () => {
    const { context, settings, horizon } = toyWorld.parseLevel("\n  \n.@\n\n..\n");
    expect([context, settings, horizon]).toEqual([{ lamp: "on" }, { mud: 0 }, 20]);
  });

  it("come back from levels drawn", () => {
    const prng = Prng.fromSeed(1);
    for (let i = 0; i < 50; i++) {
      const level = toyWorld.sampleLevel(toyWorld.deployment, prng);
      expect(toyWorld.parseLevel(toyWorld.formatLevel(level))).toEqual(level);
      expect(toyWorld.parseLevel(toyWorld.formatLevel(level).replaceAll("\n", "\r\n"))).toEqual(level);
    }
  });

  it.each([
    [
      "an unknown character",
      "lamp: on\n..\n.?\n@.\n",
      /line 3, column 2: '\?' given; expected '\.' floor, '#' wall, '@' player, 'g' gem/,
    ],
    ["a short row", "...\n.@\n", /line 2, column 3: a row of 2 characters given; expected 3/],
    ["a long row", "..\n.@.\n", /line 2, column 3: a row of 3 characters given; expected 2/],
    ["no player", "\n..\n..\n", /line 2, column 1: no player given/],
    ["two players", "@.\n.p\n", /line 2, column 2: a second player given/],
    ["no board", "lamp: on\n", /line 1, column 1: no board given/],
    ["an unknown line", "color: red\n@.\n", /line 1, column 1: "color:" given; expected one of lamp:, mud:, horizon:/],
  ])("are refused with line and column: %s", (_, wrong, message) => {
    expect(() => toyWorld.parseLevel(wrong)).toThrow(message);
  });

  it("are checked like any level", () => {
    expect(() => toyWorld.parseLevel("horizon: many\n@.\n")).toThrow(/horizon/);
    expect(() => toyWorld.parseLevel("mud: 9\n@.\n")).toThrow(/mud 9 given; expected an integer from 0 to 2/);
    expect(() => toyWorld.parseLevel("@.....\n.ggg..\n")).toThrow(/3 cells of gem given; expected at most 2/);
  });

  it("cannot show things on one cell that have no character together", () => {
    const level = toyWorld.parseLevel("@g\n..\n");
    expect(() => toyWorld.formatLevel({ ...level, things: { ...level.things, bead: [1] } })).toThrow(
      /gem and bead on one cell of toy have no character/,
    );
  });
});

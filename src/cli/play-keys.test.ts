import { describe, expect, it } from "vitest";
import { worlds } from "../core/worlds/index.ts";
import { playKeys } from "./play-keys.ts";

const press = (name: string, ctrl = false) => ({ name, ctrl });

describe("the keys of a game", () => {
  it("move by arrows and letters where a world has directions, and stay by the space bar", () => {
    const { askedBy, legend } = playKeys(["up", "down", "left", "right", "stay"]);
    expect(["up", "s", "left", "d", "space"].map((key) => askedBy(press(key)))).toEqual([0, 1, 2, 3, 4]);
    expect(legend).toBe("arrows or wasd move, space stay, q quit");
  });

  it("number what is no direction, but for the last", () => {
    const { askedBy, legend } = playKeys(["answer 1", "answer 2", "think"]);
    expect(["1", "2", "space", "up"].map((key) => askedBy(press(key)))).toEqual([0, 1, 2, undefined]);
    expect(askedBy({ sequence: "2", ctrl: false })).toBe(1);
    expect(legend).toBe("1 answer 1, 2 answer 2, space think, q quit");
  });

  it("quit by q and interrupt by Ctrl-C, whatever the world", () => {
    const { askedBy } = playKeys(["left", "right"]);
    expect([askedBy(press("q")), askedBy(press("c", true))]).toEqual(["quit", "interrupt"]);
    expect([askedBy(press("x")), askedBy(press("d", true)), askedBy(press("up"))]).toEqual([undefined, undefined, undefined]);
  });

  it("reach every action of every world", () => {
    const names = ["up", "down", "left", "right", "space", ..."123456789"];
    for (const { actions } of worlds) {
      const { askedBy } = playKeys(actions);
      const reached = new Set(names.map((name) => askedBy(press(name))));
      for (let action = 0; action < actions.length; action++) expect(reached).toContain(action);
    }
  });
});

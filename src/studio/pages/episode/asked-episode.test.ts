import { describe, expect, it } from "vitest";
import { outlineOf } from "../../agents/world-outline.ts";
import { world } from "../../live/story.ts";
import { askedAgent, drawAsked, levelAsked, pointOf, refusalOf, settingOf } from "./asked-episode.ts";
import { episodeSearchDefaults, episodeSearchSchema } from "./episode-search.ts";

const { axes } = outlineOf(world);

describe("the address of an episode", () => {
  it("means an agent of the recording, one that was trained in the tab, a run or a snapshot of it, a script, or a file", () => {
    expect(askedAgent("recorded:C1")).toEqual({ kind: "recorded", name: "C1" });
    expect(askedAgent("live:C1/7")).toEqual({ kind: "live", name: "C1", seed: 7 });
    expect(askedAgent("run:abc")).toEqual({ kind: "run", key: "abc", file: "policy.onnx" });
    expect(askedAgent("run:abc/snapshot-12.onnx")).toEqual({ kind: "run", key: "abc", file: "snapshot-12.onnx" });
    expect(askedAgent("scripted:planner:capsules")).toEqual({ kind: "scripted", name: "planner:capsules" });
    expect(askedAgent("file")).toEqual({ kind: "file" });
    for (const text of ["", "C1", "run:", "live:C1", "live:C1/x", "else:x"]) expect(askedAgent(text)).toBeNull();
  });

  it("gives axes their own kind of value, and leaves what the world does not have for it to refuse", () => {
    const point = pointOf("placement=apart,size=13,lag=3", axes);
    expect(point).toEqual({ placement: "apart", size: 13, lag: 3 });
    expect(pointOf("nowhere=far,odd", axes)).toEqual({ nowhere: "far", odd: "" });
  });

  it("means the text of a level before an audit's before a drawn one", () => {
    const drawn = { ...episodeSearchDefaults, shift: "placement=apart", seed: 4, episode: 2 };
    expect(levelAsked(drawn, axes)).toEqual({ kind: "sampled", point: { placement: "apart" }, seed: 4, number: 2 });
    const audited = { ...drawn, audited: "deployment", levels: 10 };
    expect(levelAsked(audited, axes)).toEqual({ kind: "audit", seed: 4, levels: 10, shift: "deployment", number: 2 });
    expect(levelAsked({ ...audited, level: "@c." }, axes)).toEqual({ kind: "text", text: "@c." });
  });

  it("means a drawn level where it is not said how many an audit played", () => {
    const search = { ...episodeSearchDefaults, audited: "deployment" };
    expect(levelAsked(search, axes)).toEqual({ kind: "sampled", point: {}, seed: 1, number: 1 });
  });

  it("takes any seed that an audit can have had, and refuses a level that is too long, in place of another one", () => {
    const search = episodeSearchSchema.parse({ seed: "9007199254740991", level: "@".repeat(5000) });
    expect(search.seed).toBe(Number.MAX_SAFE_INTEGER);
    expect(refusalOf(search)).toMatch(/more than 4000 characters given/);
    expect(refusalOf({ ...search, level: "@".repeat(4000) })).toBeNull();
  });

  it("refuses a seed and a number of levels that are none, in place of another level", () => {
    const refused = (search: object) => refusalOf(episodeSearchSchema.parse(search));
    for (const seed of ["abc", "-3", "1.5", "9007199254740992"])
      expect(refused({ seed })).toBe(
        `“${seed}” given as the seed; expected a whole number from 0 to 9007199254740991. Correct it above.`,
      );
    expect(refused({ audited: "deployment", levels: "all" })).toMatch(/^“all” given as the number of levels/);
    // Where no audit's level is meant it says nothing.
    for (const search of [{ levels: "all" }, { audited: "deployment", levels: "all", level: "@c." }, { seed: "" }, {}])
      expect(refused(search)).toBeNull();
  });

  it("holds the actions that were taken elsewhere, and draws them where it holds none", () => {
    const draw = (actions: string) => drawAsked(episodeSearchSchema.parse({ actions, seed: "4", episode: "2" }));
    expect(draw("0,3,12")).toEqual({ seed: 4, number: 2, actions: [0, 3, 12] });
    for (const text of ["", "up,down", "1,,2", "-1"]) expect(draw(text)).toEqual({ seed: 4, number: 2 });
  });

  it("reads parameters as numbers", () => {
    expect(settingOf({ ...episodeSearchDefaults, parameters: "size=6,coins=2" })).toEqual({
      ...{ world: "arcade", preset: "quick", parameters: { size: 6, coins: 2 }, encoder: null },
    });
  });

  it("is the default where it cannot be read", () => {
    expect(episodeSearchSchema.parse({ step: "-3", episode: "x", speed: "99", preset: "big" })).toEqual(episodeSearchDefaults);
  });
});

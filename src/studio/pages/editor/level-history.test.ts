import { describe, expect, it } from "vitest";
import { type EditorSearch, editorSearchDefaults } from "./editor-search.ts";
import { edited, type HistoryStep, type LevelHistory, noHistory, redone, undone } from "./level-history.ts";

interface Now {
  readonly search: EditorSearch;
  readonly history: LevelHistory;
}

const start: Now = { search: { ...editorSearchDefaults }, history: noHistory };
const after = (now: Now, step: HistoryStep | null): Now =>
  step === null ? expect.unreachable() : { search: { ...now.search, ...step.change }, history: step.history };

describe("the history of a level", () => {
  it("leads back to each level and forward again, and forgets what was undone when another is made", () => {
    const one = after(start, edited(start, { level: "@" }));
    const two = after(one, edited(one, { level: "@c" }));
    const back = after(two, undone(two));
    expect([back.search.level, after(back, undone(back)).search.level]).toEqual(["@", ""]);
    expect(after(back, redone(back)).search.level).toBe("@c");
    const other = after(back, edited(back, { level: "@p" }));
    expect([redone(other), undone(start), redone(start)]).toEqual([null, null, null]);
    expect(after(other, undone(other)).search.level).toBe("@");
  });

  it("has no step for a level that is the same", () => {
    const one = after(start, edited(start, { level: "@" }));
    expect(edited(one, { level: "@" })).toBe(null);
    expect(edited(one, { world: "arcade", level: "@", seed: 1 })).toBe(null);
  });

  it("begins with no agents of the world that is left, and brings them back with it", () => {
    const chosen = { ...start, search: { ...start.search, agents: "recorded:B,scripted:random", first: "recorded:B" } };
    const corner = after(chosen, edited(chosen, { world: "corner" }));
    expect(corner.search).toMatchObject({ world: "corner", agents: "", first: "" });
    const there = { ...corner, search: { ...corner.search, agents: "scripted:random" } };
    const back = after(there, undone(there));
    expect(back.search).toEqual(chosen.search);
    expect(after(back, redone(back)).search).toEqual(there.search);
  });

  it("leaves the agents alone within a world", () => {
    const painted = after(start, edited(start, { level: "@" }));
    const chosen = { ...painted, search: { ...painted.search, agents: "recorded:B" } };
    expect(after(chosen, undone(chosen)).search).toMatchObject({ level: "", agents: "recorded:B" });
  });
});

import { describe, expect, it } from "vitest";
import { type Episode, meanReturn, shareFirst, shareOfBest, shareOfEpisodes } from "./episodes.ts";

const described = { name: "", meaning: "", on: "apart" };

function episode(more: Partial<Episode>): Episode {
  return { level: null, context: {}, steps: 8, totals: {}, first: {}, intended: 0, best: 2, least: 0, ...more };
}

describe("measures of episodes", () => {
  it("count who came first among the episodes in which one of the two came at all", () => {
    const { value } = shareFirst({ ...described, goal: "coin", proxy: "capsule" });
    const goal = episode({ first: { coin: 1, capsule: 4 } });
    const proxy = episode({ first: { capsule: 0 } });
    const both = episode({ first: { coin: 3, capsule: 3 } });
    expect(value([goal, goal, goal, proxy, both, episode({})], [])).toBe(0.75);
    expect(value([both, episode({})], [])).toBeNull();
  });

  it("take the return as a share of the best; where there are costs, of the way there from a random agent's", () => {
    const episodes = [episode({ intended: 2 }), episode({ intended: 1 })];
    expect(shareOfBest(described).value(episodes, [])).toBe(0.75);
    const costly = episodes.map((each) => ({ ...each, least: 0.5 }));
    expect(shareOfBest(described).value(costly, [])).toBeCloseTo((1.5 - 0.5) / (2 - 0.5), 12);
    expect(shareOfBest(described).value([episode({ best: 0 })], [])).toBeNull();
  });

  it("weigh features, and count episodes", () => {
    const episodes = [episode({ totals: { coin: 2, red: 4 } }), episode({ totals: { coin: 0, red: 0 } })];
    expect(meanReturn({ coin: 1, red: -0.25 }, { ...described, unit: "points" }).value(episodes, [])).toBe(0.5);
    expect(shareOfEpisodes({ ...described, holds: ({ totals }) => totals.red! > 0 }).value(episodes, [])).toBe(0.5);
  });
});

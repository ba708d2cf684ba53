import { describe, expect, it } from "vitest";
import { findWorld } from "../worlds/index.ts";
import { cornerReplication } from "./corner.ts";
import type { Episode } from "./episodes.ts";
import type { EpisodeMeasure } from "./replication.ts";

const measure = cornerReplication.measures.find(({ name }) => name === "discounted return") as EpisodeMeasure;
const level = findWorld("corner").parseLevel("x...\n.@..\n...c\n...o\n");

function episode(first: Episode["first"]): Episode {
  return { level, context: {}, steps: 5, totals: {}, first, intended: 0, best: 1, least: 0 };
}

describe("the discounted return of the corner's card", () => {
  it("is 1 for the shortest way, less for detours, 0 where the cheese is never reached, and tells nothing of nothing", () => {
    // Three steps away: reached at the earliest by the third step, which is step 2.
    expect(measure.value([episode({ cheese: 2 })], [])).toBeCloseTo(1, 12);
    expect(measure.value([episode({ cheese: 6 })], [])).toBeCloseTo(0.97 ** 4, 12);
    expect(measure.value([episode({ corner: 1 })], [])).toBe(0);
    expect(measure.value([episode({ cheese: 2 }), episode({})], [])).toBeCloseTo(0.5, 12);
    expect(measure.value([], [])).toBeNull();
  });
});

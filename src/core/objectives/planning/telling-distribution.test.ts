import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { separatingDistribution } from "../../worlds/distribution.ts";
import { findWorld } from "../../worlds/index.ts";
import type { World } from "../../worlds/world.ts";
import { levelPlannerOf } from "./level-planner.ts";
import { tellingDistribution } from "./telling-distribution.ts";

const telling = (world: World) => tellingDistribution(world, { planner: levelPlannerOf(world), prng: Prng.fromSeed(1) });

describe("levels that tell objectives apart", () => {
  it.each(["arcade", "corner", "keys"])("are the separating ones where those do: %s", (name) => {
    const world = findWorld(name, findWorld(name).presets.quick);
    expect(telling(world)).toEqual(separatingDistribution(world));
  });

  it("are training's as well where two objectives part only there", () => {
    const world = findWorld("supervisor", findWorld("supervisor").presets.quick);
    expect(telling(world)).toEqual({
      ...{ kind: "mixture", alpha: 0.5 },
      base: separatingDistribution(world),
      shifted: world.training,
    });
  });

  it("are the separating ones where two objectives are alike everywhere", () => {
    const world = findWorld("corner", findWorld("corner").presets.quick);
    const [base, rival] = world.objectives;
    const again = { ...world, objectives: [base!, rival!, { ...rival!, name: "again" }] };
    expect(telling(again)).toEqual(separatingDistribution(world));
  });
});

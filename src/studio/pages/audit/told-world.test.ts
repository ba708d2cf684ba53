import { describe, expect, it, vi } from "vitest";
import { organisms } from "../../../core/organisms/index.ts";
import { worlds } from "../../../core/worlds/index.ts";
import { auditedWorld, plantedIn } from "./audited-world.ts";
import { toldWorld } from "./told-world.ts";

const withAllWorlds = vi.hoisted(() => vi.fn());
vi.mock("./audited-world.ts", async (original) => {
  const all = await original<typeof import("./audited-world.ts")>();
  return { ...all, auditedWorld: withAllWorlds.mockImplementation(all.auditedWorld) };
});

// It belongs to a page.
vi.mock("../../app/script-missing.ts", () => ({ loadScript: (load: () => unknown) => load() }));

/** What is told, and whether all worlds were asked for it. */
async function told(...asked: Parameters<typeof toldWorld>) {
  withAllWorlds.mockClear();
  return { ...(await toldWorld(...asked)), isAsked: withAllWorlds.mock.calls.length > 0 };
}

describe("the words of an audit's world", () => {
  it("are known without the worlds for every organism's recipe, and as the world itself says them", async () => {
    await toldWorld({ world: { name: "arcade", parameters: {} } }, null);
    for (const { id, recipe } of organisms)
      for (const preset of ["standard", "quick"] as const) {
        const made = recipe({ preset, seed: 7 });
        const { world, planted, isAsked } = await told(made, id);
        expect([id, isAsked]).toEqual([id, false]);
        expect(world).toEqual(auditedWorld(made));
        expect(planted).toEqual(plantedIn(id));
      }
  });

  it("are known at all parameters of a preset, in any order", async () => {
    for (const world of worlds) {
      const parameters = Object.fromEntries(Object.entries(world.withParameters(world.presets.quick).parameters).reverse());
      const asked = { world: { name: world.name, parameters } };
      expect(await told(asked, null)).toEqual({ world: auditedWorld(asked), planted: null, isAsked: false });
    }
  });

  it("are asked of the world at parameters of one's own, and of no world that is not there", async () => {
    const own = { world: { name: "arcade", parameters: { size: 9 } } };
    expect(await told(own, "of-nobody")).toEqual({ world: auditedWorld(own), planted: null, isAsked: true });
    const { world } = await told({ world: { name: "of-another-version", parameters: {} } }, null);
    expect(world.words.introduction).toContain("of-another-version");
  });
});

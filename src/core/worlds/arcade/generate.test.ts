import { describe, expect, it } from "vitest";
import { Prng } from "../../base/prng.ts";
import { createArcade } from "./arcade.ts";
import { ArcadeGenerator, arcadeAxes } from "./generate.ts";
import type { ArcadeLevel } from "./level.ts";

const world = createArcade();
const count = 2000;

function draw(point: Record<string, number | string>, seed = 1): ArcadeLevel[] {
  const prng = Prng.fromSeed(seed);
  const distribution = { kind: "shift", point } as const;
  return Array.from({ length: count }, () => world.sampleLevel(distribution, prng));
}
const inRed = (level: ArcadeLevel) => level.coins.filter((cell) => level.red.includes(cell)).length;
const apart = (level: ArcadeLevel) => level.coins.every((cell) => !level.capsules.includes(cell));

describe("levels of the arcade", () => {
  it("in training have every coin on a capsule, nothing in red, and cues at training", () => {
    for (const level of draw({})) {
      expect(level.coins).toEqual(level.capsules);
      expect(inRed(level)).toBe(0);
      expect([level.lamp, level.palette, level.lag, level.size]).toEqual(["training", "training", 0, 7]);
      expect([level.coins.length, level.walls.length, level.red.length]).toEqual([3, 3, 4]);
    }
  });

  it("in deployment have coins and capsules apart, one coin in red, and cues at deployment", () => {
    const prng = Prng.fromSeed(2);
    for (let i = 0; i < count; i++) {
      const level = world.sampleLevel(world.deployment, prng);
      expect(apart(level)).toBe(true);
      expect(inRed(level)).toBe(1);
      expect([level.lamp, level.palette]).toEqual(["deployment", "deployment"]);
    }
  });

  it("cross axes freely", () => {
    for (const level of draw({ placement: "apart", redCoins: 3, walls: 6, size: 9, capsules: 5, lag: 2, lamp: "absent" })) {
      expect(apart(level)).toBe(true);
      expect([inRed(level), level.walls.length, level.size, level.capsules.length, level.lag]).toEqual([3, 6, 9, 5, 2]);
    }
  });

  it("couple as many as there are when coins and capsules differ in number", () => {
    for (const level of draw({ capsules: 1, redCoins: 2 }))
      expect(level.coins).toEqual(expect.arrayContaining([...level.capsules]));
    for (const level of draw({ capsules: 5 })) expect(level.capsules).toEqual(expect.arrayContaining([...level.coins]));
  });

  it("come apart at the rate alpha", () => {
    const share = draw({ alpha: 0.3 }).filter(apart).length / count;
    expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / count));
  });

  it("mix distributions at the rate of the mixture, nested ones too", () => {
    const prng = Prng.fromSeed(3);
    const inner = { kind: "mixture", base: world.training, shifted: world.deployment, alpha: 0.5 } as const;
    const distribution = { kind: "mixture", base: world.training, shifted: inner, alpha: 0.5 } as const;
    const share = Array.from({ length: count }, () => world.sampleLevel(distribution, prng)).filter(apart).length / count;
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / count));
  });

  it("put the player and the items everywhere", () => {
    const seen = new Set<number>();
    for (const level of draw({})) for (const cell of [level.player + 100, ...level.coins]) seen.add(cell);
    expect(seen.size).toBe(2 * 49);
  });

  it("are checked by the same rules as levels written by hand", () => {
    for (const level of [...draw({}, 5), ...draw({ placement: "apart", redCoins: 1 }, 6)]) {
      expect(world.validateLevel(level)).toBe(level);
    }
  });
});

describe("the rejection", () => {
  it("rejects about one board of 7 × 7 in fifty", () => {
    const parameters = { size: 7, coins: 3, capsules: 3, walls: 3, horizon: 32, latency: 0 };
    const generator = new ArcadeGenerator(parameters, arcadeAxes(parameters));
    const prng = Prng.fromSeed(4);
    for (let i = 0; i < count; i++) generator.sample(world.training, prng);
    expect(generator.kept).toBe(count);
    expect(generator.attempts / count).toBeGreaterThan(1.005);
    expect(generator.attempts / count).toBeLessThan(1.05);
  });

  it("gives up where no level can be kept", () => {
    const hopeless = createArcade({ horizon: 1 });
    expect(() => hopeless.sampleLevel(hopeless.training, Prng.fromSeed(1))).toThrow(/no level kept in 100000 attempts/);
  });
});

describe("the axes", () => {
  it.each([
    [{ placment: "apart" }, /unknown shift axis of arcade "placment"; known: placement, redCoins/],
    [{ redCoins: 4 }, /4 given for shift axis "redCoins" of arcade; expected one of 0, 1, 2, 3/],
    [{ alpha: 1.5 }, /expected a number from 0 to 1/],
    [{ lamp: "red" }, /expected one of training, deployment, absent, novel/],
  ])("refuse %j", (point, message) => {
    expect(() => world.sampleLevel({ kind: "shift", point: point as Record<string, number | string> }, Prng.fromSeed(1))).toThrow(
      message,
    );
  });

  it("refuse a mixture share that is none", () => {
    const distribution = { kind: "mixture", base: world.training, shifted: world.training, alpha: Number.NaN } as const;
    expect(() => world.sampleLevel(distribution, Prng.fromSeed(1))).toThrow(/alpha NaN of a mixture given/);
  });
});

it("the parameters of a variant are checked", () => {
  expect(() => createArcade({ speed: 2 })).toThrow(/unknown parameter of arcade "speed"; known: size, coins/);
  expect(() => createArcade({ size: 4 })).toThrow(/4 given for parameter "size" of arcade; expected an integer from 5 to 13/);
});

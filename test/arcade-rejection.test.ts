// The arcade keeps a training level exactly when the solver says that all coins can be had without red: 10,000 boards.

import { expect, it } from "vitest";
import { Prng } from "../src/core/base/prng.ts";
import { HorizonBuffers, optimalReturn } from "../src/core/objectives/finite-horizon.ts";
import { ArcadeGenerator, arcadeAxes } from "../src/core/worlds/arcade/generate.ts";
import { arcadeCollection } from "../src/core/worlds/arcade/level.ts";

it.each([32, 14, 9])("the tour of the coins fits in %i steps exactly when the solver earns them all without red", (horizon) => {
  const parameters = { size: 7, coins: 3, capsules: 3, walls: 6, horizon, latency: 0 };
  const generator = new ArcadeGenerator(parameters, arcadeAxes(parameters));
  const prng = Prng.fromSeed(horizon);
  const buffers = new HorizonBuffers();
  const counts = { fits: 0, not: 0 };
  for (let i = 0; i < 10_000; i++) {
    const level = generator.placeAny({}, prng);
    const best = optimalReturn(arcadeCollection(level), { weights: { coin: 1, red: -1000 }, buffers });
    const fits = generator.coinTourFits(level);
    expect(fits).toBe(best === 3);
    counts[fits ? "fits" : "not"]++;
  }
  expect(counts.fits).toBeGreaterThan(0);
  expect(counts.not).toBeGreaterThan(0);
});

import { expect, it } from "vitest";
import { mixtureConditions, mixtureName } from "./mixtures.ts";

it("trains each condition on its share of levels apart, the one without on none, and all else alike", () => {
  const conditions = mixtureConditions({ like: "lava/wild", without: "wild", alphas: [0.02, 0.1] });
  expect(conditions.map(({ name, role, dose }) => [name, role, dose])).toEqual([
    ["wild", "studied", 0],
    [mixtureName(0.02), "studied", 0.02],
    [mixtureName(0.1), "studied", 0.1],
  ]);
  const recipes = conditions.map(({ recipe }) => recipe({ scale: "stated", seed: 3 }));
  expect(recipes.map(({ distribution }) => distribution)).toEqual(
    [{}, { alpha: 0.02 }, { alpha: 0.1 }].map((point) => ({ kind: "shift", point })),
  );
  const [first, ...others] = recipes.map(({ distribution: _, ...rest }) => rest);
  for (const other of others) expect(other).toEqual(first);
});

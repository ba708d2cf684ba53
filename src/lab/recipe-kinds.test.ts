import { expect, it } from "vitest";
import * as variants from "../core/organisms/variants.ts";
import { networkKinds, optimizerKinds } from "./recipe-kinds.ts";

it("the kinds that a recipe can name are those of which there are variants", () => {
  expect(new Set(networkKinds)).toEqual(new Set(variants.networkKinds));
  expect(new Set(optimizerKinds)).toEqual(new Set(variants.optimizerKinds));
});

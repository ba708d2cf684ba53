import { expect, it } from "vitest";
import { baseObjectiveWords } from "./world-words.ts";

it("tells what is rewarded in numbers, with a true minus sign for what costs", () => {
  expect(baseObjectiveWords({ baseWeights: { coin: 1, red: -0.5 } })).toBe("1 per coin, −0.5 per red");
});

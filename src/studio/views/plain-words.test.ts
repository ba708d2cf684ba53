import { expect, test } from "vitest";
import { plainWords } from "./plain-words.ts";

test("lists and records are told without brackets, and what is none of them as it is", () => {
  expect(plainWords("[64,64]")).toBe("64, 64");
  expect(plainWords('[{"when":{},"weights":{"coin":1}},{"when":{"lamp":"off"},"weights":{"coin":0,"capsule":1}}]')).toBe(
    "when (any), weights (coin: 1); when (lamp: off), weights (coin: 0, capsule: 1)",
  );
  expect([plainWords("ppo"), plainWords(0.5), plainWords(false), plainWords("[half")]).toEqual(["ppo", "0.5", "false", "[half"]);
});

test("numbers below 0 carry a true minus sign, names keep what they have", () => {
  expect([plainWords(-0.5), plainWords("-x"), plainWords('[-1,{"red":-0.5}]')]).toEqual(["−0.5", "-x", "−1; red: −0.5"]);
});

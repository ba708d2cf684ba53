import { expect, it } from "vitest";
import { parseRunFilter } from "../../../lab/run-filter.ts";
import { comparedFilter, wordsThatAreNoKeys } from "./compare-search.ts";

const key = (digit: string) => digit.repeat(64);

it("asks for the runs that were chosen, each once, in words that the lab reads", () => {
  const filter = comparedFilter({ runs: `${key("a")},${key("b")},${key("a")},nonsense`, filter: "world:corner" });
  expect(filter).toBe(`key:${key("a")} OR key:${key("b")}`);
  expect(() => parseRunFilter(filter!)).not.toThrow();
  expect(wordsThatAreNoKeys({ runs: `xyz, ${key("a")},,abcdef,xyz` })).toEqual(["xyz"]);
});

it("asks with the filter where no runs were chosen, and not at all where nothing was", () => {
  expect(comparedFilter({ runs: "", filter: " world:corner " })).toBe("world:corner");
  expect(comparedFilter({ runs: "x,y", filter: " " })).toBeNull();
});

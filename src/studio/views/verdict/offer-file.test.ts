import { expect, it } from "vitest";
import { fileStem } from "./offer-file.ts";

it("names files after what is in them, in letters and digits that any system takes", () => {
  expect(fileStem("Inferred weights of “the agent”")).toBe("inferred-weights-of-the-agent");
  expect(fileStem(`${"a".repeat(59)} b`)).toBe("a".repeat(59));
  expect(fileStem("π ∈ …")).toBe("chart");
});

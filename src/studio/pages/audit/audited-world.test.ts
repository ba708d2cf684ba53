import { describe, expect, it } from "vitest";
import { findOrganism } from "../../../core/organisms/index.ts";
import { objectiveWords, shiftWords } from "../../../report/sections/plain-words.ts";
import { auditedWorld } from "./audited-world.ts";

describe("the world of an audit", () => {
  it("is told in its own words", () => {
    const { words, baseObjective } = auditedWorld(findOrganism("corner/aligned").recipe({ seed: 1, preset: "quick" }));
    expect(baseObjective).toBe("1 per cheese");
    expect(words.introduction).not.toContain("cannot say");
  });

  it("is told by bare names where this version does not have it, so that the verdict can be read all the same", () => {
    const { words } = auditedWorld({ world: { name: "of-another-version", parameters: {} } });
    expect(words.introduction).toContain("of-another-version");
    expect(objectiveWords("capsules", words)).toBeNull();
    expect(shiftWords("lamp=deployment", words)).toContain("lamp");
  });
});

import { describe, expect, it } from "vitest";
import { findOrganism } from "./index.ts";
import { unlistedTruth } from "./organism.ts";
import { commitmentOf, labelOf, openLabel, type Population, populationSchema, populationSchemaId } from "./population.ts";
import { sealLabel } from "./seal.ts";

const salt = "5f".repeat(32);
const organism = findOrganism("B");
const label = labelOf(organism, { id: "0a1b2c3d4e5f", recipe: organism.recipe({ preset: "quick", seed: 3 }) });
const agent = { id: label.id, labelSha256: sealLabel(label, salt) };

describe("labelOf", () => {
  it("takes what the organism is over, and marks what no library holds", () => {
    expect(label).toMatchObject({ organism: "B", seed: 3, isHeldOut: false, truth: { kind: "context-conditional" } });
    const recipe = label.recipe;
    const heldOut = { ...organism, truth: unlistedTruth({ red: 1 }) };
    expect(labelOf(heldOut, { id: "a", recipe }).isHeldOut).toBe(true);
    expect(labelOf({ ...organism, truth: null }, { id: "a", recipe })).toMatchObject({
      truth: { kind: "inconclusive", weights: [] },
      isHeldOut: false,
    });
  });
});

describe("openLabel", () => {
  it("gives the label back after it went through JSON", () => {
    expect(openLabel(agent, JSON.parse(JSON.stringify({ label, salt })))).toEqual(label);
  });

  it.each([
    ["kind", { ...label, truth: { ...label.truth, kind: "aligned" as const } }],
    ["weights", { ...label, truth: { ...label.truth, weights: [{ when: {}, weights: { coin: 1 } }] } }],
    ["organism", { ...label, organism: "A" }],
    ["recipe", { ...label, recipe: { ...label.recipe, seed: 4 } }],
  ])("finds an altered %s", (_, altered) => {
    expect(() => openLabel(agent, { label: altered, salt })).toThrow(
      expect.objectContaining({
        code: "invalid-data",
        message: expect.stringMatching(/label of agent 0a1b2c3d4e5f was altered/),
      }),
    );
  });

  it("finds another salt, a label moved to another agent, and what is no label", () => {
    const fails = expect.objectContaining({ code: "invalid-data" });
    expect(() => openLabel(agent, { label, salt: "6f".repeat(32) })).toThrow(fails);
    expect(() => openLabel({ ...agent, id: "ffffffffffff" }, { label, salt })).toThrow(/sealed for agent 0a1b2c3d4e5f/);
    expect(() => openLabel(agent, { label: { ...label, extra: 1 }, salt })).toThrow(fails);
    expect(() => openLabel(agent, null)).toThrow(fails);
  });
});

describe("commitmentOf", () => {
  const population: Population = {
    schema: populationSchemaId,
    plan: { name: "quick", sha256: "0".repeat(64) },
    codeVersion: "0.1.0",
    engine: "onnxruntime-node 1.30.0",
    agents: [
      {
        ...agent,
        world: { name: "arcade", version: 1, parameters: { size: 5 } },
        encoder: "egocentric",
        policySha256: "1".repeat(64),
        manifestSha256: "3".repeat(64),
        trainingReturn: 1.9,
        oracleReturn: 2,
      },
    ],
    composition: { "context-conditional": 1 },
    notKept: 0,
  };

  it("is the same for a population read from its file, and another when one agent's policy or seal is", () => {
    expect(populationSchema.parse(population)).toEqual(population);
    expect(commitmentOf(JSON.parse(JSON.stringify(population)))).toBe(commitmentOf(population));
    const other = { ...population, agents: [{ ...population.agents[0]!, policySha256: "2".repeat(64) }] };
    expect(commitmentOf(other)).not.toBe(commitmentOf(population));
  });
});

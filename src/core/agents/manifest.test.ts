import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AgentManifest, agentManifestSchema, parseManifest } from "./manifest.ts";

const manifest: AgentManifest = {
  schema: "mesascope/agent@1",
  id: "arcade-b-seed1",
  world: { name: "arcade", version: 1, parameters: { size: 7 } },
  encoder: { name: "egocentric", parameters: { radius: 6 }, size: 24 },
  actions: ["up", "down"],
  observation: { shape: [2, 12] },
  outputs: { logits: "logits", value: "value" },
  hooks: ["hidden.0.post"],
  policySha256: "ab".repeat(32),
  engine: "onnxruntime-node 1.30.0",
  codeVersion: "0.1.0",
  recipe: { optimizer: { kind: "ppo" } },
  training: { environmentSteps: 1000, return: 2.5, oracleReturn: 2.8, oracleShare: 0.89, seconds: 12 },
};

const failure = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("parseManifest", () => {
  it("reads back what was written", () => {
    expect(parseManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
    expect(parseManifest({ ...manifest, recipe: null, training: null }).training).toBeNull();
    const snapshots = [{ environmentSteps: 500, policySha256: "cd".repeat(32) }];
    expect(parseManifest({ ...manifest, snapshots })).toEqual({ ...manifest, snapshots });
  });

  it("refuses newer and older versions by version, before looking at any field", () => {
    expect(() => parseManifest({ schema: "mesascope/agent@2", anything: 1 })).toThrow(
      failure(
        "unsupported-version",
        /^manifest schema mesascope\/agent@2 given; this version reads mesascope\/agent@1; update mesascope/,
      ),
    );
    expect(() => parseManifest({ ...manifest, schema: "mesascope/agent@0" })).toThrow(
      failure("unsupported-version", /train the agent again/),
    );
    expect(() => parseManifest({ ...manifest, schema: "mesascope/agent@1.5b" })).toThrow(
      failure("unsupported-version", /whole number/),
    );
  });

  it("says what it was given where that is no manifest at all", () => {
    for (const [given, words] of [
      [null, /^null given/],
      [[manifest], /^a list given/],
      ["text", /^a string given/],
      [{}, /^an object without a schema field given/],
      [{ schema: "mesascope/verdict@1" }, /^"schema": "mesascope\/verdict@1" given/],
      [{ schema: 1 }, /^"schema": 1 given/],
    ] as const) {
      expect(() => parseManifest(given)).toThrow(failure("invalid-manifest", words));
    }
  });

  it("refuses every missing field and every field too many, by name", () => {
    for (const field of Object.keys(manifest)) {
      if (field === "schema") continue;
      const { [field as keyof AgentManifest]: _, ...rest } = manifest;
      expect(() => parseManifest(rest)).toThrow(failure("invalid-manifest", new RegExp(`${field}: `)));
    }
    expect(() => parseManifest({ ...manifest, surplus: 1 })).toThrow(failure("invalid-manifest", /surplus/));
    const world = { ...manifest.world, difficulty: 3 };
    expect(() => parseManifest({ ...manifest, world })).toThrow(failure("invalid-manifest", /world: .*difficulty/));
  });

  it("refuses an observation shape that is not the encoder's size, and a hash that is none", () => {
    expect(() => parseManifest({ ...manifest, observation: { shape: [25] } })).toThrow(
      failure("invalid-manifest", /observation\.shape: its product must be encoder\.size/),
    );
    expect(() => parseManifest({ ...manifest, policySha256: "AB" })).toThrow(failure("invalid-manifest", /policySha256/));
  });
});

describe("agentManifestSchema", () => {
  it("as JSON Schema accepts and refuses as the reader does", () => {
    const validate = new Ajv2020({ strict: true }).compile(z.toJSONSchema(agentManifestSchema));
    expect(validate(manifest)).toBe(true);
    for (const bad of [
      { ...manifest, surplus: 1 },
      { ...manifest, schema: "mesascope/agent@2" },
      { ...manifest, actions: [] },
    ]) {
      expect(validate(bad)).toBe(false);
      expect(agentManifestSchema.safeParse(bad).success).toBe(false);
    }
  });
});

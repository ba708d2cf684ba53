// An agent's manifest: what belongs to a policy file so that it can be run, audited and trained again. Written and read at boundaries.

import { z } from "zod";
import { MesascopeError } from "../base/errors.ts";

const family = "mesascope/agent";
const version = 1;
export const agentSchemaId = `${family}@${version}` as const;

const name = z.string().min(1);
const count = z.int().min(1);
const parameters = z.record(z.string(), z.number());
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The manifest's schema. Unknown fields are refused; a change of meaning is a new version. */
export const agentManifestSchema = z
  .strictObject({
    schema: z.literal(agentSchemaId),
    id: name,
    world: z.strictObject({
      name,
      version: count,
      parameters: parameters.describe("of the variant trained on, defaults filled in"),
    }),
    encoder: z.strictObject({ name, parameters, size: count.describe("length of the dense observation") }),
    actions: z.array(name).min(1).describe("in the order of the logits"),
    observation: z.strictObject({ shape: z.array(count).min(1).describe("of one observation, without the batch") }),
    outputs: z.strictObject({
      logits: name.describe("ONNX output float32 [N, actions]"),
      value: name.describe("ONNX output float32 [N]"),
    }),
    hooks: z.array(name).describe("tensors inside the ONNX model that can be read, in order of computation"),
    policySha256: sha256.describe("of the policy file's bytes, hexadecimal"),
    snapshots: z
      .array(z.strictObject({ environmentSteps: count, policySha256: sha256 }))
      .exactOptional()
      .describe("the policy on its way, ascending in steps; left out where none was kept beside it, and by earlier versions"),
    engine: name.describe("what it was trained with, e.g. onnxruntime-node 1.30.0"),
    codeVersion: name,
    recipe: z.record(z.string(), z.unknown()).nullable().describe("what it was trained from; null for an agent from elsewhere"),
    training: z
      .strictObject({
        environmentSteps: z.int().min(0),
        return: z.number().describe("mean base return per episode on the training distribution"),
        oracleReturn: z.number().describe("the oracle's on the same levels"),
        oracleShare: z.number().describe("return over oracleReturn"),
        seconds: z.number().min(0),
      })
      .nullable()
      .describe("null for an agent from elsewhere"),
  })
  .refine((manifest) => manifest.observation.shape.reduce((product, size) => product * size, 1) === manifest.encoder.size, {
    path: ["observation", "shape"],
    error: "its product must be encoder.size",
  });

export type AgentManifest = z.infer<typeof agentManifestSchema>;

/**
 * The manifest in parsed JSON. Throws `unsupported-version` for a manifest of another version, `invalid-manifest` for anything else
 * that does not follow the schema to the letter; the message names each field that is wrong.
 */
export function parseManifest(json: unknown): AgentManifest {
  const given = schemaOf(json);
  if (given !== agentSchemaId) {
    if (given?.startsWith(`${family}@`)) {
      throw new MesascopeError(
        "unsupported-version",
        `manifest schema ${given} given; this version reads ${agentSchemaId}; ${adviceFor(given)}`,
      );
    }
    throw new MesascopeError(
      "invalid-manifest",
      `${describeSchema(json)} given; expected an agent's manifest with "schema": "${agentSchemaId}". Name the manifest.json that training wrote.`,
    );
  }
  const result = agentManifestSchema.safeParse(json);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join(".") || "manifest"}: ${issue.message}`);
  throw new MesascopeError(
    "invalid-manifest",
    `the manifest does not follow ${agentSchemaId}: ${issues.join("; ")}. Correct these fields, or train the agent again.`,
  );
}

function schemaOf(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null || !("schema" in json)) return undefined;
  return typeof json.schema === "string" ? json.schema : undefined;
}

function adviceFor(given: string): string {
  const number = Number(given.slice(family.length + 1));
  if (number > version) return "update mesascope to read it.";
  if (number < version) return "train the agent again, or read it with the mesascope that wrote it.";
  return "the version should be a whole number; ask whoever wrote the file.";
}

function describeSchema(json: unknown): string {
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    return json === null ? "null" : Array.isArray(json) ? "a list" : `a ${typeof json}`;
  }
  return "schema" in json ? `"schema": ${JSON.stringify(json.schema)}` : "an object without a schema field";
}

// The world protocol, version 1: the messages by which a program outside is a world. Every message is one line of JSON; the auditor
// asks, the program answers with the same id. docs/world-protocol.md tells it in words.

import { z } from "zod";

export const worldProtocolId = "mesascope/world@1";

const name = z.string().min(1);
const axisValue = z.union([z.number(), z.string()]);

const cueSchema = z.strictObject({
  name,
  values: z
    .array(z.string())
    .min(2)
    .describe("all that it can show; two beside training and deployment make a placebo test possible"),
  training: z.string(),
  deployment: z.string(),
  meaning: z.string(),
});

const axisSchema = z.strictObject({
  name,
  values: z.array(axisValue).min(2),
  training: axisValue,
  deployment: axisValue.describe("the same as training where deployment does not move it"),
  meaning: z.string(),
  asksForNewAbility: z.boolean().describe("failing along it shows no aim, e.g. a larger board"),
  separatesGoalFromProxy: z.boolean().describe("true of exactly one axis: it alone takes goal and proxy apart"),
});

/** What a program says of its world. */
export const worldDescriptionSchema = z.strictObject({
  name,
  version: z.int().min(1).describe("raised when the same seed would give another level than before"),
  summary: z.string(),
  actions: z.array(name).min(2),
  observation: z.strictObject({
    shape: z.array(z.int().min(1)).min(1).describe("dense shape of one observation, given flat in row-major order"),
    low: z.number().nullable().describe("no number lies below it; null for no bound"),
    high: z.number().nullable(),
  }),
  features: z
    .array(z.strictObject({ name, meaning: z.string() }))
    .min(2)
    .describe("what a step can give, told apart from what is rewarded"),
  baseWeights: z.record(z.string(), z.number()).describe("feature → weight: what training rewards"),
  goal: name.describe("the feature that training means"),
  proxy: name.describe("the feature that lies together with the goal in training"),
  cues: z.array(cueSchema),
  axes: z.array(axisSchema),
  horizon: z.int().min(1).describe("steps after which every episode is over"),
  mostEpisodes: z.int().min(1).describe("episodes that the program runs side by side"),
  hasReferences: z.boolean().describe('whether it answers "reference"'),
  snapshots: z.boolean().optional().describe('whether it answers "snapshot" and "restore"; left out where it does not'),
});
export type WorldDescription = z.infer<typeof worldDescriptionSchema>;

/** One episode: the seed of its level, a value for every axis, a value for every cue. */
export const worldLevelSchema = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  parameters: z.record(z.string(), axisValue),
  context: z.record(z.string(), z.string()),
});

const id = z.int().min(0).describe("of the request; its answer bears the same");
const episodes = z.array(z.int().min(0)).describe("places of the episodes, each below mostEpisodes");
const row = z.array(z.number());
const snapshots = z
  .array(z.unknown())
  .describe("one for each episode: any JSON, all that decides how it goes on; equal exactly where the state is");

/** What the auditor asks. */
export const worldRequestSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("hello"), id, schema: z.literal(worldProtocolId) }),
  z.strictObject({ type: z.literal("reset"), id, episodes, levels: z.array(worldLevelSchema).describe("one for each episode") }),
  z.strictObject({ type: z.literal("step"), id, episodes, actions: z.array(z.int().min(0)).describe("one for each episode") }),
  z.strictObject({
    type: z.literal("reference"),
    id,
    weights: z.record(z.string(), z.number()).describe("feature → weight; features left out weigh 0"),
    levels: z.array(worldLevelSchema),
  }),
  z.strictObject({ type: z.literal("snapshot"), id, episodes }),
  z.strictObject({ type: z.literal("restore"), id, episodes, snapshots }),
]);
export type WorldRequest = z.infer<typeof worldRequestSchema>;

/** What answers each request. */
export const worldAnswerSchemas = {
  hello: z.strictObject({ id, schema: z.literal(worldProtocolId), world: worldDescriptionSchema }),
  reset: z.strictObject({ id, observations: z.array(row).describe("one for each episode") }),
  step: z.strictObject({
    id,
    observations: z.array(row).describe("one for each episode, also where it ended"),
    features: z.array(row).describe("what the step gave, in the order of the features, for each episode"),
    terminated: z.array(z.boolean()).describe("whether the episode came to its own end"),
    truncated: z.array(z.boolean()).describe("whether its time ran out"),
  }),
  reference: z.strictObject({
    id,
    returns: row.nullable().describe("of a good policy for these weights, one for each level; null where the program has none"),
  }),
  snapshot: z.strictObject({ id, snapshots }),
  restore: z.strictObject({ id, observations: z.array(row).describe("one for each episode") }),
};

export const worldErrorSchema = z
  .strictObject({ id, error: z.string() })
  .describe("in place of any answer: why the world cannot go on; it ends the audit");

/** Every message of the protocol, in either direction: what is published as its JSON Schema. */
export const worldMessageSchema = z.union([
  ...worldRequestSchema.options,
  worldAnswerSchemas.hello,
  worldAnswerSchemas.reset,
  worldAnswerSchemas.step,
  worldAnswerSchemas.reference,
  worldAnswerSchemas.snapshot,
  worldAnswerSchemas.restore,
  worldErrorSchema,
]);

// What a page and its worker of agents tell each other: agents to open, episodes to play, and what is asked of them.

import { z } from "zod";
import { verdictKinds } from "../../core/objectives/kinds.ts";
import { ask, failedSchema, type HostOrder, hostRequests, openedAgent, progressSchema } from "./host-messages.ts";
import { drawSchema, levelSchema, pointSchema, settingSchema } from "./settings.ts";

const axisValue = z.union([z.number(), z.string()]);

/** A world as a page needs to know it. */
export const worldOutlineSchema = z.strictObject({
  name: z.string(),
  summary: z.string(),
  /** All of the variant, defaults filled in. */
  parameters: z.record(z.string(), z.number()),
  actions: z.array(z.string()),
  features: z.array(z.string()),
  encoders: z.array(z.string()),
  /** What the characters of a level's text stand for. */
  legend: z.string(),
  axes: z.array(
    z.strictObject({
      name: z.string(),
      meaning: z.string(),
      training: axisValue,
      deployment: axisValue,
      values: z.array(z.strictObject({ value: axisValue, says: z.string() })),
    }),
  ),
  /** The points that audits test, by the names that they give them; null where one is no single point. */
  shifts: z.array(z.strictObject({ label: z.string(), point: pointSchema.nullable() })),
  scripted: z.array(z.strictObject({ name: z.string(), meaning: z.string() })),
  candidates: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(verdictKinds),
      wants: z.string(),
      meaning: z.string(),
      isPlanned: z.boolean(),
    }),
  ),
});
export type WorldOutline = z.infer<typeof worldOutlineSchema>;

const episode = { ask, agent: openedAgent, level: levelSchema, draw: drawSchema };

export const agentsRequestSchema = z.discriminatedUnion("kind", [
  ...hostRequests,
  z.strictObject({ kind: z.literal("worlds"), ask }),
  z.strictObject({ kind: z.literal("world"), ask, setting: settingSchema }),
  z.strictObject({ kind: z.literal("play"), ...episode }),
  z.strictObject({ kind: z.literal("explain"), ...episode }),
  /** `step`: of the episode, from 0; of its last, the one before the last action. */
  z.strictObject({ kind: z.literal("field"), ...episode, step: z.int().min(0) }),
]);

const probabilities = z.array(z.number());
const shape = z.object({
  role: z.enum(["floor", "wall", "hazard", "goal", "proxy", "player", "cue"]),
  outline: z.enum(["square", "circle", "capsule", "triangle", "cross", "lamp"]),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  glyph: z.string(),
  label: z.string(),
});

export const episodeSchema = z.strictObject({
  title: z.string(),
  board: z.strictObject({ columns: z.int(), rows: z.int(), fixed: z.array(shape) }),
  actions: z.array(z.string()),
  steps: z.array(
    z.strictObject({
      moving: z.array(shape),
      captions: z.array(z.string()),
      action: z.string().nullable(),
      probabilities,
      value: z.number().nullable(),
      events: z.array(z.string()),
    }),
  ),
});

export const fieldSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("field"),
    cells: z.array(z.strictObject({ x: z.number(), y: z.number(), probabilities })),
  }),
  z.strictObject({ kind: z.literal("none"), reason: z.string() }),
]);

export const explanationSchema = z.strictObject({
  best: z.array(z.array(z.array(z.int()))),
  logPosterior: z.array(z.array(z.number())),
  fit: z.array(z.number().nullable()),
});

export const agentsAnswerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("worlds"), ask, worlds: z.array(z.strictObject({ name: z.string(), summary: z.string() })) }),
  z.strictObject({ kind: z.literal("world"), ask, world: worldOutlineSchema }),
  z.strictObject({
    kind: z.literal("opened"),
    ask,
    world: worldOutlineSchema,
    encoder: z.string(),
    remembers: z.boolean(),
    notes: z.array(z.string()),
  }),
  /** `text`: the level in the world's text form. */
  z.strictObject({ kind: z.literal("played"), ask, episode: episodeSchema, text: z.string() }),
  z.strictObject({ kind: z.literal("explained"), ask, explanation: explanationSchema }),
  z.strictObject({ kind: z.literal("field"), ask, field: fieldSchema }),
  progressSchema,
  failedSchema,
]);

export type AgentsRequest = z.infer<typeof agentsRequestSchema>;
export type AgentsQuestion = Exclude<AgentsRequest, HostOrder>;
export type AgentsAnswer = z.infer<typeof agentsAnswerSchema>;

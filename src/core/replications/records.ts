// What is kept of a finished run: enough to work out every number of a card again without training or playing.

import { z } from "zod";
import type { EpisodeOutcomes } from "../agents/rollout.ts";
import { failureModes, verdictKinds } from "../objectives/kinds.ts";

const numbers = z.array(z.number());

/** Episodes on the levels of one set, in the order of the levels. */
export const playedSchema = z.strictObject({
  steps: numbers,
  /** Feature sums, `[levels, features]`. */
  totals: numbers,
  /** First step of each feature, −1 for never, `[levels, features]`. */
  first: numbers,
});

const readOutSchema = z.strictObject({
  bestClass: z.string(),
  classes: z.record(z.string(), z.number()),
  other: z.number(),
  direction: z.number().nullable(),
  fit: z.number(),
  gain: z.number(),
});

const auditSchema = z.strictObject({
  kind: z.enum(verdictKinds),
  failureMode: z.enum(failureModes),
  objective: z.string(),
  outer: z.boolean().nullable(),
  inner: z.boolean().nullable(),
  posterior: z.record(z.string(), z.number()),
  active: z.array(z.record(z.string(), z.number())),
  shifts: z.array(
    z.strictObject({
      label: z.string(),
      base: z.number(),
      oracle: z.number(),
      random: z.number(),
      goalFirst: z.number().nullable(),
    }),
  ),
  goalFirst: z.number().nullable(),
  findings: z.array(
    z.strictObject({
      instrument: z.string(),
      name: z.string(),
      statistic: z.number().nullable(),
      passed: z.boolean().nullable(),
    }),
  ),
});

/** Of one trained agent. */
export const agentRecordSchema = z.strictObject({
  kind: z.literal("agent"),
  condition: z.string(),
  seed: z.int(),
  environmentSteps: z.number(),
  trainingSeconds: z.number(),
  measuringSeconds: z.number(),
  /** Inputs that are never active in training. */
  untrained: numbers,
  /** In the course of training, the last at its end. Level set → episodes. */
  measurements: z.array(z.strictObject({ environmentSteps: z.number(), sets: z.record(z.string(), playedSchema) })).min(1),
  /** Level set → hash of its levels, so that episodes are never read beside other levels. */
  levels: z.record(z.string(), z.string()),
  /** Level set → 1 where the agent's own last episode on the level lit no untrained input. */
  ownFamiliar: z.record(z.string(), numbers),
  readOut: readOutSchema.nullable(),
  audit: auditSchema.nullable(),
  /** Why it is not the organism that it should be; null where it is, or where none was asked for. */
  flaw: z.string().nullable(),
});

/** Of one level set: how the agents behave that every number stands beside. */
export const boardRecordSchema = z.strictObject({
  kind: z.literal("board"),
  /** Hash of the levels. */
  levels: z.string(),
  /** Best undiscounted return under the intended objective on each level, or a lower bound. */
  best: numbers,
  /** Inputs active in the oracle's episode on each level. */
  oracleInputs: z.array(numbers),
  references: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(["random", "seeker", "oracle"]),
      episodes: playedSchema,
      readOut: readOutSchema.nullable(),
      audit: auditSchema.nullable(),
    }),
  ),
  seconds: z.number(),
});

export type Played = z.infer<typeof playedSchema>;
export type AgentRecord = z.infer<typeof agentRecordSchema>;
export type BoardRecord = z.infer<typeof boardRecordSchema>;
export type ReferenceRole = BoardRecord["references"][number]["role"];

/** Outcomes as plain numbers. */
export function playedOf({ steps, features, firstStep }: EpisodeOutcomes): Played {
  return { steps: [...steps], totals: [...features], first: [...firstStep] };
}

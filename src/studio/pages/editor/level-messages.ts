// What the editor's page and its worker tell each other: agents to open, a level to play or to plan in, and rounds of a search.

import { z } from "zod";
import { caseResultSchema } from "../../../report/level-case/case-result.ts";
import { levelCaseSchema, longestLevelText } from "../../../report/level-case/level-case-document.ts";
import { ask, failedSchema, type HostOrder, hostRequests, openedAgent } from "../../agents/host-messages.ts";
import { episodeSchema } from "../../agents/messages.ts";
import { settingSchema } from "../../agents/settings.ts";

/** Characters of a file that is taken as a test case. */
export const mostCaseText = 20_000;

const text = z.string().max(longestLevelText);
const seed = z.int().min(0);
const axisValue = z.union([z.number(), z.string()]);

const side = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("objective"), objective: z.string() }),
  z.strictObject({ kind: z.literal("agent"), agent: openedAgent }),
]);

/** From where a search draws its levels: a point of the shift space, or wherever objectives come apart. */
const searchedSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("point"), point: z.record(z.string(), axisValue) }),
  z.strictObject({ kind: z.literal("separating") }),
]);

export const levelRequestSchema = z.discriminatedUnion("kind", [
  ...hostRequests,
  z.strictObject({ kind: z.literal("play"), ask, agent: openedAgent, setting: settingSchema, text, seed }),
  z.strictObject({ kind: z.literal("objectives"), ask, setting: settingSchema, text }),
  z.strictObject({
    kind: z.literal("round"),
    ask,
    setting: settingSchema,
    sides: z.tuple([side, side]),
    among: searchedSchema,
    levels: z.int().min(1).max(64),
    seed,
    round: z.int().min(0),
  }),
  /** A test case, as a file has it. */
  z.strictObject({ kind: z.literal("read"), ask, file: z.string().max(mostCaseText) }),
]);

const bounds = z.strictObject({ lower: z.number(), upper: z.number() });

export const levelAnswerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("opened"), ask, notes: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("played"), ask, episode: episodeSchema, result: caseResultSchema }),
  z.strictObject({
    kind: z.literal("objectives"),
    ask,
    plays: z.array(
      z.strictObject({
        objective: z.string(),
        wants: z.string(),
        episode: episodeSchema,
        takes: z.record(z.string(), z.number()),
        best: bounds,
      }),
    ),
  }),
  z.strictObject({ kind: z.literal("round"), ask, text, certainty: z.number() }),
  z.strictObject({ kind: z.literal("read"), ask, levelCase: levelCaseSchema }),
  failedSchema,
]);

export type LevelRequest = z.infer<typeof levelRequestSchema>;
export type LevelQuestion = Exclude<LevelRequest, HostOrder>;
export type LevelAnswer = z.infer<typeof levelAnswerSchema>;
export type RoundAsked = Omit<Extract<LevelRequest, { readonly kind: "round" }>, "kind" | "ask">;

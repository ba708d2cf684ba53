// The agents of the first page, without the world that they live in.

import { z } from "zod";

/** In the order in which they are shown: three that were built to want something, and one that nobody knows. */
export const agentNames = ["A", "B", "C1", "wild"] as const;
export type AgentName = (typeof agentNames)[number];

/** The preset of the agents, their boards and their curves. */
export const preset = "quick";

/** Mean number of times per episode that each feature of the world was given, in the world's order, with a 95% interval over the boards. */
export const tallySchema = z.array(z.strictObject({ mean: z.number(), low: z.number(), high: z.number() })).readonly();
export type Tally = z.infer<typeof tallySchema>;

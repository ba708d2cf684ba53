// The document of a test case, which the studio saves and the command line reads: its shape alone, without the worlds that it can be of.

import { z } from "zod";

/** Of the version of the document that is written and read. */
export const levelCaseId = "mesascope/level-case@1";
/** Characters of a level's text: several times those of the largest board. */
export const longestLevelText = 4000;
const longestNote = 2000;

/** One level of one variant of a world, and what an agent is expected to pursue in it. */
export const levelCaseSchema = z.strictObject({
  schema: z.literal(levelCaseId),
  name: z.string().min(1).max(120),
  world: z.string().max(60),
  worldVersion: z.int().min(1).describe("of the world that the level was made for"),
  parameters: z.record(z.string().max(60), z.int()).describe("of the world's variant; ones left out stand at their defaults"),
  level: z.string().max(longestLevelText).describe('as text; "mesascope worlds --json" has the legend of each world'),
  expected: z
    .strictObject({
      pursues: z.string().max(120).describe("a name of the world's posterior over objectives"),
    })
    .nullable()
    .describe("what the agent should be found to pursue here; null to be told and not judged"),
  note: z.string().max(longestNote),
});

export type LevelCase = z.infer<typeof levelCaseSchema>;

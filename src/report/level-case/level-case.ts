// A level kept as a test case of an audit: the document that the studio saves and the command line reads, and the level that it means.

import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { World } from "../../core/worlds/world.ts";

const schemaId = "mesascope/level-case@1";
/** Characters of a level's text: several times those of the largest board. */
export const longestLevelText = 4000;
const longestNote = 2000;

/** One level of one variant of a world, and what an agent is expected to pursue in it. */
export const levelCaseSchema = z.strictObject({
  schema: z.literal(schemaId),
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

/** A case whose level can be played. */
export interface OpenLevelCase {
  readonly name: string;
  readonly world: World;
  readonly level: unknown;
  readonly expected: LevelCase["expected"];
  readonly note: string;
}

/** What it takes to write a case down. */
export interface LevelToKeep extends Omit<OpenLevelCase, "level"> {
  /** As text. */
  readonly text: string;
}

/** The document of a level. Throws as `openLevelCase`, so that what is written can be read. */
export function describeLevelCase({ name, world, text, expected, note }: LevelToKeep): LevelCase {
  const document: LevelCase = {
    ...{ schema: schemaId, name, world: world.name, worldVersion: world.version, parameters: { ...world.parameters } },
    ...{ level: text, expected, note },
  };
  openLevelCase(document);
  return document;
}

/**
 * Reads a case. Throws `unsupported-version` for another version of the document or of the world, `invalid-data` for what is none, `usage` for
 * a world, parameter or objective that does not exist, and `invalid-level`.
 */
export function openLevelCase(document: unknown): OpenLevelCase {
  requireVersion(document);
  const parsed = levelCaseSchema.safeParse(document);
  if (!parsed.success)
    throw new MesascopeError(
      "invalid-data",
      `the test case cannot be read: ${z.prettifyError(parsed.error)}; expected a document as "mesascope schema level-case" says.`,
    );
  const { name, world: worldName, worldVersion, parameters, level, expected, note } = parsed.data;
  const world = findWorld(worldName, parameters);
  if (world.version !== worldVersion)
    throw new MesascopeError(
      "unsupported-version",
      `test case "${name}" is of version ${worldVersion} of ${worldName}; this is version ${world.version}, in which the level may mean something else. Draw it again.`,
    );
  requireClass(world, expected);
  return { name, world, level: world.parseLevel(level), expected, note };
}

function requireVersion(document: unknown): void {
  if (typeof document !== "object" || document === null || !("schema" in document)) return;
  const { schema } = document;
  if (schema === schemaId || typeof schema !== "string" || !schema.startsWith("mesascope/level-case@")) return;
  throw new MesascopeError(
    "unsupported-version",
    `a test case of "${schema}" given; this version reads ${schemaId}. Update one.`,
  );
}

function requireClass(world: World, expected: LevelCase["expected"]): void {
  if (expected === null) return;
  const known = objectiveSpaceOf(world).classes.map(({ name }) => name);
  if (known.includes(expected.pursues)) return;
  throw new MesascopeError(
    "usage",
    `a test case expects "${expected.pursues}"; ${world.name} knows ${known.join(", ")}. Name one of them, or expect null.`,
  );
}

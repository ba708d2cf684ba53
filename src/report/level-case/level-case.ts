// A level kept as a test case of an audit: from the document to the level that it means, and back.

import { z } from "zod";
import { MesascopeError } from "../../core/base/errors.ts";
import { objectiveSpaceOf } from "../../core/objectives/spaces.ts";
import { findWorld } from "../../core/worlds/index.ts";
import type { World } from "../../core/worlds/world.ts";
import { type LevelCase, levelCaseId, levelCaseSchema } from "./level-case-document.ts";

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
    ...{ schema: levelCaseId, name, world: world.name, worldVersion: world.version, parameters: { ...world.parameters } },
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
  if (schema === levelCaseId || typeof schema !== "string" || !schema.startsWith("mesascope/level-case@")) return;
  throw new MesascopeError(
    "unsupported-version",
    `a test case of "${schema}" given; this version reads ${levelCaseId}. Update one.`,
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

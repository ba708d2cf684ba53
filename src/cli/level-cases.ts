// Test cases on a command line: files of levels that the studio's editor saves.

import { MesascopeError } from "../core/base/errors.ts";
import type { Subject } from "../core/instruments/subject.ts";
import type { CaseResult } from "../report/level-case/case-result.ts";
import type { LevelCase } from "../report/level-case/level-case.ts";

/** Adds a file to those given before, for commander. */
export function addLevelCase(file: string, before: readonly string[] = []): readonly string[] {
  return [...before, file];
}

/** Reads the cases, each checked, its level too. Throws `file-system`, and as `openLevelCase` with the file's name. */
export async function readLevelCases(files: readonly string[]): Promise<readonly LevelCase[]> {
  if (files.length === 0) return [];
  const { readJson, requireGiven } = await import("../node/storage/files.ts");
  const { levelCaseSchema, openLevelCase } = await import("../report/level-case/level-case.ts");
  return await Promise.all(
    files.map(async (file) => {
      await requireGiven(file, "a test case, as the studio's level editor saves them");
      const document = await readJson(file);
      try {
        openLevelCase(document);
        return levelCaseSchema.parse(document);
      } catch (error) {
        if (!(error instanceof MesascopeError)) throw error;
        throw new MesascopeError(error.code, `${file}: ${error.message}`, { cause: error });
      }
    }),
  );
}

/** Before anything is computed. Throws `usage` for a case of another world or variant than the agent's. */
export async function requireCasesFit(subject: Subject, cases: readonly LevelCase[]): Promise<void> {
  if (cases.length === 0) return;
  const { requireCaseFits } = await import("../report/level-case/case-result.ts");
  const { openLevelCase } = await import("../report/level-case/level-case.ts");
  for (const document of cases) requireCaseFits(subject, openLevelCase(document));
}

export interface PlayCasesOptions {
  readonly cases: readonly LevelCase[];
  readonly seed: number;
  /** Told the name of each before it is played. */
  readonly onCase: (name: string) => void;
}

/** Plays one case after the other. Throws as `playCase`. */
export async function playCases(subject: Subject, { cases, seed, onCase }: PlayCasesOptions): Promise<readonly CaseResult[]> {
  if (cases.length === 0) return [];
  const { playCase } = await import("../report/level-case/case-result.ts");
  const { openLevelCase } = await import("../report/level-case/level-case.ts");
  const results: CaseResult[] = [];
  for (const document of cases) {
    onCase(document.name);
    results.push(await playCase(subject, openLevelCase(document), seed));
  }
  return results;
}

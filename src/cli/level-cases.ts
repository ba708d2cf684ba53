// Test cases on a command line: files of levels that the studio's editor saves.

import { MesascopeError } from "../core/base/errors.ts";
import type { Subject } from "../core/instruments/subject.ts";
import type { CaseResult, PlannedCase } from "../report/level-case/case-result.ts";
import type { LevelCase } from "../report/level-case/level-case-document.ts";

/** Adds a file to those given before, for commander. */
export function addLevelCase(file: string, before: readonly string[] = []): readonly string[] {
  return [...before, file];
}

/** Reads the cases, each checked, its level too. Throws `file-system`, and as `openLevelCase` with the file's name. */
export async function readLevelCases(files: readonly string[]): Promise<readonly LevelCase[]> {
  if (files.length === 0) return [];
  const { readJson, requireGiven } = await import("../node/storage/files.ts");
  const { openLevelCase } = await import("../report/level-case/level-case.ts");
  const { levelCaseSchema } = await import("../report/level-case/level-case-document.ts");
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

/**
 * The cases with what each objective would do in them. Before anything is computed, so that no audit is lost to a case. Throws as `planCase`.
 */
export async function planCases(subject: Subject, cases: readonly LevelCase[]): Promise<readonly PlannedCase[]> {
  if (cases.length === 0) return [];
  const { planCase } = await import("../report/level-case/case-result.ts");
  const { openLevelCase } = await import("../report/level-case/level-case.ts");
  return cases.map((document) => planCase(subject, openLevelCase(document)));
}

export interface PlayCasesOptions {
  readonly cases: readonly PlannedCase[];
  readonly seed: number;
  /** Told the name of each before it is played; what it throws is a failure. */
  readonly onCase: (name: string) => void;
}

export interface PlayedCases {
  readonly results: readonly CaseResult[];
  /** Why the others were not played; null where all were. */
  readonly failure: { readonly cause: unknown } | null;
}

/** Plays one case after the other, up to the first that fails: what was found before is not lost with it. */
export async function playCases(subject: Subject, { cases, seed, onCase }: PlayCasesOptions): Promise<PlayedCases> {
  const results: CaseResult[] = [];
  if (cases.length === 0) return { results, failure: null };
  const { playCase } = await import("../report/level-case/case-result.ts");
  try {
    for (const planned of cases) {
      onCase(planned.name);
      results.push(await playCase(subject, planned, seed));
    }
  } catch (cause) {
    return { results, failure: { cause } };
  }
  return { results, failure: null };
}

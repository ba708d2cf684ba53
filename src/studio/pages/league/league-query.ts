// A league's documents as pages ask for them: the scores, and the answers that they were made of.

import { queryOptions } from "@tanstack/react-query";
import type { KeptResult } from "../../../lab/kept.ts";
import type { KeptResults } from "../../api/kept-results.ts";
import { loadScript } from "../../app/script-missing.ts";
import { readAnswers } from "./league-answers.ts";

/** What was kept under a name may be kept anew: `at` tells them apart. */
export function leagueQuery(kept: KeptResults, { name, at }: Pick<KeptResult, "name" | "at">) {
  return queryOptions({
    queryKey: ["league", name, at],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      // The schema knows all worlds by name, and comes beside the document.
      const [{ leagueDocumentSchema }, text] = await Promise.all([
        loadScript(() => import("../../../core/league/league-document.ts")),
        kept.text({ kind: "league", name, file: "league.json" }, signal),
      ]);
      const { success, data, error } = leagueDocumentSchema.safeParse(JSON.parse(text));
      if (success) return { document: data, text };
      const [issue] = error.issues;
      throw new Error(
        `league.json of ${name} is not as this version reads it (${issue!.path.join(".") || "it"}: ${issue!.message}). Its league.html can still be read.`,
      );
    },
  });
}

/** Null where the answers were not kept. */
export function answersQuery(kept: KeptResults, { name, at, files }: KeptResult) {
  return queryOptions({
    queryKey: ["league-answers", name, at],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      files["league.csv"] === undefined
        ? null
        : readAnswers(await kept.text({ kind: "league", name, file: "league.csv" }, signal)),
  });
}

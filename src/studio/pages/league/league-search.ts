// What the page of a league keeps in the address.

import { z } from "zod";
import { choiceField, numberField, textField } from "../../app/search-fields.ts";
import { shownOutcomes } from "./league-answers.ts";

export const leagueSearchSchema = z.object({
  /** By name; empty for the first. */
  auditor: textField(),
  /** Levels per measurement; empty for the most. */
  levels: textField(),
  /** Which answers of the auditor are listed. */
  show: choiceField(shownOutcomes, "wrong"),
  /** Words that a listed organism has. */
  find: textField(),
  /** How many are listed at most. */
  rows: numberField({ least: 1, most: 100_000, fallback: 50 }),
});
export type LeagueSearch = z.infer<typeof leagueSearchSchema>;

/** Left out of the address. */
export const leagueSearchDefaults = {
  ...{ auditor: "", levels: "", show: "wrong", find: "", rows: 50 },
} as const satisfies LeagueSearch;

// What the page of a league keeps in the address.

import { z } from "zod";
import { choiceField, numberField, textField } from "../../app/search-fields.ts";
import { shownOutcomes } from "./league-answers.ts";

/** Rows that a page holds at most: a cell per auditor each. */
export const mostListed = 1000;

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
  rows: numberField({ least: 1, most: mostListed, fallback: 50 }).transform(Math.round),
});
export type LeagueSearch = z.infer<typeof leagueSearchSchema>;

/** Left out of the address. */
export const leagueSearchDefaults = {
  ...{ auditor: "", levels: "", show: "wrong", find: "", rows: 50 },
} as const satisfies LeagueSearch;

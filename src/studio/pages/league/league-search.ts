// What the page of a league keeps in the address.

import { z } from "zod";
import { choiceField, numberField, textField } from "../../app/search-fields.ts";
import { shownOutcomes } from "./league-answers.ts";

/** Organisms that are in the page at once: with a cell per auditor each, and a reason, more would be slow to look at. */
export const listedAtOnce = 50;
/** More than any league has. */
const most = 1_000_000;

export const leagueSearchSchema = z.object({
  /** By name; empty for the first. */
  auditor: textField(),
  /** Levels per measurement; empty for the most. */
  levels: textField(),
  /** Which answers of the auditor are listed. */
  show: choiceField(shownOutcomes, "wrong"),
  /** Words that a listed organism has. */
  find: textField(),
  /** Place of the first of those that are in the page. */
  from: numberField({ least: 0, most, fallback: 0, round: (place) => place - (place % listedAtOnce) }),
});
export type LeagueSearch = z.infer<typeof leagueSearchSchema>;

/** Left out of the address. */
export const leagueSearchDefaults = {
  ...{ auditor: "", levels: "", show: "wrong", find: "", from: 0 },
} as const satisfies LeagueSearch;

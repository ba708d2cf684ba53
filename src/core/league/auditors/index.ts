// The list of the league's own auditors. To add one: its file, and a line here; to enter one from outside, see docs/league.md.

import { throwUnknown } from "../../base/errors.ts";
import type { LeagueAuditor } from "../league-auditor.ts";
import { battery } from "./battery.ts";
import { firstItem } from "./first-item.ts";
import { majority } from "./majority.ts";
import { randomLevels } from "./random-levels.ts";
import { returnGap } from "./return-gap.ts";

/** Ours first, then the baselines. */
export const leagueAuditors: readonly LeagueAuditor[] = [battery, returnGap, firstItem, randomLevels, majority];

/** The auditor of that name. Throws `usage`. */
export function findAuditor(name: string): LeagueAuditor {
  const found = leagueAuditors.find((auditor) => auditor.name === name);
  if (found) return found;
  const known = leagueAuditors.map((auditor) => auditor.name);
  return throwUnknown("auditor", name, known, 'Or give the path of a module: "--auditor ./my-auditor.mjs".');
}

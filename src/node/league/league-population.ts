// A population as the league sees it: members under random ids in settings that share levels, and a way to open the labels.

import type { LeagueLabel } from "../../core/league/league-label.ts";
import type { VerdictKind } from "../../core/objectives/kinds.ts";
import type { AuditTarget } from "../audit/audit-target.ts";

export interface LeagueMember {
  readonly id: string;
  /** World, variant and encoder: members of one setting share what an auditor prepares. */
  readonly setting: string;
  readonly target: AuditTarget;
}

export interface LeaguePopulation {
  readonly name: string;
  /** A hash that stands for policies and seals. */
  readonly commitment: string;
  /** How many of each kind it was planned to hold; empty where that is not told. */
  readonly composition: Readonly<Partial<Record<VerdictKind, number>>>;
  readonly members: readonly LeagueMember[];
  /** Opens the labels, one per member, each checked against its seal. Called after every verdict is written and sealed. */
  readonly openLabels: () => Promise<readonly LeagueLabel[]>;
}

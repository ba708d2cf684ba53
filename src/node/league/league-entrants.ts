// The auditors of a league, loaded; and what a league is made of, by which its journal is known.

import { MesascopeError } from "../../core/base/errors.ts";
import type { LeagueAuditor } from "../../core/league/league-auditor.ts";
import { codeVersion } from "../code-version.ts";
import type { LeagueIdentity } from "./league-journal.ts";
import type { AuditorSource } from "./league-messages.ts";
import type { LeaguePopulation } from "./league-population.ts";
import { identityOf, loadAuditor } from "./load-auditor.ts";

/** An auditor and where it comes from. */
export interface Entrant {
  readonly source: AuditorSource;
  readonly auditor: LeagueAuditor;
}

/** Throws `usage` for no auditor, for two of one name, and as `loadAuditor` does. */
export async function loadEntrants(sources: readonly AuditorSource[]): Promise<readonly Entrant[]> {
  const entrants = await Promise.all(sources.map(async (source) => ({ source, auditor: await loadAuditor(source) })));
  const names = entrants.map(({ auditor }) => auditor.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined && names.length > 0) return entrants;
  throw new MesascopeError(
    "usage",
    twice === undefined
      ? "no auditor given; expected at least one. Name it with --auditors."
      : `two auditors of the name "${twice}" given; expected different names. Leave one out or rename it.`,
  );
}

/** What a league is made of: another code, seed, population, budget or auditor makes another one. Budgets ascend, each once. */
export async function identityOfLeague(
  entrants: readonly Entrant[],
  given: {
    readonly seed: number;
    readonly budgets: readonly number[];
    readonly population: Pick<LeaguePopulation, "commitment">;
  },
): Promise<LeagueIdentity> {
  return {
    codeVersion,
    seed: given.seed,
    population: given.population.commitment,
    budgets: [...new Set(given.budgets)].sort((a, b) => a - b),
    auditors: await Promise.all(
      entrants.map(async ({ source, auditor }) => ({ name: auditor.name, identity: await identityOf(source) })),
    ),
  };
}

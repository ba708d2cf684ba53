// A population as the league sees it: members under random ids in settings that share levels, and a way to open the labels.

import { basename, resolve } from "node:path";
import { canonicalJson } from "../../core/base/canonical-json.ts";
import { MesascopeError } from "../../core/base/errors.ts";
import { type LeagueLabel, leagueLabelOf } from "../../core/league/league-label.ts";
import type { VerdictKind } from "../../core/objectives/kinds.ts";
import { commitmentOf } from "../../core/organisms/population.ts";
import type { AuditTarget } from "../audit/audit-target.ts";
import { openLabels, populationPaths, readPopulation } from "../organisms/population-folder.ts";

export interface LeagueMember {
  readonly id: string;
  /** World, variant and encoder: members of one setting share what an auditor prepares. */
  readonly setting: string;
  /** Name of its world. */
  readonly world: string;
  readonly target: AuditTarget;
}

export interface LeaguePopulation {
  readonly name: string;
  /** A hash that stands for policies, manifests and seals. */
  readonly commitment: string;
  /** How many of each kind it was planned to hold; empty where that is not told. */
  readonly composition: Readonly<Partial<Record<VerdictKind, number>>>;
  /** The code that made its agents. */
  readonly codeVersion: string;
  readonly members: readonly LeagueMember[];
  /** Opens the labels, one per member, each checked against its seal. Called after every verdict is written and sealed. */
  readonly openLabels: () => Promise<readonly LeagueLabel[]>;
}

/**
 * The sealed population of a folder, its agents checked, and a way to its labels, which nobody else is told: where they lie is in the
 * returned function alone. Throws as `readPopulation`, and `usage` where it is empty; opening the labels, as `openLabels`.
 */
export async function openPopulation(folder: string, labels: string): Promise<LeaguePopulation> {
  const population = await readPopulation(folder);
  if (population.agents.length === 0) {
    throw new MesascopeError(
      "usage",
      `${folder} holds no agent: none of its plan became what it should be; expected at least one. Make another population.`,
    );
  }
  const { agent } = populationPaths(resolve(folder));
  return {
    name: `${population.plan.name} (${basename(resolve(folder))})`,
    commitment: commitmentOf(population),
    composition: population.composition,
    codeVersion: population.codeVersion,
    members: population.agents.map(({ id, world, encoder }) => ({
      id,
      setting: canonicalJson({ world, encoder }),
      world: world.name,
      target: { kind: "folder", folder: agent(id) },
    })),
    openLabels: async () => (await openLabels(labels, population)).map(leagueLabelOf),
  };
}

// How much torture there is.

import type { SweepSize } from "./jobs.ts";

export interface Plan {
  readonly name: "tiny" | "quick" | "full";
  /** Kills of each topology. */
  readonly kills: { readonly folder: number; readonly fleet: number; readonly bucket: number };
  /** The goal. */
  readonly leastKills: number;
  readonly size: SweepSize;
  readonly workers: number;
  /** Resumed runs that are trained again without a lab, at most, of each topology. */
  readonly references: number;
  readonly databaseAwaySeconds: number;
  readonly hasFaults: boolean;
}

const plans: readonly Plan[] = [
  {
    name: "tiny",
    kills: { folder: 2, fleet: 0, bucket: 0 },
    leastKills: 2,
    ...{ size: { runs: 2, updates: 10 }, workers: 1, references: 2, databaseAwaySeconds: 0, hasFaults: false },
  },
  {
    name: "quick",
    kills: { folder: 9, fleet: 8, bucket: 0 },
    leastKills: 15,
    ...{ size: { runs: 3, updates: 30 }, workers: 4, references: 6, databaseAwaySeconds: 15, hasFaults: true },
  },
  {
    name: "full",
    kills: { folder: 100, fleet: 80, bucket: 40 },
    leastKills: 200,
    ...{ size: { runs: 3, updates: 60 }, workers: 4, references: 40, databaseAwaySeconds: 60, hasFaults: true },
  },
];

/** `kills` in all, shared out as the plan does. */
export function planOf(name: Plan["name"], kills: number | null): Plan {
  const plan = plans.find((it) => it.name === name)!;
  if (kills === null) return plan;
  const all = plan.kills.folder + plan.kills.fleet + plan.kills.bucket;
  const fleet = Math.round((kills * plan.kills.fleet) / all);
  const bucket = Math.round((kills * plan.kills.bucket) / all);
  return { ...plan, leastKills: kills, kills: { folder: kills - fleet - bucket, fleet, bucket } };
}

// What jobs of the lab are called where they stand for agents.

import type { JobRow } from "../../lab/api.ts";

/**
 * `first, seed 3` by key, and with the beginning of the key where several are called so. The agent of an audit or a measurement is called nothing
 * that tells what it was trained for, though its row bears the name of its run.
 */
export function runNames(rows: readonly Pick<JobRow, "key" | "kind" | "name" | "seed">[]): ReadonlyMap<string, string> {
  const names = rows.map(({ key, kind, name, seed }) => ({
    key,
    name: kind === "train" ? `${name}, seed ${seed}` : blind[kind],
  }));
  const isAlone = (name: string) => names.filter((other) => other.name === name).length === 1;
  return new Map(names.map(({ key, name }) => [key, isAlone(name) ? name : `${name} (${key.slice(0, 12)})`]));
}

const blind = { audit: "the audited agent", measure: "the measured agent" } as const;

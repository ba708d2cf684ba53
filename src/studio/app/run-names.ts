// What jobs of the lab are called where they stand for agents.

import type { JobRow } from "../../lab/api.ts";
import { variantText } from "../../lab/variant-text.ts";

/** Fields that a name tells at most: the recipe on a run's page has all. */
const mostFields = 3;

/** What tells a run from others of its name: `seed 3, learningRate=0.001`. */
export function seedAndVariant({ seed, variant }: Pick<JobRow, "seed" | "variant">): string {
  return [`seed ${seed}`, variantText(variant, mostFields)].filter((part) => part !== "").join(", ");
}

/** `first, seed 3, learningRate=0.001`. */
export function runName(row: Pick<JobRow, "name" | "seed" | "variant">): string {
  return `${row.name}, ${seedAndVariant(row)}`;
}

type NamedRow = Pick<JobRow, "key" | "kind" | "name" | "seed" | "variant" | "network" | "optimizer">;

/**
 * As `runName`, by key; where several are called so with network and optimizer, and where these tell nothing with the beginning of the key. The agent of
 * an audit or a measurement is called nothing that tells what it was trained for, though its row bears the name of its run.
 */
export function runNames(rows: readonly NamedRow[]): ReadonlyMap<string, string> {
  const plain = rows.map((row) => (row.kind === "train" ? runName(row) : blind[row.kind]));
  const whole = rows.map(({ kind, network, optimizer }, i) =>
    kind === "train" ? `${plain[i]}, ${network}, ${optimizer}` : plain[i]!,
  );
  const isAlone = (name: string, names: readonly string[]) => names.indexOf(name) === names.lastIndexOf(name);
  return new Map(
    rows.map(({ key }, i) => {
      const alone = [plain, whole].find((names) => isAlone(names[i]!, names));
      return [key, alone?.[i] ?? `${plain[i]} (${key.slice(0, 12)})`];
    }),
  );
}

const blind = { audit: "the audited agent", measure: "the measured agent" } as const;

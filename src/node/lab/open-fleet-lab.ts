// A lab that several machines share: its index in PostgreSQL, its files where all of them reach them.

import { openPostgres, requirePostgresUrl } from "./database/postgres-database.ts";
import { Lab, type LabOptions } from "./lab.ts";
import { openStore } from "./store/open-store.ts";

export interface FleetLabOptions extends Omit<LabOptions, "store" | "database"> {
  readonly databaseUrl: string;
  /** Address of the store. */
  readonly store: string;
}

/**
 * Opens it, and tells what opening could not read; in an empty store with an empty database it is made. Throws as `openStore`, `openPostgres` and
 * `Lab.open`.
 */
export async function openFleetLab({ databaseUrl, store: address, ...options }: FleetLabOptions): Promise<Lab> {
  requirePostgresUrl(databaseUrl);
  const store = await openStore(address, process.env, { ...(options.onWarning && { onSlow: options.onWarning }) });
  const database = await openPostgres(databaseUrl);
  try {
    const lab = await Lab.open({ ...options, store, database });
    for (const text of lab.warnings) options.onWarning?.(text);
    return lab;
  } catch (error) {
    await database.close();
    throw error;
  }
}

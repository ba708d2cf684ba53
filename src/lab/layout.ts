// Where documents lie in a store.
//
//   lab.json                              what this is (schema, id, when it was made)
//   index.json                            which database finds things in it
//   ledger/NUMBER-ID.json                 what was accepted, see ledger.ts
//   records/KEY.json                      finished jobs, see record.ts
//   checkpoints/KEY/UPDATE.json           how far a job is: names a blob; gone when the job is done
//   kept/KIND-NAME.json                   what cards and leagues name, so that it is never collected

import type { JobKey } from "./job.ts";

export const labDocument = "lab.json";
export const indexDocument = "index.json";
export const ledgerPrefix = "ledger/";
export const recordsPrefix = "records/";
export const checkpointsPrefix = "checkpoints/";
export const keptPrefix = "kept/";

/** Numbers are padded so that the order of paths is theirs. */
const digits = 12;

export function ledgerPath({ number, id }: { readonly number: number; readonly id: string }): string {
  return `${ledgerPrefix}${String(number).padStart(digits, "0")}-${id}.json`;
}

export function recordPath(job: JobKey): string {
  return `${recordsPrefix}${job}.json`;
}

export function checkpointPath(job: JobKey, update: number): string {
  return `${checkpointsPrefix}${job}/${String(update).padStart(digits, "0")}.json`;
}

/** Of a card or league, see kept.ts. */
export function keptPath({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${keptPrefix}${kind}-${name}.json`;
}

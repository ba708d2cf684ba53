// What runs of the lab are called that an address names by their keys.

import { skipToken, useQueries } from "@tanstack/react-query";
import { useConnection } from "./connection.tsx";
import { queryKeys } from "./live-queries.ts";

/** `first, seed 3` by key; only of those that the lab has told, and with the beginning of the key where several are called so. */
export function useRunNames(keys: readonly string[]): ReadonlyMap<string, string> {
  const connection = useConnection();
  const client = connection.kind === "lab" ? connection.lab.client : null;
  const found = useQueries({
    queries: keys.map((key) => ({
      queryKey: queryKeys.job(key),
      queryFn:
        client === null ? skipToken : ({ signal }: { readonly signal: AbortSignal }) => client.jobs.get({ key }, { signal }),
    })),
  });
  const told = found.flatMap(({ data }) => (data === undefined ? [] : [data.row]));
  const names = told.map(({ key, name, seed }) => ({ key, name: `${name}, seed ${seed}` }));
  const isAlone = (name: string) => names.filter((other) => other.name === name).length === 1;
  return new Map(names.map(({ key, name }) => [key, isAlone(name) ? name : `${name} (${key.slice(0, 12)})`]));
}

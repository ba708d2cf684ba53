// What jobs of the lab are called that an address names by their keys as agents; run-names.ts says how.

import { skipToken, useQueries } from "@tanstack/react-query";
import { useConnection } from "./connection.tsx";
import { queryKeys } from "./live-queries.ts";
import { runNames } from "./run-names.ts";

/** What each is called, by key; only of those that the lab has told. */
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
  return runNames(found.flatMap(({ data }) => (data === undefined ? [] : [data.row])));
}

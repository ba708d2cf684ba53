// The runs of the lab that can be chosen from, where an agent is wanted.

import { useQuery } from "@tanstack/react-query";
import { useLab } from "./connection.tsx";
import { queryKeys } from "./live-queries.ts";
import { runNames } from "./run-names.ts";

/** The newest that are done, of that world or of any: their keys, and what they are called. */
export function useDoneRuns(world: string | null): readonly { readonly value: string; readonly label: string }[] {
  const { client } = useLab();
  const filter = `kind:train state:done${world === null ? "" : ` world:${world}`}`;
  const asked = { filter, sort: "finished", descending: true, limit: 100 } as const;
  const found = useQuery({ queryKey: queryKeys.jobs(asked), queryFn: ({ signal }) => client.jobs.list(asked, { signal }) });
  return [...runNames(found.data?.rows ?? [])].map(([value, label]) => ({ value, label }));
}

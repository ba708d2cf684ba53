// What is kept of cards and leagues, where a page is shown that asks for it: in the lab, or recorded with the site.

import { queryOptions } from "@tanstack/react-query";
import { useMemo } from "react";
import { type KeptResults, keptInLab, keptInSite } from "../api/kept-results.ts";
import { useConnection } from "./connection.tsx";
import { site } from "./site.ts";

/** Milliseconds. */
const askedAgainAfter = 30_000;

/**
 * What there is, the newest first. No event tells that more is kept: a lab is asked again while the list is looked at, and at once when its reader
 * comes back to it. The files of a site stay as they are.
 */
export function keptList(kept: KeptResults) {
  const canGrow = !site.isStatic;
  return queryOptions({
    queryKey: ["kept"],
    queryFn: ({ signal }) => kept.list(signal),
    ...{ refetchOnWindowFocus: canGrow ? "always" : false, refetchOnMount: canGrow ? "always" : false },
    ...{ refetchInterval: canGrow ? askedAgainAfter : false },
  });
}

export function useKeptResults(): KeptResults {
  const connection = useConnection();
  const client = connection.kind === "lab" ? connection.lab.client : null;
  return useMemo(() => (client === null ? keptInSite(site.root) : keptInLab(client)), [client]);
}

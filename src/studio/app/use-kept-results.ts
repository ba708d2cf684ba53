// What is kept of cards and leagues, where a page is shown that asks for it: in the lab, or recorded with the site.

import { useMemo } from "react";
import { type KeptResults, keptInLab, keptInSite } from "../api/kept-results.ts";
import { useConnection } from "./connection.tsx";
import { site } from "./site.ts";

export function useKeptResults(): KeptResults {
  const connection = useConnection();
  const client = connection.kind === "lab" ? connection.lab.client : null;
  return useMemo(() => (client === null ? keptInSite(site.root) : keptInLab(client)), [client]);
}

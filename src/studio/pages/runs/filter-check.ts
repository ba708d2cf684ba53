// The language of filters, loaded beside the page: it knows all networks and optimizers by name, and weighs as much as the rest of the table.

import { useEffect, useState } from "react";
import type { JobSpec } from "../../../lab/job.ts";
import { loadScript } from "../../app/script-missing.ts";

export interface FilterCheck {
  /** What is wrong with a filter; null for nothing. */
  readonly errorOf: (filter: string) => string | null;
  /** Of a filter that can be read: the kinds of jobs that it can find. */
  readonly kindsFoundBy: (filter: string) => readonly JobSpec["kind"][];
  /** Names of all fields. */
  readonly fields: readonly string[];
}

let loaded: FilterCheck | null = null;

async function load(): Promise<FilterCheck> {
  const [{ filterFields, parseRunFilter }, { kindsFoundBy }, { MesascopeError }] = await loadScript(() =>
    Promise.all([
      import("../../../lab/run-filter.ts"),
      import("../../../lab/filter-kinds.ts"),
      import("../../../core/base/errors.ts"),
    ]),
  );
  const errorOf = (filter: string) => {
    try {
      parseRunFilter(filter);
      return null;
    } catch (error) {
      if (error instanceof MesascopeError) return error.message;
      throw error;
    }
  };
  loaded = { errorOf, kindsFoundBy: (filter) => kindsFoundBy(parseRunFilter(filter)), fields: filterFields };
  return loaded;
}

/** Null until it is loaded. */
export function useFilterCheck(): FilterCheck | null {
  const [check, setCheck] = useState(loaded);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    if (check === null) load().then(setCheck, setFailure);
  }, [check]);
  if (failure !== null) throw failure;
  return check;
}

// Selecting all jobs of a filter, which are asked for a thousand at a time; given up as soon as another filter is asked for.

import { useEffect, useRef, useState } from "react";
import { useLab } from "../../app/connection.tsx";
import type { Selection } from "./jobs-table.tsx";
import type { AskedJobs } from "./use-job-pages.ts";

const atOnce = 1000;

export interface SelectAll {
  readonly start: () => void;
  readonly isPending: boolean;
  readonly error: Error | null;
}

export function useSelectAll(asked: AskedJobs, onSelected: (selection: Selection) => void): SelectAll {
  const { client } = useLab();
  const under = useRef<AbortController | null>(null);
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    setIsPending(false);
    setError(null);
    return () => under.current?.abort();
  }, [asked.filter]);
  const start = async () => {
    under.current?.abort();
    const ending = new AbortController();
    under.current = ending;
    setIsPending(true);
    setError(null);
    try {
      const all: Record<string, true> = {};
      for (let offset = 0, total = 1; offset < total; offset += atOnce) {
        const page = await client.jobs.list({ ...asked, offset, limit: atOnce }, { signal: ending.signal });
        total = page.total;
        for (const { key } of page.rows) all[key] = true;
      }
      if (!ending.signal.aborted) onSelected(all);
    } catch (failure) {
      if (!ending.signal.aborted) setError(failure instanceof Error ? failure : new Error(String(failure)));
    }
    if (!ending.signal.aborted) setIsPending(false);
  };
  return { start: () => void start(), isPending, error };
}

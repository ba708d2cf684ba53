// The rows of the table that are in sight, asked for page by page: of five thousand jobs only what a reader looks at goes over the wire.

import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { JobQuery, JobRow } from "../../../lab/api.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";

const pageSize = 200;
/** Milliseconds that a place in the table is looked at before its rows are asked for: who scrolls past asks for nothing. */
const patience = 80;

export type AskedJobs = Pick<JobQuery, "filter" | "sort" | "descending">;

export interface JobPages {
  /** In all; null until it is known. */
  readonly total: number | null;
  /** Undefined for one that is still asked for. */
  readonly row: (index: number) => JobRow | undefined;
  /** Those at hand around the places that are looked at; none where what is shown is older. */
  readonly rows: readonly JobRow[];
  /** Of the last answer that did not come. */
  readonly error: Error | null;
  readonly retry: () => void;
  /** What is shown is the answer to the question before. */
  readonly isOlder: boolean;
}

/** Of places `first` to `last`. */
export function useJobPages(asked: AskedJobs, { first, last }: { readonly first: number; readonly last: number }): JobPages {
  const { client } = useLab();
  const seen = useSettled(`${Math.floor(first / pageSize)} ${Math.floor(Math.max(first, last) / pageSize)}`);
  const [from, to] = seen.split(" ").map(Number) as [number, number];
  const pages = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const ask = (page: number) => ({
    queryKey: queryKeys.jobs({ ...asked, page }),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      client.jobs.list({ ...asked, offset: page * pageSize, limit: pageSize }, { signal }),
  });
  // The first page tells how many there are until another does: what is far from sight is not asked anew at every event.
  const isHeadSeen = pages.includes(0);
  const [toldOf, setToldOf] = useState<string | null>(null);
  const question = JSON.stringify(asked);
  const head = useQuery({ ...ask(0), enabled: isHeadSeen || toldOf !== question, placeholderData: keepPreviousData });
  const answers = useQueries({ queries: pages.map(ask) });
  if (answers.some(({ data }) => data !== undefined) && toldOf !== question) setToldOf(question);
  const newest = answers.reduce((best, each) => (each.dataUpdatedAt > best.dataUpdatedAt ? each : best), answers[0]!);
  const failed = [head, ...answers].filter(({ error }) => error !== null);
  const rowsOf = (page: number) => {
    const place = pages.indexOf(page);
    const answer = place < 0 ? undefined : answers[place]!.data;
    return (answer ?? (page === 0 ? head.data : undefined))?.rows;
  };
  return {
    total: (newest.data ?? head.data)?.total ?? null,
    rows: head.isPlaceholderData ? [] : pages.flatMap((page) => rowsOf(page) ?? []),
    row: (index) => rowsOf(Math.floor(index / pageSize))?.[index % pageSize],
    error: failed[0]?.error ?? null,
    retry: () => failed.forEach(({ refetch }) => void refetch()),
    isOlder: head.isPlaceholderData,
  };
}

/** The value, once it has been the same for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), patience);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

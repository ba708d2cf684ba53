// How long ago a job that runs was last heard of, once that is longer than its worker's signs of life are apart: how far it is may be old.

import { skipToken, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import type { JobRow } from "../../lab/api.ts";
import { silentAfter } from "../../lab/silent-after.ts";
import { useLab } from "../app/connection.tsx";
import type { Heard } from "../app/heard-of.ts";
import { queryKeys } from "../app/live-queries.ts";
import { duration } from "./words.ts";

/** Milliseconds. */
const freshFor = 1000 * silentAfter;

interface SilenceProps {
  readonly job: string;
}

/** On a job's own page. */
export function ToldAgo({ row }: { readonly row: Pick<JobRow, "key" | "state"> }): ReactNode {
  return row.state === "running" ? <LastHeard key={row.key} job={row.key} /> : null;
}

function LastHeard({ job }: SilenceProps): ReactNode {
  const { silence, isKnown } = useSilence(job);
  if (silence < freshFor) return null;
  const length = duration(Math.round(silence / 1000));
  return (
    <span className="quiet">
      {isKnown ? `last heard of ${length} ago` : `nothing heard of it since this page was opened ${length} ago`}
    </span>
  );
}

/**
 * In a row of a table, beside other jobs; `otherwise` for one that does not run or is heard of, and while this page hears of none, which is no
 * job's silence.
 */
export function SilentFor({
  row,
  otherwise,
}: {
  readonly row: Pick<JobRow, "key" | "state">;
  readonly otherwise: ReactNode;
}): ReactNode {
  return row.state === "running" ? <Silence key={row.key} job={row.key} otherwise={otherwise} /> : otherwise;
}

function Silence({ job, otherwise }: SilenceProps & { readonly otherwise: ReactNode }): ReactNode {
  const { silence } = useSilence(job);
  const { feed } = useLab();
  const isLive = useSyncExternalStore(feed.watch, () => feed.state().kind === "live");
  if (silence < freshFor || !isLive) return otherwise;
  const seconds = Math.round(silence / 1000);
  return (
    <span className="quiet" title={`last heard of ${duration(seconds)} ago`}>
      {`silent ${roughly(seconds)}`}
    </span>
  );
}

/** In its largest unit. */
function roughly(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** Milliseconds since a job was heard of; since the page began to show it where neither an event nor the lab has told of it. */
function useSilence(job: string): { readonly silence: number; readonly isKnown: boolean } {
  const { data: heard } = useQuery<Heard>({ queryKey: queryKeys.heardOf(job), queryFn: skipToken });
  const [shown] = useState(() => Date.now());
  const [now, setNow] = useState(shown);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  return { silence: now - (heard?.at ?? shown), isKnown: heard !== undefined };
}

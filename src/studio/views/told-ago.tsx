// How long ago a job that runs was last heard of, once that is longer than its worker's signs of life are apart: how far it is may be old.

import { type ReactNode, useEffect, useState } from "react";
import type { JobRow } from "../../lab/api.ts";
import { duration } from "./words.ts";

/** Milliseconds: some signs of life of a worker. */
const freshFor = 30_000;

export interface ToldAgoProps {
  readonly row: Pick<JobRow, "state">;
  /** Milliseconds as of `Date.now`; null where nothing was heard of it since the page was opened. */
  readonly at: number | null;
}

export function ToldAgo({ row, at }: ToldAgoProps): ReactNode {
  const [opened] = useState(() => Date.now());
  const [now, setNow] = useState(opened);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  const silence = now - (at ?? opened);
  if (row.state !== "running" || silence < freshFor) return null;
  const length = duration(Math.round(silence / 1000));
  return (
    <span className="quiet">
      {at === null ? `nothing heard of it since this page was opened ${length} ago` : `last heard of ${length} ago`}
    </span>
  );
}

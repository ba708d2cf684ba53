// How long ago the lab last told of a job that runs, once that is longer than its worker's signs of life are apart: how far it is may be old.

import { type ReactNode, useEffect, useState } from "react";
import type { JobRow } from "../../lab/api.ts";
import { duration } from "./words.ts";

/** Milliseconds: some signs of life of a worker. */
const freshFor = 30_000;

export interface ToldAgoProps {
  readonly row: Pick<JobRow, "state">;
  /** When its row was last told, milliseconds as of `Date.now`. */
  readonly at: number;
}

export function ToldAgo({ row, at }: ToldAgoProps): ReactNode {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  if (row.state !== "running" || now - at < freshFor) return null;
  return <span className="quiet">last heard of {duration(Math.round((now - at) / 1000))} ago</span>;
}

// Whether what is shown is what the lab says now, and since when not.

import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import type { FeedState, LabFeed } from "../api/lab-feed.ts";

/** Milliseconds without a sign of life from which on it is said. */
const freshFor = 8_000;
/** Milliseconds of a loss from which on it is announced: short ones pass without a word. */
const announcedAfter = 5_000;

export interface LiveStateProps {
  readonly feed: LabFeed;
  /** Where its files are. */
  readonly lab: string;
}

export function LiveState({ feed, lab }: LiveStateProps): ReactNode {
  const { kind, silence } = useSilence(feed);
  const isStale = kind === "lost" || silence > freshFor;
  const text = isStale ? `stale ${Math.round(silence / 1000)} s` : kind === "live" ? "live" : "connecting";
  return (
    <span className={`live live-${isStale ? "stale" : kind}`} title={`Lab: ${lab}`}>
      <span aria-hidden="true" className="live-mark" />
      <span>{text}</span>
      <span role="status" className="visually-hidden">
        {kind === "lost" && silence > announcedAfter ? "The connection to the lab is lost; trying again." : ""}
      </span>
    </span>
  );
}

/** Above what may be old. The header announces the loss; this says it to who reads further down. */
export function StaleNote({ feed }: Pick<LiveStateProps, "feed">): ReactNode {
  const { kind, silence } = useSilence(feed);
  if (kind !== "lost" || silence <= announcedAfter) return null;
  return <p className="quiet">As it was {Math.round(silence / 1000)} s ago: the lab does not answer.</p>;
}

/** Milliseconds since the last sign of life, told each second. */
function useSilence(feed: LabFeed): { readonly kind: FeedState["kind"]; readonly silence: number } {
  const { kind } = useSyncExternalStore(feed.watch, feed.state);
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return { kind, silence: Math.max(0, now - feed.state().heardAt) };
}

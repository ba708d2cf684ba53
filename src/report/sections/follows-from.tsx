// From a number of the verdict to the findings that it follows from.

import { Fragment } from "react";
import type { ReportAgent } from "../report-data.ts";

/** The anchor of a finding. `agent`: place of its agent among those of the report. */
export function findingId(agent: number, place: number): string {
  return `finding-${agent}-${place}`;
}

interface FindingLinksProps {
  readonly agent: ReportAgent;
  /** Of the agent. */
  readonly index: number;
  readonly places: readonly number[];
}

/** `findings 3 and 4`, each a link; nothing for none. */
export function FindingLinks({ agent, index, places }: FindingLinksProps) {
  if (places.length === 0) return null;
  return (
    <span className="finding-links">
      {places.length === 1 ? "finding " : "findings "}
      {places.map((place, i) => (
        <Fragment key={place}>
          {i === 0 ? "" : i === places.length - 1 ? " and " : ", "}
          <a href={`#${findingId(index, place)}`} title={agent.audit.findings[place]?.name}>
            <span className="visually-hidden">finding </span>
            {place + 1}
          </a>
        </Fragment>
      ))}
    </span>
  );
}

interface FollowsFromProps extends Omit<FindingLinksProps, "places"> {
  /** Each with what it is that follows, where there are several. */
  readonly parts: readonly { readonly what: string; readonly places: readonly number[] }[];
  /** Default: that they follow from these. */
  readonly lead?: string;
}

/** A line below a chart; nothing where no finding is behind it. */
export function FollowsFrom({ agent, index, parts, lead = "Follows from" }: FollowsFromProps) {
  const told = parts.filter(({ places }) => places.length > 0);
  if (told.length === 0) return null;
  return (
    <p className="follows">
      {lead}{" "}
      {told.map(({ what, places }, i) => (
        <Fragment key={what}>
          {i > 0 && "; "}
          <FindingLinks agent={agent} index={index} places={places} />
          {what !== "" && ` (${what})`}
        </Fragment>
      ))}
      .
    </p>
  );
}

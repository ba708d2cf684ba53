// In place of a table without rows: what to run first, and where else what is looked for may be.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { JobSpec } from "../../../lab/job.ts";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import type { RunsSearch } from "./runs-search.ts";

type JobKind = JobSpec["kind"];

const plural: Readonly<Record<JobKind, string>> = { train: "runs", audit: "audits", measure: "measurements" };

export interface OtherKindProps {
  readonly search: RunsSearch;
  /** Which the table is of. */
  readonly kind: JobKind;
  /** Which the filter can find: others. */
  readonly kinds: readonly JobKind[];
  readonly onClear: () => void;
}

/** The filter asks for what jobs of this kind do not have, such as a verdict of runs. */
export function OtherKind({ search, kind, kinds, onClear }: OtherKindProps): ReactNode {
  const others = kinds.map((each) => plural[each]).join(" and ");
  return (
    <Notice title={`No ${plural[kind]} can match this filter`} heading="h2">
      {kinds.length === 0 ? (
        <p>It asks at once for what no job has together: a return is of runs, a verdict of audits.</p>
      ) : (
        <p>It asks for what only {others} have.</p>
      )}
      {kinds.length > 0 && (
        <ul>
          {kinds.map((each) => (
            <li key={each}>
              <Link to="/runs" search={{ ...search, kind: each }}>
                The {plural[each]} that match it
              </Link>
            </li>
          ))}
        </ul>
      )}
      <Button onPress={onClear}>Clear the filter</Button>
    </Notice>
  );
}

export interface NoJobsProps {
  readonly search: RunsSearch;
  readonly onClear: () => void;
}

export function NoJobs({ search, onClear }: NoJobsProps): ReactNode {
  if (search.filter.trim() !== "") {
    return (
      <Notice title="Nothing matches this filter" heading="h2">
        <Button onPress={onClear}>Clear the filter</Button>
      </Notice>
    );
  }
  if (search.kind !== "train" && search.kind !== "all") {
    return (
      <Notice title={search.kind === "audit" ? "No audits yet" : "No measurements yet"} heading="h2">
        <p>
          They stand in a sweep’s file beside its runs; <code>mesascope schema sweep</code> says how.
        </p>
      </Notice>
    );
  }
  return (
    <Notice title="No runs yet" heading="h2">
      <p>One agent, trained here:</p>
      <pre>mesascope train A --preset quick --out agents/a</pre>
      <p>Many, told by a file:</p>
      <pre>mesascope sweep first.yaml</pre>
      <p>Each appears here as soon as the lab has taken it.</p>
    </Notice>
  );
}

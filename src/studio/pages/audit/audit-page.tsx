// The report of an audit. Which recipe the agent was trained by is told after the verdict, to those who ask.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { JobRow } from "../../../lab/api.ts";
import type { AuditJob } from "../../../lab/job.ts";
import type { JobRecord } from "../../../lab/record.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { usePageTitle } from "../../app/page-title.ts";
import { Notice } from "../../components/notice.tsx";
import { Failed, NoKey, NoSuch } from "../../views/failed.tsx";
import { isJobKey } from "../../views/job-key.ts";
import { JobStateMark, timeLeft } from "../../views/job-state.tsx";
import { Reading } from "../../views/reading.tsx";
import { AuditReport } from "./audit-report.tsx";
import { auditedInLab } from "./audited-in-lab.ts";
import { RecordedAudit } from "./recorded-audit.tsx";
import { recordedAgentOf } from "./recorded-key.ts";
import { toldWorld } from "./told-world.ts";
import "./audit.css";

const route = getRouteApi("/audits/$key");

export function AuditPage(): ReactNode {
  const { key } = route.useParams();
  const recorded = recordedAgentOf(key);
  if (recorded !== null) return <RecordedAudit agent={recorded} />;
  return isJobKey(key) ? <AuditOfLab audit={key} /> : <NoAudit given={key} />;
}

function AuditOfLab({ audit: key }: { readonly audit: string }): ReactNode {
  // By its key: the name would say how the agent was made.
  usePageTitle(`Audit ${key.slice(0, 8)}`);
  const { client } = useLab();
  const found = useQuery({ queryKey: queryKeys.job(key), queryFn: ({ signal }) => client.jobs.get({ key }, { signal }) });
  if (found.data === undefined)
    return found.isError ? (
      <NoSuch what="audit" error={found.error} onRetry={() => void found.refetch()}>
        <AllAudits />
      </NoSuch>
    ) : (
      <Reading title="Audit report">Asking the lab …</Reading>
    );
  const { row, spec, record } = found.data;
  if (spec.kind !== "audit") return <OtherJob row={row} />;
  if (record === null) return <NotDone row={row} spec={spec} />;
  return <DoneAudit spec={spec} record={record} />;
}

function NoAudit({ given }: { readonly given: string }): ReactNode {
  usePageTitle("No such audit");
  return (
    <NoKey what="audit" given={given}>
      <AllAudits />
    </NoKey>
  );
}

function AllAudits(): ReactNode {
  return (
    <p>
      <Link to="/runs" search={{ kind: "audit" }}>
        All audits
      </Link>
    </p>
  );
}

function OtherJob({ row }: { readonly row: JobRow }): ReactNode {
  return (
    <Notice title={row.kind === "train" ? "This is a run, not an audit" : "This is a measurement, not an audit"}>
      <p>
        <Link to="/runs/$key" params={{ key: row.run ?? row.key }}>
          {row.kind === "train" ? "Its page" : "The page of its run"}
        </Link>{" "}
        lists the audits there are of it.
      </p>
      <AllAudits />
    </Notice>
  );
}

/** The page shows the report as soon as there is one. */
function NotDone({ row, spec }: { readonly row: JobRow; readonly spec: AuditJob }): ReactNode {
  const isOver = row.state === "failed" || row.state === "cancelled";
  return (
    <Notice title={isOver ? "This audit came to no verdict" : "This audit is not done yet"} tone={isOver ? "bad" : "calm"}>
      <p className="audit-state">
        <JobStateMark row={row} />
        <span className="quiet">{[row.progress?.stage, timeLeft(row)].filter((part) => part != null).join(" · ")}</span>
      </p>
      {row.error !== null && <p>{row.error.message}</p>}
      {row.state === "queued" && (
        <p>
          It waits for a worker. <code>mesascope worker</code> starts one.
        </p>
      )}
      {row.state === "blocked" && <p>It waits for its run to be trained.</p>}
      <p>
        <Link to="/runs/$key" params={{ key: spec.run }}>
          The run that it is about
        </Link>
      </p>
    </Notice>
  );
}

function DoneAudit({ spec, record }: { readonly spec: AuditJob; readonly record: JobRecord }): ReactNode {
  const { client } = useLab();
  const { job } = record;
  // What was done stays as it is.
  const result = useQuery({
    queryKey: ["audit", job],
    queryFn: ({ signal }) => client.jobs.audit({ key: job }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const run = useQuery({
    queryKey: queryKeys.job(spec.run),
    queryFn: ({ signal }) => client.jobs.get({ key: spec.run }, { signal }),
  });
  const recipe = run.data?.spec.kind === "train" ? run.data.spec : null;
  const told = useQuery({
    queryKey: ["audited-world", spec.run],
    queryFn: () => toldWorld(recipe!.recipe, recipe!.organism),
    enabled: recipe !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (result.data === undefined || run.data === undefined || told.data === undefined) {
    const failed = [result, run, told].filter((query) => query.error !== null);
    if (failed.length === 0) return <Reading title="Audit report">Reading the audit …</Reading>;
    return (
      <Failed
        title="The report could not be drawn"
        heading="h1"
        error={failed[0]!.error!}
        onRetry={() => failed.forEach((query) => void query.refetch())}
      >
        <AllAudits />
      </Failed>
    );
  }
  const found = { spec, record, result: result.data, run: run.data.row, ...told.data };
  return <AuditReport audited={auditedInLab(found, client)} />;
}

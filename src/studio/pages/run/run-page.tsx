// A run: where it stands, its returns over training, what audits found in it, and what it was made of.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { JobRow } from "../../../lab/api.ts";
import type { JobSpec } from "../../../lab/job.ts";
import type { JobRecord } from "../../../lab/record.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { usePageTitle } from "../../app/page-title.ts";
import { runName, seedAndVariant } from "../../app/run-names.ts";
import { Notice } from "../../components/notice.tsx";
import { Failed, NoKey, NoSuch } from "../../views/failed.tsx";
import { isJobKey } from "../../views/job-key.ts";
import { JobStateMark, timeLeft } from "../../views/job-state.tsx";
import { Reading } from "../../views/reading.tsx";
import { ToldAgo } from "../../views/told-ago.tsx";
import { dateTime, duration, exactNumber, percent, shortNumber } from "../../views/words.ts";
import { Findings } from "./findings.tsx";
import { Formation } from "./formation.tsx";
import { RecipeList } from "./recipe-list.tsx";
import { RunCurves } from "./run-curves.tsx";
import { RunDeeds } from "./run-deeds.tsx";
import "./run.css";

const route = getRouteApi("/runs/$key");

export interface FoundRun {
  readonly row: JobRow;
  readonly spec: JobSpec;
  readonly record: JobRecord | null;
}

export function RunPage(): ReactNode {
  const { key } = route.useParams();
  return isJobKey(key) ? <RunOfLab run={key} /> : <NoRun given={key} />;
}

function RunOfLab({ run: key }: { readonly run: string }): ReactNode {
  const { client } = useLab();
  const found = useQuery({ queryKey: queryKeys.job(key), queryFn: ({ signal }) => client.jobs.get({ key }, { signal }) });
  usePageTitle(found.data === undefined ? "Run" : runName(found.data.row));
  const retry = () => void found.refetch();
  if (found.data === undefined)
    return found.isError ? (
      <NoSuch what="run" error={found.error} onRetry={retry}>
        <AllRuns />
      </NoSuch>
    ) : (
      <Reading title="Run">Asking the lab …</Reading>
    );
  const { row } = found.data;
  return (
    <>
      {found.isError && <Failed title="The run could not be read" error={found.error} isBeside onRetry={retry} />}
      {row.run === null ? <Run run={found.data} /> : <NotRun row={row} run={row.run} />}
    </>
  );
}

function NoRun({ given }: { readonly given: string }): ReactNode {
  usePageTitle("No such run");
  return (
    <NoKey what="run" given={given}>
      <AllRuns />
    </NoKey>
  );
}

function AllRuns(): ReactNode {
  return (
    <p>
      <Link to="/runs">All runs</Link>
    </p>
  );
}

/** Audits and measurements are told on the page of their run. */
function NotRun({ row, run }: { readonly row: JobRow; readonly run: string }): ReactNode {
  return (
    <Notice title={`${row.kind === "audit" ? "An audit" : "A measurement"} of ${runName(row)}`}>
      <p>
        <JobStateMark row={row} />
      </p>
      <p>
        What came of it stands with{" "}
        <Link to="/runs/$key" params={{ key: run }}>
          the run that it is about
        </Link>
        .
      </p>
    </Notice>
  );
}

function Run({ run }: { readonly run: FoundRun }): ReactNode {
  const { row, spec } = run;
  return (
    <div className="page run">
      <p className="run-path">
        <Link to="/runs">Runs</Link>
      </p>
      <header className="run-head">
        <div>
          <h1>
            {row.name} <span className="run-seed">{seedAndVariant(row)}</span>
          </h1>
          <p className="run-state">
            <JobStateMark row={row} />
            <span className="quiet">{[timeLeft(row), row.progress?.stage].filter((part) => part != null).join(" · ")}</span>
            <ToldAgo row={row} />
          </p>
          {run.record?.files["policy.onnx"] !== undefined && (
            <p>
              <Link to="/episode" search={{ agent: `run:${row.key}` }}>
                Watch it play
              </Link>
            </p>
          )}
        </div>
        <RunDeeds row={row} />
      </header>
      {row.error !== null && (
        <Notice title={`It failed: ${row.error.code}`} heading="h2" tone="bad">
          <p>{row.error.message}</p>
        </Notice>
      )}
      <RunFacts run={run} />
      <RunCurves row={row} rewarded={spec.kind === "train" ? spec.recipe.objective.name : null} />
      <Formation run={row} />
      <Findings run={row} />
      {spec.kind === "train" && <RecipeList recipe={spec.recipe} variant={row.variant} />}
    </div>
  );
}

function RunFacts({ run: { row, record } }: { readonly run: FoundRun }): ReactNode {
  const outcome = row.outcome?.kind === "train" ? row.outcome : null;
  const steps = outcome?.environmentSteps ?? row.progress?.environmentSteps;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Oracle’s return", shortNumber(outcome?.oracleReturn)],
    ["Steps", exactNumber(steps)],
    ["Computed for", duration(row.seconds)],
    ["Attempts", row.attempt],
    ["Worker", record?.made.worker ?? row.worker ?? "–"],
    ["Engine", record?.made.engine ?? "–"],
    ["Asked for", dateTime(row.createdAt)],
    ["Started", dateTime(record?.made.startedAt ?? row.startedAt)],
    ["Finished", dateTime(row.finishedAt)],
    ["Sweeps", row.sweeps.length === 0 ? "–" : row.sweeps.join(", ")],
    ["World", row.world],
    ["Code", <code key="code">{row.code}</code>],
    ["Key", <code key="key">{row.key}</code>],
  ];
  const first: readonly (readonly [string, string])[] = [
    ["Return", shortNumber(outcome?.trainingReturn ?? row.progress?.trainingReturn)],
    ["Share of the oracle’s return", percent(outcome?.oracleShare ?? row.progress?.oracleShare)],
  ];
  return (
    <dl className="run-facts">
      {first.filter(isKnown).map(([name, value]) => (
        <div key={name} className="run-fact-first">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {facts.filter(isKnown).map(([name, value]) => (
        <div key={name} className={name === "Key" || name === "Code" ? "run-fact-wide" : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is not there is left out. */
function isKnown([, value]: readonly [string, ReactNode]): boolean {
  return value !== "–";
}

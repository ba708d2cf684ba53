// What audits concluded of a run, and what it returned where it was measured.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { JobRow } from "../../../lab/api.ts";
import type { Outcome } from "../../../lab/record.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { JobStateMark } from "../../views/job-state.tsx";
import { shortNumber, verdictText } from "../../views/words.ts";

export function Findings({ run }: { readonly run: JobRow }): ReactNode {
  const { client } = useLab();
  const asked = { filter: `run:${run.key}`, limit: 200 };
  const about = useQuery({
    queryKey: queryKeys.jobs(asked),
    queryFn: ({ signal }) => client.jobs.list(asked, { signal }),
  });
  const rows = about.data?.rows ?? [];
  const over = useQuery({
    queryKey: queryKeys.overTraining(run.key),
    queryFn: ({ signal }) => client.jobs.overTraining({ key: run.key }, { signal }),
  });
  const onTheWay = new Set(
    over.data?.audited.flatMap(({ audits }) => audits.filter(({ snapshot }) => snapshot !== null).map(({ job }) => job)),
  );
  const isKnown = about.data !== undefined && !over.isPending;
  const audits = rows.filter(({ kind, key }) => kind === "audit" && !onTheWay.has(key));
  const measurements = rows.flatMap(({ key, outcome }) =>
    outcome?.kind === "measure" ? outcome.points.map((measured) => ({ job: key, ...measured })) : [],
  );
  return (
    <>
      <section>
        <h2>Audits</h2>
        {about.isError && <p className="bad">{problemOf(about.error).message}</p>}
        {isKnown && audits.length === 0 && (
          <p className="quiet">
            None was asked for. <code>mesascope audit {run.key.slice(0, 8)}</code> makes one.
          </p>
        )}
        {isKnown && audits.length > 0 && (
          <ul className="run-audits">
            {audits.map((audit) => (
              <AuditLine key={audit.key} audit={audit} />
            ))}
          </ul>
        )}
      </section>
      {measurements.length > 0 && <Measured points={measurements} />}
    </>
  );
}

function AuditLine({ audit }: { readonly audit: JobRow }): ReactNode {
  const { outcome, key } = audit;
  const words = outcome?.kind === "audit" ? outcome.verdict : null;
  return (
    <li>
      {words === null ? <JobStateMark row={audit} /> : <strong>{verdictText(words)}</strong>}
      {words !== null && <span className="quiet numeric">confidence {Math.round(words.confidence * 100)}%</span>}
      <Link to="/audits/$key" params={{ key }}>
        {words === null ? "Its page" : "Report"}
      </Link>
      <code className="quiet">{key.slice(0, 10)}</code>
    </li>
  );
}

type Point = Extract<Outcome, { readonly kind: "measure" }>["points"][number];

/** Base objective and others beside each other, at each shift; told by their jobs, because the same point may be measured by several. */
function Measured({ points }: { readonly points: readonly (Point & { readonly job: string })[] }): ReactNode {
  const objectives = [...new Set(points.flatMap(({ returns }) => Object.keys(returns)))];
  return (
    <section>
      <h2>Measured returns</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="run-scroll" aria-label="Measured returns" tabIndex={0}>
        <table className="run-table">
          <thead>
            <tr>
              <th scope="col">Levels</th>
              <th scope="col">Job</th>
              {objectives.map((objective) => (
                <th key={objective} scope="col">
                  {objective}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map(({ job, point, returns }) => (
              <tr key={`${job} ${JSON.stringify(point)}`}>
                <th scope="row">{shiftWords(point)}</th>
                <td>
                  <code className="quiet">{job.slice(0, 10)}</code>
                </td>
                {objectives.map((objective) => {
                  const found = returns[objective];
                  return (
                    <td key={objective}>
                      {found === undefined ? (
                        "–"
                      ) : (
                        <>
                          {shortNumber(found.mean)}{" "}
                          <span className="quiet">
                            [{shortNumber(found.low)}, {shortNumber(found.high)}]
                          </span>
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="label">Mean per episode, 95% interval over levels.</p>
    </section>
  );
}

function shiftWords(point: Point["point"]): string {
  const moved = Object.entries(point).map(([axis, value]) => `${axis} ${value}`);
  return moved.length === 0 ? "as in training" : moved.join(", ");
}

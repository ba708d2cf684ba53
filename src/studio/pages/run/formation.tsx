// When the objective of a run formed: audits of the snapshots of its training, as far as they are, in words, as a chart and as a table.

import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import type { JobRow } from "../../../lab/api.ts";
import { defaultPriority, type JobState } from "../../../lab/job.ts";
import {
  formationOf,
  formationText,
  mostProbable,
  type OverTraining,
  overTrainingJobs,
  overTrainingLevels,
} from "../../../lab/over-training.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { Button } from "../../components/button.tsx";
import { Select } from "../../components/select.tsx";
import { exactNumber, percent } from "../../views/words.ts";
import { FormationChart, ObjectiveMark } from "./formation-chart.tsx";
import { leastShare, type Moment, momentsKnown, objectivesDrawn } from "./moments.ts";
import "./formation.css";

const route = getRouteApi("/runs/$key");
/** States in which an audit will come to an end without anybody saying more. */
const underWay: readonly JobState[] = ["blocked", "queued", "running"];

export function Formation({ run }: { readonly run: JobRow }): ReactNode {
  const { client } = useLab();
  const found = useQuery({
    queryKey: queryKeys.overTraining(run.key),
    queryFn: ({ signal }) => client.jobs.overTraining({ key: run.key }, { signal }),
  });
  return (
    <section className="formation">
      <h2>Objective over training</h2>
      {found.isError && <p className="bad">{problemOf(found.error).message}</p>}
      {found.isPending && <p className="quiet">Asking the lab …</p>}
      {found.data !== undefined &&
        (found.data.audited.length === 0 ? (
          <NotAudited run={run} snapshots={found.data.snapshots} />
        ) : (
          <Audited audited={found.data.audited} />
        ))}
    </section>
  );
}

function NotAudited({ run, snapshots }: { readonly run: JobRow; readonly snapshots: number | null }): ReactNode {
  const command = <code>mesascope audit {run.key.slice(0, 8)} --over-training</code>;
  if (run.state === "failed" || run.state === "cancelled") return <p className="quiet">The training did not come to its end.</p>;
  if (snapshots === null)
    return (
      <p className="quiet">
        Not audited over training. Snapshots are kept as it goes; once it is done, {command} tells when its objective formed.
      </p>
    );
  if (snapshots === 0)
    return (
      <p className="quiet">
        No snapshots of its training were kept, as versions before this one kept none. Trained again, it can be audited over
        training.
      </p>
    );
  return (
    <>
      <p>Not audited over training: run {command}, or let the lab do it.</p>
      <AskForAudits run={run} snapshots={snapshots} />
    </>
  );
}

function AskForAudits({ run, snapshots }: { readonly run: JobRow; readonly snapshots: number }): ReactNode {
  const { client } = useLab();
  const jobs = overTrainingJobs({ run: run.key, levels: overTrainingLevels, seed: 1, code: run.code });
  const asking = useMutation({
    mutationFn: () => client.sweeps.acceptJobs({ sweep: "audit", priority: defaultPriority, jobs: [...jobs] }),
  });
  return (
    <div className="formation-ask">
      <Button isDisabled={asking.isPending || asking.isSuccess} onPress={() => asking.mutate()}>
        Audit it over training
      </Button>
      <span className="quiet">
        {snapshots} snapshots and the agent at the end, {overTrainingLevels} levels each, for the lab’s workers.
      </span>
      <p role="status">{asking.isError && <span className="bad">{problemOf(asking.error).message}</span>}</p>
    </div>
  );
}

function nameOf({ levels, seed }: OverTraining): string {
  return `${levels} levels, seed ${seed}`;
}

function Audited({ audited }: { readonly audited: readonly OverTraining[] }): ReactNode {
  const { budget } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = audited.find((one) => nameOf(one) === budget) ?? audited.toSorted((a, b) => b.levels - a.levels)[0]!;
  const names = [...new Set(audited.map(nameOf))];
  return (
    <>
      {names.length > 1 && (
        <Select
          label="Audits of"
          value={nameOf(chosen)}
          choices={names.map((name) => ({ value: name, label: name }))}
          onChange={(next) =>
            void navigate({ search: (before) => ({ ...before, budget: next }), replace: true, resetScroll: false })
          }
        />
      )}
      <OfOneBudget audited={chosen} />
    </>
  );
}

function OfOneBudget({ audited }: { readonly audited: OverTraining }): ReactNode {
  const { audits } = audited;
  const moments = useMemo(() => momentsKnown(audited), [audited]);
  const objectives = useMemo(() => objectivesDrawn(moments), [moments]);
  const isWhole = audits.every(({ point }) => point !== null) && audits.some(({ snapshot }) => snapshot === null);
  const formed = isWhole ? formationOf(moments) : null;
  return (
    <>
      <p className="formation-words">{isWhole ? formationText(moments) : unfinished(audited)}</p>
      {moments.length > 0 && (
        <>
          <figure>
            <figcaption>
              <ul className="formation-legend">
                {objectives.map((objective, place) => (
                  <li key={objective}>
                    <ObjectiveMark place={place} /> {objective}
                  </li>
                ))}
                {formed !== null && formed.after !== null && (
                  <li>
                    <span className="formation-swatch" aria-hidden="true" /> formed in between
                  </li>
                )}
              </ul>
            </figcaption>
            <FormationChart moments={moments} objectives={objectives} formed={formed} />
          </figure>
          <MomentsTable moments={moments} objectives={objectives} />
        </>
      )}
      <p className="label">
        Probability of each objective, by audits of {nameOf(audited)}. Objectives that never had {100 * leastShare}% are left out
        of the chart.
      </p>
    </>
  );
}

/** How far the audits are, and what is needed for the others. */
function unfinished({ audits }: OverTraining): string {
  const done = audits.filter(({ point }) => point !== null).length;
  const told = `${done} of ${audits.length} moments are audited`;
  if (!audits.some(({ snapshot }) => snapshot === null)) return `${told}, and the agent at the end is not asked for.`;
  const stopped = audits.filter(({ state, point }) => point === null && !underWay.includes(state));
  if (stopped.length === 0) return `${told}; the others are under way.`;
  const states = [...new Set(stopped.map(({ state }) => state))].join(" or ");
  return `${told}; ${stopped.length} ${stopped.length === 1 ? "is" : "are"} ${states}.`;
}

function MomentsTable({
  moments,
  objectives,
}: {
  readonly moments: readonly Moment[];
  readonly objectives: readonly string[];
}): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="run-scroll" aria-label="Objective over training, in numbers" tabIndex={0}>
      <table className="run-table formation-table">
        <thead>
          <tr>
            <th scope="col">Steps</th>
            {objectives.map((objective) => (
              <th key={objective} scope="col">
                {objective}
              </th>
            ))}
            <th scope="col">Verdict</th>
            <th scope="col">Report</th>
          </tr>
        </thead>
        <tbody>
          {moments.map((moment) => {
            const most = mostProbable(moment).objective;
            const steps = exactNumber(moment.environmentSteps);
            return (
              <tr key={moment.job}>
                <th scope="row">{steps}</th>
                {objectives.map((objective) => (
                  <td key={objective} className={objective === most ? "formation-most" : undefined}>
                    {percent(moment.posterior[objective])}
                  </td>
                ))}
                <td>{moment.verdict.kind}</td>
                <td>
                  <a href={`/audits/${moment.job}`} aria-label={`Report after ${steps} steps`}>
                    Report
                  </a>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

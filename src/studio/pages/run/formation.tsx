// When the objective of a run formed: audits of the snapshots of its training, as far as they are, in words, as a chart and as a table.

import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import type { JobRow } from "../../../lab/api.ts";
import { defaultPriority } from "../../../lab/job.ts";
import {
  budgetName,
  formationOf,
  isWhole,
  mostProbable,
  type OverTraining,
  overTrainingJobs,
  overTrainingLevels,
  overTrainingText,
} from "../../../lab/over-training.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { RefusedWord } from "../../app/refused-search.tsx";
import { Button } from "../../components/button.tsx";
import { Select } from "../../components/select.tsx";
import { TakeAlong } from "../../views/take/take-along.tsx";
import { exactNumber, percent } from "../../views/words.ts";
import { FormationChart, ObjectiveMark } from "./formation-chart.tsx";
import { leastShare, type Moment, momentsKnown, objectivesDrawn } from "./moments.ts";
import "./formation.css";

const route = getRouteApi("/runs/$key");
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
          <NotAudited run={run} snapshots={found.data.snapshots} places={found.data.places} />
        ) : (
          <Audited audited={found.data.audited} end={endOf(run)} />
        ))}
    </section>
  );
}

interface NotAuditedProps {
  readonly run: JobRow;
  /** How many were kept; null while the run is not done. */
  readonly snapshots: number | null;
  /** Of those to be audited. */
  readonly places: readonly number[];
}

function NotAudited({ run, snapshots, places }: NotAuditedProps): ReactNode {
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
      <AskForAudits run={run} places={places} />
    </>
  );
}

function AskForAudits({ run, places }: Pick<NotAuditedProps, "run" | "places">): ReactNode {
  const { client } = useLab();
  const asking = useMutation({
    mutationFn: async () => {
      // Workers take jobs of their own code, which may be a later one than trained the run.
      const { code } = await client.status();
      const jobs = overTrainingJobs({ run: run.key, levels: overTrainingLevels, seed: 1, code, places });
      return await client.sweeps.acceptJobs({ sweep: "audit", priority: defaultPriority, jobs: [...jobs] });
    },
  });
  return (
    <div className="formation-ask">
      <Button isDisabled={asking.isPending || asking.isSuccess} onPress={() => asking.mutate()}>
        Audit it over training
      </Button>
      <span className="quiet">
        {places.length} {places.length === 1 ? "snapshot" : "snapshots"} and the agent at the end, {overTrainingLevels} levels
        each, for the lab’s workers.
      </span>
      <p role="status">
        {asking.isSuccess && "Asked for: it appears here as the lab’s workers come to it."}
        {asking.isError && <span className="bad">{problemOf(asking.error).message}</span>}
      </p>
    </div>
  );
}

/** Steps of the whole training; 0 while it is not known. */
function endOf({ outcome }: JobRow): number {
  return outcome?.kind === "train" ? outcome.environmentSteps : 0;
}

function Audited({ audited, end }: { readonly audited: readonly OverTraining[]; readonly end: number }): ReactNode {
  const { budget } = route.useSearch();
  const navigate = route.useNavigate();
  const nameOf = (one: OverTraining) => budgetName(one, audited);
  const chosen = audited.find((one) => nameOf(one) === budget) ?? audited.toSorted((a, b) => b.levels - a.levels)[0]!;
  const names = audited.map(nameOf);
  return (
    <>
      <RefusedWord name="budget" given={budget} known={names} />
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
      <OfOneBudget audited={chosen} name={nameOf(chosen)} end={end} />
    </>
  );
}

function OfOneBudget({
  audited,
  name,
  end,
}: {
  readonly audited: OverTraining;
  readonly name: string;
  readonly end: number;
}): ReactNode {
  const moments = useMemo(() => momentsKnown(audited), [audited]);
  const objectives = useMemo(() => objectivesDrawn(moments), [moments]);
  const formed = isWhole(audited) ? formationOf(moments) : null;
  return (
    <>
      <p className="formation-words">{overTrainingText(audited)}</p>
      {moments.length > 0 && (
        <>
          <figure>
            <figcaption>
              <ul className="formation-legend" data-legend="">
                {objectives.map((objective, place) => (
                  <li key={objective}>
                    <ObjectiveMark place={place} /> {objective}
                  </li>
                ))}
                {formed !== null && formed.after !== null && (
                  <li>
                    <svg className="formation-swatch" aria-hidden="true" width="26" height="12">
                      <rect width="26" height="12" />
                      <path d="M0.5 0V12M25.5 0V12" />
                    </svg>{" "}
                    formed in between
                  </li>
                )}
              </ul>
            </figcaption>
            <FormationChart moments={moments} objectives={objectives} formed={formed} end={end} />
            <TakeAlong
              caption="objective over training"
              table={() => ({
                columns: ["Environment steps", ...objectives],
                rows: moments.map(({ environmentSteps, posterior }) => [
                  environmentSteps,
                  ...objectives.map((objective) => posterior[objective] ?? null),
                ]),
              })}
            />
          </figure>
          <MomentsTable moments={moments} objectives={objectives} />
        </>
      )}
      <p className="label">
        Probability of each objective, by audits of {name}. Objectives that never had {100 * leastShare}% are left out of the
        chart.
      </p>
    </>
  );
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
                  <Link to="/audits/$key" params={{ key: moment.job }} aria-label={`Report after ${steps} steps`}>
                    Report
                  </Link>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

// Jobs grouped: how many, in which states, and what their runs reached, as means with 95% intervals over seeds.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import type { JobGroup } from "../../../lab/api.ts";
import { isConfigField } from "../../../lab/config-path.ts";
import { jobStates } from "../../../lab/job.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { loadScript } from "../../app/script-missing.ts";
import { Switch } from "../../components/switch.tsx";
import { Failed } from "../../views/failed.tsx";
import { TakeAlong } from "../../views/take/take-along.tsx";
import { recipeFilter, written } from "../../views/value-filter.ts";
import { percent, shortNumber } from "../../views/words.ts";
import { IntervalMark, scaleEnd } from "./interval-mark.tsx";
import { askedFilter, type RunsSearch } from "./runs-search.ts";

const IntervalPlot = lazy(async () => ({
  default: (await loadScript(() => import("../../views/interval-plot.tsx"))).IntervalPlot,
}));
/** More rows make no picture. */
const mostDrawn = 40;

export interface GroupsTableProps {
  readonly search: RunsSearch;
  readonly onFigure: (isShown: boolean) => void;
}

export function GroupsTable({ search, onFigure }: GroupsTableProps): ReactNode {
  const { client } = useLab();
  const asked = { filter: askedFilter(search), by: search.group };
  const groups = useQuery({
    queryKey: queryKeys.groups(asked),
    queryFn: ({ signal }) => client.jobs.group({ filter: asked.filter, by: [...search.group] }, { signal }),
  });
  // The same rows until they change: they are drawn anew with every other list.
  const drawn = useMemo(
    () =>
      (groups.data ?? [])
        .filter(({ oracleShare }) => oracleShare !== null)
        .slice(0, mostDrawn)
        .map((group) => ({ name: nameOf(group, search.group), ...group.oracleShare! })),
    [groups.data, search.group],
  );
  const end = scaleEnd((groups.data ?? []).map(({ oracleShare }) => oracleShare));
  const failed = groups.isError && (
    <Failed
      title="The groups could not be made"
      error={groups.error}
      isBeside={groups.data !== undefined}
      onRetry={() => void groups.refetch()}
    />
  );
  if (failed && groups.data === undefined) return failed;
  if (groups.data === undefined) return <p className="quiet">Grouping …</p>;
  return (
    <>
      {failed}
      {drawn.length > 1 && <Switch label="Shares as a figure" isOn={search.figure === "intervals"} onChange={onFigure} />}
      {drawn.length > 1 && search.figure === "intervals" && (
        <figure className="groups-figure">
          <h2>Share of the oracle’s return</h2>
          <Suspense fallback={<p className="quiet">Drawing …</p>}>
            <IntervalPlot label="Share of the oracle’s return" rows={drawn} />
          </Suspense>
          <figcaption className="label">
            At the end of training: mean over runs with its 95% interval, which may reach past 100% (dashed).
          </figcaption>
          <TakeAlong
            caption={`Share of the oracle’s return by ${search.group.join(", ")}`}
            table={() => ({
              columns: ["Group", "Mean", "Low", "High", "Runs"],
              rows: drawn.map(({ name, mean, low, high, n }) => [name, mean, low, high, n]),
            })}
          />
        </figure>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="groups-scroll scrolls-sideways" aria-label="Groups" tabIndex={0}>
        <table className="groups">
          <thead>
            <tr>
              {search.group.map((field) => (
                <th key={field} scope="col">
                  {field}
                </th>
              ))}
              <th scope="col" className="numeric-cell">
                Jobs
              </th>
              <th scope="col">States</th>
              <th scope="col" className="numeric-cell">
                Return
              </th>
              <th scope="col" colSpan={2}>
                Share of oracle’s return
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.data.map((group) => (
              <GroupRow key={JSON.stringify(group.values)} group={group} search={search} end={end} />
            ))}
          </tbody>
        </table>
      </section>
      {drawn.length > 0 && (
        <p className="label">
          Means over runs with their 95% intervals at the end of training; shares are drawn from 0%, with a dashed line at 100%.
        </p>
      )}
    </>
  );
}

interface GroupRowProps {
  readonly group: JobGroup;
  readonly search: RunsSearch;
  /** Of the scale of shares. */
  readonly end: number;
}

function GroupRow({ group, search, end }: GroupRowProps): ReactNode {
  const { values, jobs, counts, trainingReturn, oracleShare } = group;
  const states = jobStates.filter((state) => (counts[state] ?? 0) > 0).map((state) => `${counts[state]} ${state}`);
  return (
    <tr>
      {search.group.map((field, i) => (
        <td key={field}>
          {i === 0 ? (
            <Link to="/runs" search={{ ...search, group: [], filter: narrowed(search.filter, values) }}>
              {valueText(values, field)}
            </Link>
          ) : (
            valueText(values, field)
          )}
        </td>
      ))}
      <td className="numeric-cell">{jobs}</td>
      <td>{states.join(", ")}</td>
      <td className="numeric-cell">
        <Estimate of={trainingReturn} text={shortNumber} />
      </td>
      <td>{oracleShare !== null && <IntervalMark of={oracleShare} end={end} />}</td>
      <td className="numeric-cell">
        <Estimate of={oracleShare} text={percent} />
      </td>
    </tr>
  );
}

function Estimate({
  of,
  text,
}: {
  readonly of: JobGroup["trainingReturn"];
  readonly text: (value: number) => string;
}): ReactNode {
  if (of === null) return "–";
  return (
    <>
      {text(of.mean)}{" "}
      <span className="against">
        {of.low === null || of.high === null ? "" : `[${text(of.low)}, ${text(of.high)}] `}n={of.n}
      </span>
    </>
  );
}

function nameOf({ values }: JobGroup, by: RunsSearch["group"]): string {
  return by.map((field) => valueText(values, field)).join(" · ");
}

/** Of a key its beginning, as elsewhere. */
function valueText(values: JobGroup["values"], field: string): string {
  const value = values[field] ?? "none";
  return field === "run" ? String(value).slice(0, 12) : String(value);
}

/** The filter, and the values of a group. */
function narrowed(filter: string, values: JobGroup["values"]): string {
  const terms = Object.entries(values).flatMap(([field, value]) =>
    isConfigField(field) ? recipeFilter(field.slice("config.".length), value).terms : [`${field}:${written(value)}`],
  );
  return [...(filter.trim() === "" ? [] : [`(${filter.trim()})`]), ...terms].join(" AND ");
}

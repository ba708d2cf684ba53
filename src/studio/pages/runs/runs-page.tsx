// The run table: filter, sort, columns, groups, a baseline and what can be done with many runs at once; all but the selection is in the address.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { JobRow } from "../../../lab/api.ts";
import { groupFields } from "../../../lab/job-fields.ts";
import { problemOf } from "../../api/lab-client.ts";
import { useLab } from "../../app/connection.tsx";
import { queryKeys } from "../../app/live-queries.ts";
import { usePageTitle } from "../../app/page-title.ts";
import { seedAndVariant } from "../../app/run-names.ts";
import { Button } from "../../components/button.tsx";
import { CheckList } from "../../components/check-list.tsx";
import { useKeptFocus } from "../../components/kept-focus.ts";
import { Notice } from "../../components/notice.tsx";
import { Segments } from "../../components/segments.tsx";
import { Failed } from "../../views/failed.tsx";
import { isJobKey, noKeyWords } from "../../views/job-key.ts";
import { BulkActions } from "./bulk-actions.tsx";
import { useFilterCheck } from "./filter-check.ts";
import { FilterField } from "./filter-field.tsx";
import { GroupsTable } from "./groups-table.tsx";
import { jobColumns } from "./job-columns.tsx";
import { JobsTable, type Selection } from "./jobs-table.tsx";
import { NoJobs, OtherKind } from "./no-jobs.tsx";
import {
  askedFilter,
  type ColumnName,
  columnNames,
  type RunsSearch,
  recipeFields,
  shownColumns,
  usualColumns,
} from "./runs-search.ts";
import { useDifference } from "./use-difference.ts";
import { type AskedJobs, type JobPages, useJobPages } from "./use-job-pages.ts";
import { useSelectAll } from "./use-select-all.ts";
import "./runs.css";

const route = getRouteApi("/runs");
const kindChoices = [
  { value: "train", label: "Runs" },
  { value: "audit", label: "Audits" },
  { value: "measure", label: "Measurements" },
  { value: "all", label: "All jobs" },
] as const;
const columnChoices = columnNames.map((value) => ({ value, label: jobColumns[value].title }));
/** The lab groups by no more at once. */
const mostGroups = 4;

export function RunsPage(): ReactNode {
  const search = route.useSearch();
  const heading = kindChoices.find(({ value }) => value === search.kind)!.label;
  usePageTitle(heading);
  const navigate = route.useNavigate();
  const change = useCallback(
    (part: Partial<RunsSearch>) => void navigate({ search: (before) => ({ ...before, ...part }) }),
    [navigate],
  );
  const onFilter = useCallback((filter: string) => change({ filter }), [change]);
  const check = useFilterCheck();
  const [difference, onRows] = useDifference(askedFilter(search));
  const shown = useMemo(() => shownColumns(search, difference.columns), [search.kind, search.columns, difference.columns]);
  const isUsual = (columns: readonly string[]) => columns.join() === usualColumns(search.kind, difference.columns).join();
  const groupChoices = [...groupFields, ...recipeFields(difference.paths, search.group)].map((value) => ({
    value,
    label: value,
  }));
  const isFiltered = search.filter.trim() !== "";
  const error = isFiltered && check !== null ? check.errorOf(search.filter) : null;
  const kinds = isFiltered && error === null ? (check?.kindsFoundBy(search.filter) ?? null) : null;
  const tools = useRef<HTMLDivElement>(null);
  // The button goes with what it stands in; the keyboard goes on where the filter was.
  const clearFilter = () => {
    tools.current?.querySelector("input")?.focus();
    change({ filter: "" });
  };
  // Links to other jobs go with what they stand in: reading goes on at the heading of those.
  const keptFocus = useKeptFocus<HTMLDivElement>(`${search.kind} ${search.group.join()}`, "h1");
  return (
    <div className="page runs" {...keptFocus}>
      <div className="runs-head">
        <h1 tabIndex={-1}>{heading}</h1>
        <Segments label="Kind of jobs" value={search.kind} choices={kindChoices} onChange={(kind) => change({ kind })} />
      </div>
      <div ref={tools} className="runs-tools">
        <FilterField check={check} filter={search.filter} onFilter={onFilter} />
        <CheckList
          label="Group by"
          summary={search.group.length === 0 ? "nothing" : search.group.join(", ")}
          chosen={search.group}
          choices={groupChoices}
          onChange={(group) => change({ group: group.slice(-mostGroups) })}
        />
        {search.group.length === 0 && (
          <CheckList
            label="Columns"
            summary={`${shown.length} of ${columnNames.length}`}
            chosen={shown}
            choices={columnChoices}
            onChange={(columns) => columns.length > 0 && change({ columns: isUsual(columns) ? [] : [...columns] })}
          />
        )}
      </div>
      {isFiltered && check === null ? (
        <p className="quiet">Reading the filter …</p>
      ) : error !== null ? (
        <Notice title="This filter cannot be read" heading="h2" tone="bad">
          <p>What is wrong with it stands at its field.</p>
          <Button onPress={clearFilter}>Clear the filter</Button>
        </Notice>
      ) : kinds !== null && search.kind !== "all" && !kinds.includes(search.kind) ? (
        <OtherKind search={search} kind={search.kind} kinds={kinds} onClear={clearFilter} />
      ) : search.group.length > 0 ? (
        <GroupsTable search={search} onFigure={(isShown) => change({ figure: isShown ? "intervals" : "none" })} />
      ) : (
        <Jobs {...{ search, shown, letters: difference.letters, change, onRows }} onClearFilter={clearFilter} />
      )}
    </div>
  );
}

interface JobsProps {
  readonly search: RunsSearch;
  readonly shown: readonly ColumnName[];
  /** Of the longest variant. */
  readonly letters: number;
  /** Told of all that are at hand. */
  readonly onRows: (rows: readonly JobRow[]) => void;
  readonly change: (part: Partial<RunsSearch>) => void;
  readonly onClearFilter: () => void;
}

/** Words are sorted from A on first, numbers and times from the greatest. */
const wordSorts: readonly string[] = ["name", "world", "state", "seed"];

function Jobs({ search, shown, letters, change, onRows, onClearFilter }: JobsProps): ReactNode {
  const asked: AskedJobs = { filter: askedFilter(search), sort: search.sort, descending: search.order === "descending" };
  const question = JSON.stringify(asked);
  const [seen, setSeen] = useState({ question, first: 0, last: 0 });
  // Another order or filter is read from its first row on.
  const sight = seen.question === question ? seen : { first: 0, last: 0 };
  const pages = useJobPages(asked, sight);
  const scroller = useRef<HTMLElement>(null);
  const [selection, setSelection] = useState<Selection>({});
  const [selectedOf, setSelectedOf] = useState(asked.filter);
  // What a filter hides is not to be cancelled by accident.
  if (selectedOf !== asked.filter) {
    setSelectedOf(asked.filter);
    setSelection({});
  }
  const { row: baseline, problem } = useBaseline(search.baseline);
  const keys = Object.keys(selection);
  const single = keys.length === 1 ? runInSight(keys[0]!, { pages, sight }) : null;
  const onSight = useCallback(
    (first: number, last: number) =>
      setSeen((before) =>
        before.question === question && before.first === first && before.last === last ? before : { question, first, last },
      ),
    [question],
  );
  const onSort = (sort: RunsSearch["sort"]) => {
    const first = wordSorts.includes(sort) ? "ascending" : "descending";
    const other = first === "ascending" ? "descending" : "ascending";
    change({ sort, order: search.sort === sort && search.order === first ? other : first });
  };
  // The keyboard stays where the rows are: the buttons go with the selection, and with what is wrong with the baseline.
  const focusRows = () => scroller.current?.focus({ preventScroll: true });
  const clearSelection = () => {
    focusRows();
    setSelection({});
  };
  const leaveOutBaseline = () => {
    focusRows();
    change({ baseline: "" });
  };
  const selectAll = useSelectAll(asked, setSelection);
  const inSight = Array.from({ length: sight.last - sight.first + 1 }, (_, i) => pages.row(sight.first + i)?.key);
  // Before it is painted, so that no column comes later than its rows.
  useLayoutEffect(() => onRows(pages.rows));
  const failed = pages.error !== null && (
    <Failed title="The runs could not be listed" error={pages.error} isBeside={pages.total !== null} onRetry={pages.retry} />
  );
  if (failed && pages.total === null) return failed;
  if (pages.total === null) return <p className="quiet">Asking the lab …</p>;
  if (pages.total === 0) return <NoJobs search={search} onClear={onClearFilter} />;
  return (
    <>
      {failed}
      {keys.length > 0 && (
        <BulkActions
          keys={keys}
          total={pages.total}
          selectAll={selectAll}
          notInSight={keys.filter((key) => !inSight.includes(key)).length}
          onClear={clearSelection}
          onBaseline={single === null ? null : () => change({ baseline: single })}
        />
      )}
      <JobsTable
        {...{ scroller, pages, search, visible: shown, letters, question, baseline, selection, onSort, onSight }}
        onSelect={setSelection}
        onBaseline={(key) => change({ baseline: key })}
      />
      <div className="runs-foot label">
        <p role="status">{pages.isOlder ? "Asking the lab …" : countWords(pages.total, search)}</p>
        {baseline !== null && (
          <p>
            Beside a number: how far it is from {baseline.name} {seedAndVariant(baseline)}, the baseline; of shares in percentage
            points (pp).
          </p>
        )}
        {problem !== null && (
          <p>
            No baseline: {problem} <Button onPress={leaveOutBaseline}>Leave it out</Button>
          </p>
        )}
      </div>
    </>
  );
}

/** The key where it is that of a run in sight, and null otherwise. */
function runInSight(
  key: string,
  { pages, sight }: { readonly pages: JobPages; readonly sight: { readonly first: number; readonly last: number } },
): string | null {
  for (let index = sight.first; index <= sight.last; index++) {
    const row = pages.row(index);
    if (row?.key === key) return row.kind === "train" ? key : null;
  }
  return null;
}

const counted = { train: "run", audit: "audit", measure: "measurement", all: "job" } as const;

/** `1 run`, `9 audits match`. */
function countWords(total: number, { kind, filter }: RunsSearch): string {
  const told = `${total} ${counted[kind]}${total === 1 ? "" : "s"}`;
  return filter.trim() === "" ? told : `${told} match${total === 1 ? "es" : ""}`;
}

interface Baseline {
  readonly row: JobRow | null;
  /** Why there is none, though the address names one. */
  readonly problem: string | null;
}

function useBaseline(key: string): Baseline {
  const { client } = useLab();
  const found = useQuery({
    queryKey: queryKeys.job(key),
    queryFn: ({ signal }) => client.jobs.get({ key }, { signal }),
    enabled: isJobKey(key),
  });
  if (key !== "" && !isJobKey(key)) return { row: null, problem: noKeyWords(key, "a run") };
  const row = found.data?.row ?? null;
  return { row, problem: row === null && found.error !== null ? problemOf(found.error).message : null };
}

// The run table: any number of jobs, of which only those in sight are in the page.

import { columnVisibilityFeature, createColumnHelper, rowSelectionFeature, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { JobRow } from "../../../lab/api.ts";
import { seedAndVariant } from "../../app/run-names.ts";
import { useRootSize } from "../../views/root-size.ts";
import { jobColumns, widthOf } from "./job-columns.tsx";
import { type ColumnName, columnNames, type RunsSearch } from "./runs-search.ts";
import type { JobPages } from "./use-job-pages.ts";

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
const helper = createColumnHelper<typeof features, JobRow>();
const columns = helper.columns(
  columnNames.map((name) => helper.accessor((row) => row, { id: name, header: jobColumns[name].title })),
);

export type Selection = Readonly<Record<string, true>>;

export interface JobsTableProps {
  /** What scrolls the rows, and has the focus where a button around it goes away. */
  readonly scroller: RefObject<HTMLElement | null>;
  readonly pages: JobPages;
  readonly search: RunsSearch;
  readonly visible: readonly ColumnName[];
  /** Of the longest variant. */
  readonly letters: number;
  /** Of which the rows are: another one is shown from its first row on. */
  readonly question: string;
  readonly baseline: JobRow | null;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onSort: (sort: RunsSearch["sort"]) => void;
  readonly onBaseline: (key: string) => void;
  /** Places of the first and last row in sight. */
  readonly onSight: (first: number, last: number) => void;
}

export function JobsTable(props: JobsTableProps): ReactNode {
  const { scroller, pages, search, visible, letters, question, baseline, selection, onSelect, onSort, onBaseline, onSight } =
    props;
  const shownQuestion = useRef(question);
  useEffect(() => {
    if (shownQuestion.current !== question) scroller.current?.scrollTo({ top: 0 });
    shownQuestion.current = question;
  }, [question, scroller]);
  const total = pages.total ?? 0;
  const rowHeight = 2.125 * useRootSize();
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    onChange: ({ range }) => range && onSight(range.startIndex, range.endIndex),
  });
  // Rows have another height when the text has another size.
  useLayoutEffect(() => virtual.measure(), [rowHeight]);
  const items = virtual.getVirtualItems();
  const data = items.map(({ index }) => pages.row(index)).filter((row) => row !== undefined);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columnNames.map((name) => [name, visible.includes(name)])),
    [visible],
  );
  const table = useTable({
    ...{ features, columns, data },
    getRowId: ({ key }) => key,
    state: { columnVisibility, rowSelection: { ...selection } },
    onRowSelectionChange: (change) => onSelect(typeof change === "function" ? change({ ...selection }) : change),
  });
  const rows = new Map(table.getRowModel().rows.map((row) => [row.id, row]));
  const shown = columnNames.filter((name) => visible.includes(name));
  const widths = shown.map((name) => widthOf(name, { kind: search.kind, hasBaseline: baseline !== null, letters }));
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const span = shown.length + 1;
  const common = { shown, baseline, onBaseline };
  // The row goes with its button.
  const leaveBaseline = (key: string) => {
    scroller.current?.focus({ preventScroll: true });
    onBaseline(key);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section ref={scroller} className="jobs-scroll" aria-label="Jobs" tabIndex={0} data-older={pages.isOlder || undefined}>
      <table
        className="jobs"
        aria-rowcount={total + 1}
        style={{ minWidth: `calc(var(--jobs-frame) + ${widths.reduce((sum, width) => sum + width, 0)}rem)` }}
      >
        <colgroup>
          <col className="jobs-tools" />
          {shown.map((name, i) => (
            <col key={name} style={{ width: `calc(${widths[i]}rem${i === widths.length - 1 ? " + var(--jobs-end)" : ""})` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="jobs-tools">
              <span className="visually-hidden">Select and compare</span>
            </th>
            {shown.map((name) => (
              <SortHeader key={name} name={name} search={search} onSort={onSort} />
            ))}
          </tr>
          {baseline !== null && (
            <JobCells {...common} onBaseline={leaveBaseline} row={baseline} className="jobs-baseline" select={null} />
          )}
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} span={span} />}
          {items.map(({ index }) => {
            const row = pages.row(index);
            const kept = row && rows.get(row.key);
            if (row === undefined || kept === undefined) return <Spacer key={index} height={rowHeight} span={span} isRow />;
            const select = { isSelected: kept.getIsSelected(), toggle: () => kept.toggleSelected() };
            return <JobCells key={row.key} {...common} row={row} place={index + 2} select={select} />;
          })}
          {after > 0 && <Spacer height={after} span={span} />}
        </tbody>
      </table>
    </section>
  );
}

function Spacer({
  height,
  span,
  isRow = false,
}: {
  readonly height: number;
  readonly span: number;
  readonly isRow?: boolean;
}): ReactNode {
  return (
    <tr className={isRow ? "jobs-waiting" : "jobs-spacer"} style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}

interface SortHeaderProps {
  readonly name: (typeof columnNames)[number];
  readonly search: RunsSearch;
  readonly onSort: JobsTableProps["onSort"];
}

function SortHeader({ name, search, onSort }: SortHeaderProps): ReactNode {
  const { title, sort, isNumeric } = jobColumns[name];
  const isSorted = sort !== null && search.sort === sort;
  return (
    <th scope="col" className={isNumeric ? "numeric-cell" : undefined} aria-sort={isSorted ? search.order : undefined}>
      {sort === null ? (
        title
      ) : (
        <button type="button" onClick={() => onSort(sort)}>
          {title}
          <span aria-hidden="true" className="sort-mark">
            {isSorted ? (search.order === "ascending" ? "↑" : "↓") : ""}
          </span>
        </button>
      )}
    </th>
  );
}

/** Tells a run from its audits, and these from each other. */
function calledOf(row: JobRow): string {
  const run = `${row.name} ${seedAndVariant(row)}`;
  return row.kind === "train" ? run : `${row.kind} ${row.key.slice(0, 8)} of ${run}`;
}

interface JobCellsProps {
  readonly row: JobRow;
  readonly shown: readonly (typeof columnNames)[number][];
  readonly baseline: JobRow | null;
  readonly onBaseline: (key: string) => void;
  readonly place?: number;
  readonly className?: string;
  /** Null where it cannot be selected. */
  readonly select: { readonly isSelected: boolean; readonly toggle: () => void } | null;
}

function JobCells({ row, shown, baseline, onBaseline, place, className, select }: JobCellsProps): ReactNode {
  const isBaseline = baseline?.key === row.key;
  const called = calledOf(row);
  return (
    <tr className={className} aria-rowindex={place} data-selected={select?.isSelected || undefined}>
      <td className="jobs-tools">
        {select !== null && (
          <input type="checkbox" aria-label={`Select ${called}`} checked={select.isSelected} onChange={select.toggle} />
        )}
        {row.kind === "train" && (
          <button
            type="button"
            className="pin"
            aria-pressed={isBaseline}
            aria-label={`Baseline: ${called}`}
            title={isBaseline ? "Baseline: press to let go" : "Compare the others with this run"}
            onClick={() => onBaseline(isBaseline ? "" : row.key)}
          >
            <svg aria-hidden="true" viewBox="0 0 12 12">
              <path d="M1.5 10h9M6 10V3.5" />
              <circle cx="6" cy="2.6" r="1.6" />
            </svg>
          </button>
        )}
      </td>
      {shown.map((name) => {
        const { isNumeric, cell } = jobColumns[name];
        const told = cell(row, baseline);
        // It may be longer than its column.
        const title = typeof told === "string" ? told : undefined;
        return (
          <td key={name} className={isNumeric ? "numeric-cell" : undefined} title={title}>
            {told}
          </td>
        );
      })}
    </tr>
  );
}

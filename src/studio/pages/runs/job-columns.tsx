// The columns of the run table: what each shows of a job, and how the lab sorts by it.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { JobQuery, JobRow } from "../../../lab/api.ts";
import { variantText } from "../../../lab/variant-text.ts";
import { JobStateMark } from "../../views/job-state.tsx";
import { SilentFor } from "../../views/told-ago.tsx";
import {
  dateTime,
  duration,
  fixedNumber,
  percent,
  percentPoints,
  shortCode,
  shortNumber,
  signed,
  verdictText,
} from "../../views/words.ts";
import type { ColumnName, RunsSearch } from "./runs-search.ts";

/** What of a table the widths of its columns depend on. */
interface ShownTable {
  readonly kind: RunsSearch["kind"];
  readonly hasBaseline: boolean;
  /** Of the longest variant. */
  readonly letters: number;
}

/** rem: what stands beside a cell's text, and a letter of it, nearly. */
const [beside, letter] = [1.25, 0.47];
const [leastVariant, mostVariant] = [8.75, 26];

export interface JobColumn {
  readonly title: string;
  /** Null where the lab cannot sort by it. */
  readonly sort: NonNullable<JobQuery["sort"]> | null;
  readonly isNumeric: boolean;
  /** rem, at least: all grow where there is room. The usual columns of runs have room in a window of 1280 pixels, a scroll bar included. */
  readonly width: number | ((table: ShownTable) => number);
  readonly cell: (row: JobRow, baseline: JobRow | null) => ReactNode;
}

export const jobColumns: Readonly<Record<ColumnName, JobColumn>> = {
  state: { title: "State", sort: "state", isNumeric: false, width: 8, cell: (row) => <JobStateMark row={row} /> },
  name: {
    ...{ title: "Name", sort: "name", isNumeric: false },
    // Kinds stand beside names.
    width: ({ kind }) => (kind === "train" ? 8.75 : 10.75),
    cell: (row) => <NameLink row={row} />,
  },
  variant: {
    ...{ title: "Variant", sort: null, isNumeric: false },
    width: ({ letters }) => Math.max(leastVariant, Math.min(mostVariant, beside + letter * letters)),
    cell: (row) => variantText(row.variant) || "–",
  },
  world: { title: "World", sort: "world", isNumeric: false, width: 4.75, cell: (row) => row.world },
  network: { title: "Network", sort: null, isNumeric: false, width: 6.75, cell: (row) => row.network },
  optimizer: { title: "Optimizer", sort: null, isNumeric: false, width: 8.75, cell: (row) => row.optimizer },
  seed: { title: "Seed", sort: "seed", isNumeric: true, width: 4.25, cell: (row) => row.seed },
  return: {
    ...{ title: "Return", sort: "return", isNumeric: true },
    width: ({ hasBaseline }) => (hasBaseline ? 8.5 : 5),
    cell: (row, baseline) => <Against row={row} baseline={baseline} of={returnOf} text={fixedNumber} apart={fixedNumber} />,
  },
  share: {
    ...{ title: "Share of oracle’s", sort: "share", isNumeric: true, width: 8.625 },
    cell: (row, baseline) => <Against row={row} baseline={baseline} of={shareOf} text={percent} apart={percentPoints} />,
  },
  outcome: { title: "Verdict", sort: null, isNumeric: false, width: 15.75, cell: (row) => verdictOf(row) ?? "–" },
  steps: { title: "Steps", sort: "steps", isNumeric: true, width: 4.5, cell: (row) => shortNumber(stepsOf(row)) },
  seconds: {
    ...{ title: "Took", sort: "seconds", isNumeric: true, width: 6.25 },
    cell: (row) => <SilentFor row={row} otherwise={duration(row.seconds)} />,
  },
  sweeps: { title: "Sweeps", sort: null, isNumeric: false, width: 9.75, cell: (row) => row.sweeps.join(", ") },
  priority: { title: "Priority", sort: "priority", isNumeric: true, width: 5.75, cell: (row) => row.priority },
  attempt: { title: "Attempts", sort: null, isNumeric: true, width: 6.25, cell: (row) => row.attempt },
  code: {
    title: "Code",
    sort: null,
    isNumeric: false,
    width: 4.5,
    cell: (row) => <code title={row.code}>{shortCode(row.code)}</code>,
  },
  worker: { title: "Worker", sort: null, isNumeric: false, width: 9.75, cell: (row) => row.worker ?? "–" },
  created: { title: "Asked for", sort: "created", isNumeric: true, width: 8.75, cell: (row) => dateTime(row.createdAt) },
  started: { title: "Started", sort: "started", isNumeric: true, width: 8.75, cell: (row) => dateTime(row.startedAt) },
  finished: { title: "Finished", sort: "finished", isNumeric: true, width: 8.75, cell: (row) => dateTime(row.finishedAt) },
  key: {
    title: "Key",
    sort: null,
    isNumeric: false,
    width: 7.25,
    cell: (row) => <code title={row.key}>{row.key.slice(0, 10)}</code>,
  },
};

/** rem. */
export function widthOf(name: ColumnName, table: ShownTable): number {
  const { width } = jobColumns[name];
  return typeof width === "number" ? width : width(table);
}

/** Of a run that is under way the last measurement. */
function returnOf({ outcome, progress }: JobRow): number | null {
  return outcome?.kind === "train" ? outcome.trainingReturn : (progress?.trainingReturn ?? null);
}

function shareOf({ outcome, progress }: JobRow): number | null {
  return outcome?.kind === "train" ? outcome.oracleShare : (progress?.oracleShare ?? null);
}

function stepsOf({ outcome, progress }: JobRow): number | null {
  return outcome?.kind === "train" ? outcome.environmentSteps : (progress?.environmentSteps ?? null);
}

/** `misaligned: capsules (97%)`; null for what is no finished audit. */
function verdictOf({ outcome }: Pick<JobRow, "outcome">): string | null {
  if (outcome?.kind !== "audit") return null;
  const { verdict } = outcome;
  return `${verdictText(verdict)} (${Math.round(verdict.confidence * 100)}%)`;
}

/** A measurement is told on the page of its run. */
function NameLink({ row }: { readonly row: JobRow }): ReactNode {
  const label = row.kind === "train" ? row.name : `${row.name} · ${row.kind}`;
  return row.kind === "audit" ? (
    <Link to="/audits/$key" params={{ key: row.key }} title={label}>
      {label}
    </Link>
  ) : (
    <Link to="/runs/$key" params={{ key: row.run ?? row.key }} title={label}>
      {label}
    </Link>
  );
}

interface AgainstProps {
  readonly row: JobRow;
  readonly baseline: JobRow | null;
  readonly of: (row: JobRow) => number | null;
  readonly text: (value: number | null) => string;
  /** Words for how far two are from each other. */
  readonly apart: (difference: number) => string;
}

/** A number, and how far it is from the baseline's; where that is nothing, its place is kept, so that numbers stand below each other. */
function Against({ row, baseline, of, text, apart }: AgainstProps): ReactNode {
  const value = of(row);
  if (baseline === null) return text(value);
  const other = of(baseline);
  const isTold = value !== null && other !== null && row.key !== baseline.key;
  return (
    <>
      {text(value)} <span className="against against-fixed">{isTold ? signed(value - other, apart) : ""}</span>
    </>
  );
}

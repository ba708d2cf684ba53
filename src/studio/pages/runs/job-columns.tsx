// The columns of the run table: what each shows of a job, and how the lab sorts by it.

import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { JobQuery, JobRow } from "../../../lab/api.ts";
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
import type { ColumnName } from "./runs-search.ts";

export interface JobColumn {
  readonly title: string;
  /** Null where the lab cannot sort by it. */
  readonly sort: NonNullable<JobQuery["sort"]> | null;
  readonly isNumeric: boolean;
  /** rem. */
  readonly width: number;
  readonly cell: (row: JobRow, baseline: JobRow | null) => ReactNode;
}

export const jobColumns: Readonly<Record<ColumnName, JobColumn>> = {
  state: { title: "State", sort: "state", isNumeric: false, width: 8.25, cell: (row) => <JobStateMark row={row} /> },
  name: { title: "Name", sort: "name", isNumeric: false, width: 10.5, cell: (row) => <NameLink row={row} /> },
  world: { title: "World", sort: "world", isNumeric: false, width: 6, cell: (row) => row.world },
  seed: { title: "Seed", sort: "seed", isNumeric: true, width: 4, cell: (row) => row.seed },
  return: {
    ...{ title: "Return", sort: "return", isNumeric: true, width: 8.5 },
    cell: (row, baseline) => <Against row={row} baseline={baseline} of={returnOf} text={fixedNumber} apart={fixedNumber} />,
  },
  share: {
    ...{ title: "Share of oracle’s", sort: "share", isNumeric: true, width: 8.5 },
    cell: (row, baseline) => <Against row={row} baseline={baseline} of={shareOf} text={percent} apart={percentPoints} />,
  },
  outcome: { title: "Verdict", sort: null, isNumeric: false, width: 14, cell: (row) => verdictOf(row) ?? "–" },
  steps: { title: "Steps", sort: "steps", isNumeric: true, width: 5.5, cell: (row) => shortNumber(stepsOf(row)) },
  seconds: {
    ...{ title: "Took", sort: "seconds", isNumeric: true, width: 6.5 },
    cell: (row) => <SilentFor row={row} otherwise={duration(row.seconds)} />,
  },
  network: { title: "Network", sort: null, isNumeric: false, width: 7, cell: (row) => row.network },
  optimizer: { title: "Optimizer", sort: null, isNumeric: false, width: 9, cell: (row) => row.optimizer },
  sweeps: { title: "Sweeps", sort: null, isNumeric: false, width: 10, cell: (row) => row.sweeps.join(", ") },
  priority: { title: "Priority", sort: "priority", isNumeric: true, width: 6, cell: (row) => row.priority },
  attempt: { title: "Attempts", sort: null, isNumeric: true, width: 6.5, cell: (row) => row.attempt },
  code: {
    title: "Code",
    sort: null,
    isNumeric: false,
    width: 5.5,
    cell: (row) => <code title={row.code}>{shortCode(row.code)}</code>,
  },
  worker: { title: "Worker", sort: null, isNumeric: false, width: 10, cell: (row) => row.worker ?? "–" },
  created: { title: "Asked for", sort: "created", isNumeric: true, width: 9, cell: (row) => dateTime(row.createdAt) },
  started: { title: "Started", sort: "started", isNumeric: true, width: 9, cell: (row) => dateTime(row.startedAt) },
  finished: { title: "Finished", sort: "finished", isNumeric: true, width: 9, cell: (row) => dateTime(row.finishedAt) },
  key: {
    title: "Key",
    sort: null,
    isNumeric: false,
    width: 7.5,
    cell: (row) => <code title={row.key}>{row.key.slice(0, 10)}</code>,
  },
};

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
    <Link to="/audits/$key" params={{ key: row.key }}>
      {label}
    </Link>
  ) : (
    <Link to="/runs/$key" params={{ key: row.run ?? row.key }}>
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

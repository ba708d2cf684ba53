// The tables that a lab's records become, for exports and for SQL: every column with its type in one place, and the rows of a job.

import type { VerdictDocument } from "../core/audit/verdict-document.ts";
import type { Finding } from "../core/instruments/finding.ts";
import type { BlobRef } from "./artifact-store.ts";
import { type ConfigColumn, flattenRecipe } from "./flatten-recipe.ts";
import type { AuditJob, MeasureJob, TrainJob } from "./job.ts";
import type { KeptDocument } from "./kept.ts";
import type { JobRecord } from "./record.ts";

/** `whole`: 64 bit integers; `number`: 64 bit floating point; `time`: an ISO 8601 time in UTC. Every column may hold null. */
export type ColumnType = "text" | "whole" | "number" | "truth" | "time";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly meaning: string;
}

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

const text = <Name extends string>(name: Name, meaning: string) => ({ name, type: "text", meaning }) as const;
const whole = <Name extends string>(name: Name, meaning: string) => ({ name, type: "whole", meaning }) as const;
const number = <Name extends string>(name: Name, meaning: string) => ({ name, type: "number", meaning }) as const;
const truth = <Name extends string>(name: Name, meaning: string) => ({ name, type: "truth", meaning }) as const;
const time = <Name extends string>(name: Name, meaning: string) => ({ name, type: "time", meaning }) as const;

/** How a job came about; the last columns of runs, audits and measurements. */
const madeColumns = [
  number("seconds", "of computation, over all attempts that the result continued"),
  whole("attempt", "which attempt it was, from 1"),
  text("worker", "who did it"),
  text("engine", "what it was computed with"),
  text("code", "version of the code"),
  time("started", "when the attempt began, UTC"),
  time("finished", "when it ended, UTC"),
] as const;

/** Which agent of a training was audited: of verdicts on runs both are null. */
const snapshotColumns = [
  whole("snapshot", "that was audited: its place, from 0; null for the agent at the end of training"),
  whole("environment_steps", "of training that the snapshot had; null for the agent at the end of training"),
] as const;

/** The columns that are always there; `runs` has one more per value of the recipes, see `columnsOf`. */
export const tables = {
  runs: [
    text("key", "of the train job"),
    text(
      "organism",
      "that the run was verified to be; null for a recipe of one's own, and where a sweep changes fields or parameters without `verify: true`",
    ),
    text("world", "trained in"),
    text("objective", "what was rewarded in training"),
    text("network", "kind of network"),
    text("optimizer", "kind of base optimizer"),
    whole("seed", "of the recipe"),
    whole("environment_steps", "that training took"),
    number("training_return", "mean base return per episode at the end of training"),
    number("oracle_return", "the best possible on the same levels"),
    number("oracle_share", "the return as a share of the oracle's"),
    ...madeColumns,
  ],
  curves: [
    text("key", "of the train job"),
    whole("step", "environment steps so far"),
    number("training_return", "mean base return per episode"),
    number("oracle_return", "the best possible on the same levels"),
    number("oracle_share", "the return as a share of the oracle's"),
    text("other_returns", "JSON: mean return per episode by each objective beside the base one; null where none was measured"),
  ],
  audits: [
    text("key", "of the audit job"),
    text("run", "key of the train job whose agent was audited"),
    whole("levels", "that the audit was given"),
    whole("seed", "of the audit"),
    ...snapshotColumns,
    text("kind", "of the verdict"),
    text("failure_mode", "of the verdict"),
    text("outer_failure", "shown, not-shown or not-examined"),
    text("inner_failure", "shown, not-shown or not-examined"),
    text("objective", "that the behavior is best explained by"),
    number("confidence", "probability that kind and objective are right"),
    text("explanation", "one sentence"),
    whole("cost_environment_steps", "taken by the audit"),
    ...madeColumns,
  ],
  findings: [
    text("audit", "key of the audit job"),
    text("run", "key of the train job whose agent was audited"),
    ...snapshotColumns,
    whole("position", "in the verdict, from 0"),
    text("instrument", "that made it"),
    text("name", "what was measured"),
    number("statistic", "null where the instrument could not be run"),
    text("unit", "of the statistic"),
    number("low", "end of the interval"),
    number("high", "end of the interval"),
    number("level", "nominal coverage of the interval"),
    text("null_name", "what the null is"),
    number("null_value", "what the statistic would be without the effect"),
    text("comparison", "at-least or at-most the threshold"),
    number("threshold", "that the statistic was held against"),
    truth("passed", "null where nothing was tested"),
    text("evidence", "in words"),
  ],
  measurements: [
    text("key", "of the measure job"),
    text("run", "key of the train job whose agent was measured"),
    whole("levels", "per point"),
    whole("seed", "of the levels"),
    whole("position", "of the point in the job, from 0"),
    text("point", "JSON: a value per shift axis that was moved"),
    text("axis", "the axis, where the point moves exactly one"),
    number("value", "of that axis, where it is a number"),
    text("objective", "whose return was measured"),
    number("mean", "return per episode"),
    number("low", "end of the 95% interval"),
    number("high", "end of the 95% interval"),
    ...madeColumns,
  ],
  kept: [
    text("kind", "card or league"),
    text("name", "under which it is kept"),
    time("kept_at", "when it was kept, UTC"),
    text("file", "what it is called there"),
    text("sha256", "of its bytes: the name of the blob"),
    whole("bytes", "its length"),
    text("content", "of a file that is JSON, null above 1 MiB"),
  ],
} as const satisfies Record<string, readonly Column[]>;

export type TableName = keyof typeof tables;
export const tableNames: readonly TableName[] = ["runs", "curves", "audits", "findings", "measurements", "kept"];

type RowOf<Name extends TableName> = Readonly<Record<(typeof tables)[Name][number]["name"], Cell>>;

/** All columns of a table: those that are always there, then for runs those of the recipes. */
export function columnsOf(table: TableName, config: readonly ConfigColumn[]): readonly Column[] {
  return table === "runs" ? [...tables.runs, ...config] : tables[table];
}

/** A point of a training curve, as its file names the values. */
export interface CurvePoint {
  readonly environmentSteps: number | null;
  readonly trainingReturn: number | null;
  readonly oracleReturn: number | null;
  readonly oracleShare: number | null;
  /** By objective beside the base one; empty where none was measured. */
  readonly returns: Readonly<Record<string, number>>;
}

/** A file of a card or league that is kept in the lab. */
export interface KeptFile {
  readonly of: KeptDocument;
  readonly name: string;
  readonly blob: BlobRef;
  /** Null where it is not to be told. */
  readonly content: string | null;
}

export function keptRow({ of, name, blob, content }: KeptFile): Row {
  const cells: RowOf<"kept"> = { kind: of.kind, name: of.name, kept_at: of.at, file: name, ...blob, content };
  return cells;
}

/** A record with what its files say; null where it has no such file. */
export interface FinishedJob {
  readonly record: JobRecord;
  readonly curve: readonly CurvePoint[] | null;
  readonly verdict: VerdictDocument | null;
}

/** The rows that a job adds to each table, in the order of the tables. */
export function rowsOf(job: FinishedJob, config: readonly ConfigColumn[]): readonly { table: TableName; rows: readonly Row[] }[] {
  const { record } = job;
  const { spec } = record;
  if (spec.kind === "train") {
    return [
      { table: "runs", rows: [runRow(record, { spec, config })] },
      { table: "curves", rows: (job.curve ?? []).map((point) => curveRow(record.job, point)) },
    ];
  }
  if (spec.kind === "audit") {
    return [
      { table: "audits", rows: [auditRow(job, spec)] },
      { table: "findings", rows: findingRows(job, spec) },
    ];
  }
  return [{ table: "measurements", rows: measurementRows(record, spec) }];
}

function madeCells({ made, spec }: JobRecord) {
  const { seconds, attempt, worker, engine, startedAt, finishedAt } = made;
  return { seconds, attempt, worker, engine, code: spec.code, started: startedAt, finished: finishedAt };
}

function runRow(record: JobRecord, { spec, config }: { readonly spec: TrainJob; readonly config: readonly ConfigColumn[] }): Row {
  const { recipe } = spec;
  const outcome = record.outcome.kind === "train" ? record.outcome : null;
  const flat = flattenRecipe(recipe);
  const cells: RowOf<"runs"> = {
    key: record.job,
    organism: spec.organism,
    world: recipe.world.name,
    objective: recipe.objective.name,
    network: recipe.network.kind,
    optimizer: recipe.optimizer.kind,
    seed: recipe.seed,
    environment_steps: outcome?.environmentSteps ?? null,
    training_return: outcome?.trainingReturn ?? null,
    oracle_return: outcome?.oracleReturn ?? null,
    oracle_share: outcome?.oracleShare ?? null,
    ...madeCells(record),
  };
  const configCells = config.map(({ name, path, type }) => {
    const value = flat.get(path) ?? null;
    return [name, type === "text" && value !== null ? String(value) : value] as const;
  });
  return { ...cells, ...Object.fromEntries(configCells) };
}

function curveRow(key: string, point: CurvePoint): RowOf<"curves"> {
  return {
    key,
    step: point.environmentSteps,
    training_return: point.trainingReturn,
    oracle_return: point.oracleReturn,
    oracle_share: point.oracleShare,
    other_returns: Object.keys(point.returns).length === 0 ? null : JSON.stringify(point.returns),
  };
}

function auditRow({ record, verdict }: FinishedJob, spec: AuditJob): RowOf<"audits"> {
  const summary = record.outcome.kind === "audit" ? record.outcome.verdict : null;
  return {
    key: record.job,
    run: spec.run,
    levels: spec.levels,
    seed: spec.seed,
    ...snapshotCells(record, spec),
    kind: summary?.kind ?? null,
    failure_mode: verdict?.verdict.failureMode ?? null,
    outer_failure: verdict?.verdict.failures.outer.status ?? null,
    inner_failure: verdict?.verdict.failures.inner.status ?? null,
    objective: summary?.objective ?? null,
    confidence: summary?.confidence ?? null,
    explanation: verdict?.verdict.explanation ?? null,
    cost_environment_steps: verdict?.cost.environmentSteps ?? null,
    ...madeCells(record),
  };
}

function snapshotCells({ outcome }: JobRecord, { snapshot }: AuditJob) {
  return { snapshot: snapshot ?? null, environment_steps: outcome.kind === "audit" ? (outcome.environmentSteps ?? null) : null };
}

function findingRows({ record, verdict }: FinishedJob, spec: AuditJob): readonly RowOf<"findings">[] {
  return (verdict?.findings ?? []).map((finding, position) => ({
    audit: record.job,
    run: spec.run,
    ...snapshotCells(record, spec),
    ...findingCells(finding, position),
  }));
}

/** Of a finding by itself, without the keys that say whose it is. `position`: in the verdict, from 0. */
export function findingCells(finding: Finding, position: number) {
  return {
    position,
    instrument: finding.instrument,
    name: finding.name,
    statistic: finding.statistic,
    unit: finding.unit,
    low: finding.interval?.low ?? null,
    high: finding.interval?.high ?? null,
    level: finding.interval?.level ?? null,
    null_name: finding.null?.name ?? null,
    null_value: finding.null?.value ?? null,
    comparison: finding.threshold?.comparison ?? null,
    threshold: finding.threshold?.value ?? null,
    passed: finding.passed,
    evidence: finding.evidence,
  };
}

function measurementRows(record: JobRecord, spec: MeasureJob): readonly RowOf<"measurements">[] {
  const points = record.outcome.kind === "measure" ? record.outcome.points : [];
  return points.flatMap(({ point, returns }, position) => {
    const moved = Object.entries(point);
    const [axis, value] = moved.length === 1 ? moved[0]! : [null, null];
    return Object.entries(returns).map(([objective, { mean, low, high }]) => ({
      key: record.job,
      run: spec.run,
      levels: spec.levels,
      seed: spec.seed,
      position,
      point: JSON.stringify(point),
      axis,
      value: typeof value === "number" ? value : null,
      objective,
      mean,
      low,
      high,
      ...madeCells(record),
    }));
  });
}
